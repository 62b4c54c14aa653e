"""After the cut-off a target without accepted work is scored as zero, once, whatever happens afterwards."""

from decimal import Decimal
from typing import Any

import pytest

from contracts.scoring import EntryKind
from contracts.submissions import SubmissionStatus
from contracts.targets import Indicator, TargetStatus
from services.scoring.queries import closing
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk

#: For each case below the target half a mark less.
SHORT = {"type": "step", "base": "0", "step": "1", "below": "-0.5"}
#: Complaints: none is full marks.
FEWER = {"type": "ratio", "full": "10", "direction": "lower_is_better"}


@pytest.fixture
async def punished(desk: Desk) -> Indicator:
    """An indicator that marks down what is missing; an officer has a target of four."""
    indicator = later(desk.bureau.half_each, rule=SHORT, revision=2)
    assert await desk.hear(indicator, desk.bureau.target("an", quantity="4")) == []
    return indicator


async def kinds(desk: Desk) -> list[tuple[int, str]]:
    found = (await desk["office"].get(f"{API}/entries"))["items"]
    return [(item["points_milli"], item["kind"]) for item in found]


async def test_nothing_is_missing_before_the_cut_off(desk: Desk, punished: Indicator):
    early = later(desk.bureau.period, cutoff_at=desk.clock.now().replace(hour=23))
    assert await desk.hear(early) == []
    await desk.close_out()
    assert await desk.entries() == 0


async def test_a_target_without_work_is_marked_down(desk: Desk, punished: Indicator):
    await desk.close_out()
    assert await kinds(desk) == [(-2000, EntryKind.SHORTFALL)]
    assert await desk.total("an") == -2000
    assert (await desk.verified()).holds


async def test_several_shortfalls_of_one_officer_are_one_statement(desk: Desk, punished: Indicator):
    other = later(desk.bureau.completion, rule=SHORT, revision=2)
    assert await desk.hear(other, desk.bureau.target("an", other, "2")) == []
    await desk.close_out()
    assert sorted(await desk.posted("an")) == [-2000, -1000]
    assert await desk.total("an") == -3000
    assert (await desk.verified()).holds


async def test_running_again_posts_nothing(desk: Desk, punished: Indicator):
    await desk.close_out()
    await desk.close_out()
    assert await desk.entries() == 1


async def test_nothing_to_complain_of_is_full_marks_once_the_period_is_over(desk: Desk):
    assert (
        await desk.hear(later(desk.bureau.half_each, rule=FEWER, revision=2), desk.bureau.target("an")) == []
    )
    assert await desk.posted("an") == []
    await desk.close_out()
    assert await desk.posted("an") == [10_000]


async def test_while_something_waits_for_its_decision_the_period_is_not_over(desk: Desk, punished: Indicator):
    goal = desk.bureau.target("bo", quantity="4")
    waiting = desk.bureau.work("bo", goal, accepted=None)
    assert await desk.hear(goal, waiting) == []
    await desk.close_out()
    assert await desk.entries() == 0
    async with desk.db.reading() as session:
        found = {c.code: (c.count, c.blocks) for c in await closing.checks(session, desk.bureau.period.id)}
    assert found["shortfalls-due"] == (1, True)
    refused = later(waiting, status=SubmissionStatus.REFUSED, accepted_quantity=Decimal(0))
    assert await desk.hear(refused) == []
    await desk.close_out()
    assert await kinds(desk) == [(-2000, EntryKind.SHORTFALL)] * 2
    assert (await desk.verified()).holds


async def test_work_accepted_on_appeal_takes_the_shortfall_back(desk: Desk, punished: Indicator):
    goal = desk.bureau.target("bo", quantity="4")
    refused = later(
        desk.bureau.work("bo", goal, "1"), status=SubmissionStatus.REFUSED, accepted_quantity=Decimal(0)
    )
    assert await desk.hear(goal, refused) == []
    await desk.close_out()
    changed = later(refused, status=SubmissionStatus.CHANGED, accepted_quantity=Decimal(4))
    assert await desk.hear(changed) == []
    await desk.roll_up()
    assert await desk.posted("bo") == [-2000, 2000]
    assert (await desk.verified()).holds


@pytest.mark.parametrize(
    ("changes", "posted"),
    [
        ({"quantity": Decimal(2), "status": TargetStatus.REVISED}, [-2000, 1000]),
        ({"status": TargetStatus.WITHDRAWN}, [-2000, 2000]),
    ],
)
async def test_a_target_that_is_changed_afterwards_changes_the_shortfall(
    desk: Desk, punished: Indicator, changes: dict[str, Any], posted: list[int]
):
    goal = desk.bureau.target("bo", quantity="4")
    assert await desk.hear(goal) == []
    await desk.close_out()
    assert await desk.hear(later(goal, **changes)) == []
    await desk.roll_up()
    assert await desk.posted("bo") == posted
    assert (await desk.verified()).holds


async def test_a_target_that_comes_after_the_cut_off_is_scored_at_once(desk: Desk, punished: Indicator):
    await desk.close_out()
    assert await desk.hear(desk.bureau.target("bo", quantity="4")) == []
    await desk.roll_up()
    assert await desk.posted("bo") == [-2000]
    assert (await desk.verified()).holds


async def test_a_new_rule_holds_for_shortfalls_too(desk: Desk, punished: Indicator):
    await desk.close_out()
    milder = SHORT | {"below": "-0.25"}
    assert await desk.hear(later(punished, rule=milder, revision=3)) == []
    await desk.roll_up()
    assert await desk.posted("an") == [-2000, 1000]
    assert (await desk.verified()).holds
