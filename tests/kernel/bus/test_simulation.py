"""Twenty thousand schedules of trouble, each to be re-played from its seed."""

import pytest

from kernel.bus.protocol import Step
from tests.kernel.bus.simulation import Without, World

SCHEDULES = 20_000
PATIENCE = 2_000
BATCHES = 4


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nothing_is_lost_doubled_or_without_cause(batch: int):
    for seed in range(batch * SCHEDULES // BATCHES, (batch + 1) * SCHEDULES // BATCHES):
        faults = World(seed).run().faults()
        assert not faults, f"seed {seed}: {faults}"


def test_a_broker_that_keeps_its_word_needs_no_pull_beyond_gaps():
    for seed in range(PATIENCE):
        faults = World(seed, push_alone=True).run().faults()
        assert not faults, f"seed {seed}: {faults}"


def test_the_schedules_meet_every_decision_but_damaged_bytes():
    seen = set().union(*(World(seed).run().seen for seed in range(500)))
    assert seen == (set(Step) - {Step.HALT}) | {"reversal"}


@pytest.mark.parametrize("without", [w for w in Without if w is not Without.NOTHING])
def test_each_protection_is_needed(without: Without):
    assert any(World(seed, without).run().faults() for seed in range(PATIENCE)), (
        f"nobody missed the {without}"
    )


def test_the_same_seed_plays_the_same_schedule():
    first, second = World(7).run(), World(7).run()
    assert (first.consumer, first.producer.head) == (second.consumer, second.producer.head)
