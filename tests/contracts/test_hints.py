"""Whoever adds an event says who is told that it happened."""

from contracts.catalog import EVENTS
from contracts.permissions import PERMISSIONS
from kernel.live.rule import OPEN, TOPICS

#: Nobody is told; the gateway ends the streams of a session by it.
UNTOLD = {"org.session"}


def test_every_topic_is_an_event_type_and_asks_for_a_permission_that_exists():
    kinds = {name.rpartition(".")[0] for name in EVENTS}
    assert kinds - set(TOPICS) == UNTOLD
    assert set(TOPICS) <= kinds
    assert set(TOPICS.values()) <= set(PERMISSIONS)
    assert set(TOPICS) >= OPEN
