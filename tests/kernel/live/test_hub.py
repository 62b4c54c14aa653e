"""Who is told of what, and that nobody is told more than there is room for."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.envelope import Envelope, Headers
from contracts.permissions import Role
from kernel.bus.canonical import canonical_json
from kernel.errors import TooMany
from kernel.identity import Principal
from kernel.live.hub import KEPT, MOST_WAITING, Hint, Hub, Listener, LiveFull
from kernel.live.rule import names_of, news_of
from kernel.testing.people import grant, person

LATER = datetime(2030, 1, 1, tzinfo=UTC)
SUBMISSION = "submissions.submission"
THING, UNIT, OTHER_UNIT, OFFICER = (uuid4() for _ in range(4))


def event(kind: str = f"{SUBMISSION}.v1", *, version: int = 1, thing: UUID = THING, **body: Any) -> Envelope:
    return Envelope(
        stream=kind.partition(".")[0], epoch=1, seq=1, event_id=uuid4(), type=kind, aggregate_id=str(thing),
        aggregate_version=version, order_key="k", body=canonical_json(body), headers=Headers(), created_at=LATER,
        content_hash="", prev_hash="", hash="",
    )  # fmt: skip


def officer(officer_id: UUID = OFFICER) -> Principal:
    return person(officer_id=officer_id, unit_id=UNIT, unit_path="JZ/A/")


def assessor(unit: UUID = OTHER_UNIT) -> Principal:
    return person(grant(Role.ASSESSOR, unit, "JZ/"), officer_id=uuid4())


def join(hub: Hub, principal: Principal, last: str | None = None) -> Listener:
    return hub.join(principal, LATER, last)


def test_whom_an_event_names_is_told_which_thing_and_others_of_the_unit_are_not_told_of_a_colleague():
    hub = Hub()
    concerned, colleague = join(hub, officer()), join(hub, officer(uuid4()))
    hub.hear(event(version=3, subject_id=OFFICER, unit_id=uuid4()))
    assert concerned.take() == (False, [Hint(SUBMISSION, str(THING), 3)])
    assert colleague.take() == (False, [])


def test_who_may_see_such_things_by_a_grant_is_told_the_kind_alone():
    hub = Hub()
    far, near = join(hub, assessor()), join(hub, assessor(UNIT))
    hub.hear(event(subject_id=OFFICER, authority_unit_id=UNIT))
    assert far.take() == (False, [Hint(SUBMISSION)])
    assert near.take() == (False, [Hint(SUBMISSION, str(THING), 1)])


def test_without_the_permission_nobody_is_told_even_if_named():
    hub = Hub()
    auditor = person(grant(Role.AUDITOR, UNIT, "JZ/"))
    listener = join(hub, auditor)
    hub.hear(event(unit_id=UNIT))
    assert listener.take() == (False, [])


def test_what_everybody_reads_is_told_to_everybody():
    hub = Hub()
    listener = join(hub, officer())
    hub.hear(event("targets.scheme.v1", version=9))
    assert listener.take() == (False, [Hint("targets.scheme", str(THING), 9)])


def test_many_changes_of_one_thing_are_one_hint_of_its_newest_state():
    hub = Hub()
    listener = join(hub, officer())
    for version in range(1, 50):
        hub.hear(event(version=version, subject_id=OFFICER))
    assert listener.take() == (False, [Hint(SUBMISSION, str(THING), 49)])


def test_who_is_told_too_much_to_keep_asks_again_for_everything():
    hub = Hub()
    listener = join(hub, officer())
    for _ in range(MOST_WAITING + 50):
        hub.hear(event(thing=uuid4(), subject_id=OFFICER))
    assert not listener.waiting
    assert listener.take() == (True, [])
    assert listener.take() == (False, [])


def test_who_comes_back_is_told_what_was_missed_and_after_too_long_to_ask_again():
    hub = Hub()
    me = officer()
    position = hub.position
    hub.hear(event(version=5, subject_id=OFFICER))
    hub.hear(event(version=6, subject_id=uuid4()))
    assert join(hub, me, position).take() == (False, [Hint(SUBMISSION, str(THING), 5)])
    assert join(hub, me, hub.position).take() == (False, [])
    for strange in ("", "x", "0-1", f"{position}9", f"{position.split('-')[0]}--1", "é-１"):
        assert join(hub, officer(uuid4()), strange).take() == (True, []), strange
    for _ in range(KEPT + 1):
        hub.hear(event(thing=uuid4()))
    assert join(hub, me, position).take() == (True, [])


def test_after_the_bus_was_away_everybody_asks_again():
    hub = Hub()
    listener, position = join(hub, officer()), hub.position
    hub.missed_something()
    assert listener.take() == (True, [])
    assert join(hub, officer(uuid4()), position).take() == (True, [])


def test_a_session_that_is_ended_ends_its_pages():
    hub = Hub()
    one, other = join(hub, officer()), join(hub, officer())
    ended = event("org.session.v1", thing=one.principal.session_id, revoked_at="2026-01-01T00:00:00.000000Z")
    hub.hear(ended)
    hub.hear(event("org.session.v1", thing=other.principal.session_id, revoked_at=None))
    assert (one.ended, other.ended) == ("signed-out", None)


def test_an_account_and_a_process_have_room_for_so_many_pages():
    hub = Hub(most=3, most_per_account=2)
    me = officer()
    first = join(hub, me)
    join(hub, me)
    with pytest.raises(TooMany):
        join(hub, me)
    join(hub, officer())
    with pytest.raises(LiveFull):
        join(hub, officer())
    hub.leave(first, "left")
    join(hub, me)


def test_who_left_leaves_nothing_behind():
    hub = Hub()
    for principal in (officer(), assessor()):
        hub.leave(join(hub, principal), "left")
    assert not any((hub._everybody, hub._accounts, hub._by_name, hub._open, hub._vague))


def test_the_names_of_a_person_are_ids_and_news_carry_no_content():
    me = officer()
    assert names_of(me) == {str(me.account_id), str(OFFICER), str(UNIT)}
    news = news_of(event(summary="机密", subject_id=OFFICER, unit_id=UNIT))
    assert news is not None
    assert news.parties == {str(OFFICER), str(UNIT)}
    assert "机密" not in repr(news)
    assert LATER - timedelta(1) < LATER
