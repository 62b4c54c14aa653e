import random
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contracts.submissions import SubmissionStatus
from contracts.targets import TargetStatus
from kernel.db.migrations import differences
from services.scoring.tables import APPEND_ONLY, Base
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import Desk


async def test_the_migrations_make_exactly_the_tables_that_the_rows_describe(desk: Desk):
    assert await differences(Base.metadata, desk.platform.owner_urls["scoring"]) == []


async def test_accepted_work_is_scored_by_the_rule(desk: Desk):
    goal = desk.bureau.target("an")
    assert await desk.hear(goal, desk.bureau.work("an", goal, "6")) == []
    assert await desk.posted("an") == [3000]
    assert await desk.total("an") == 3000


async def test_only_the_difference_is_posted(desk: Desk):
    goal = desk.bureau.target("an")
    await desk.hear(goal, desk.bureau.work("an", goal, "6"), desk.bureau.work("an", goal, "6"))
    assert await desk.posted("an") == [3000, 2000]  # the cap of 5 is reached


@pytest.mark.parametrize("accepted", [None, "0"])
async def test_what_is_undecided_or_refused_posts_nothing(desk: Desk, accepted: str | None):
    goal = desk.bureau.target("an")
    await desk.hear(goal, desk.bureau.work("an", goal, accepted))
    assert await desk.entries() == 0
    assert await desk.statement("an") is None


async def test_a_successful_appeal_is_an_entry_of_its_own(desk: Desk):
    goal = desk.bureau.target("an")
    work = desk.bureau.work("an", goal, "2")
    changed = later(work, accepted_quantity=Decimal(4), status=SubmissionStatus.CHANGED)
    await desk.hear(goal, work, changed)
    assert await desk.posted("an") == [1000, 1000]


async def test_a_revised_target_is_an_adjustment(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion, "10")
    revised = later(goal, quantity=Decimal(20), status=TargetStatus.REVISED)
    await desk.hear(goal, desk.bureau.work("an", goal, "10"), revised)
    assert await desk.posted("an") == [10000, -5000]


async def test_a_revised_rule_is_an_adjustment_for_all_whom_it_touches(desk: Desk):
    goals = [desk.bureau.target(name) for name in ("an", "bo")]
    await desk.hear(*goals, desk.bureau.work("an", goals[0], "2"), desk.bureau.work("bo", goals[1], "2"))
    await desk.hear(later(desk.bureau.half_each, revision=2, rule={"type": "events", "each": "1"}))
    assert (await desk.posted("an"), await desk.posted("bo")) == ([1000, 1000], [1000, 1000])


async def test_a_revised_rule_scores_those_who_had_nothing_before(desk: Desk):
    free = desk.bureau.half_each
    await desk.hear(later(free, revision=2, rule={"type": "events", "each": "0"}))
    for name in ("an", "ZD2"):
        goal = desk.bureau.target(name)
        await desk.hear(goal, desk.bureau.work(name, goal, "2"))
    assert await desk.entries() == 0
    assert await desk.hear(later(later(free), revision=3, rule={"type": "events", "each": "1"})) == []
    await desk.roll_up()
    assert [await desk.total(name) for name in ("an", "ZD1", "ZD2")] == [2000, 2000, 2000]
    assert (await desk.verified()).differences == []


@pytest.mark.parametrize("withdrawn_first", [True, False])
async def test_work_for_a_withdrawn_target_is_treated_alike_in_either_order(
    desk: Desk, *, withdrawn_first: bool
):
    goal = desk.bureau.target("an", desk.bureau.completion)
    work, gone = desk.bureau.work("an", goal), later(goal, status=TargetStatus.WITHDRAWN)
    said = [gone, work] if withdrawn_first else [work, gone]
    assert await desk.hear(goal, *said) == []
    assert sum(await desk.posted("an")) == 0


async def test_work_that_comes_before_its_target_waits_for_it(desk: Desk):
    goal = desk.bureau.target("an")
    assert await desk.hear(desk.bureau.work("an", goal), goal) == []
    assert await desk.posted("an") == [1000]


@pytest.mark.parametrize("seed", range(5))
async def test_the_same_facts_in_any_order_and_doubled_give_the_same_totals(desk: Desk, seed: int):
    chance = random.Random(seed)
    bureau = desk.bureau
    goals = {name: bureau.target(name, bureau.completion) for name in ("an", "bo", "chen")}
    said = []
    for name, goal in goals.items():
        one, other = bureau.work(name, goal, "3"), bureau.work(name, goal, "4")
        appealed = later(other, status=SubmissionStatus.CHANGED, accepted_quantity=Decimal(6))
        said += [goal, one, other, appealed, later(goal, quantity=Decimal(12), status=TargetStatus.REVISED)]
    said += chance.sample(said, 5)
    chance.shuffle(said)
    assert await desk.hear(*said) == []
    assert [sum(await desk.posted(name)) for name in goals] == [7500, 7500, 7500]
    await desk.roll_up()
    assert (await desk.verified()).holds


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
async def test_the_database_refuses_to_change_the_ledger(desk: Desk, table: str, change: str):
    goal = desk.bureau.target("an")
    await desk.hear(goal, desk.bureau.work("an", goal))
    key = Base.metadata.tables[table].primary_key.columns.keys()[0]
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        async with desk.db.engine.begin() as connection:
            await connection.execute(text(change.format(table, key)))
