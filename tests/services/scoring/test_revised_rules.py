"""A rule revised for many goes over them in batches, between which others post; a single decision under a plan is scored at once."""

import pytest

from services.scoring.actions import scoring
from services.scoring.queries import closing
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import Desk
from tests.services.scoring.planned import binding
from tests.services.scoring.test_people_and_time import use

NAMES = ("an", "bo", "chen", "ding")


async def batch(desk: Desk) -> bool:
    async with desk.db.transaction() as tx:
        return await scoring.score_again_due(tx)


async def totals(desk: Desk) -> list[int | None]:
    return [await desk.total(name) for name in NAMES]


@pytest.fixture
async def four(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(scoring, "BATCH", 2)
    goals = {name: desk.bureau.target(name) for name in NAMES}
    works = [desk.bureau.work(name, goals[name], "2") for name in NAMES]
    assert await desk.hear(*goals.values(), *works) == []
    return desk


async def test_a_revised_rule_reaches_everybody_in_batches(four: Desk):
    bureau = four.bureau
    bureau.half_each = later(bureau.half_each, rule={"type": "events", "each": "1"}, revision=2)
    assert await four.hear(bureau.half_each) == []
    assert sorted(await totals(four)) == [1000, 1000, 2000, 2000]
    async with four.db.reading() as session:
        assert {c.code: c.count for c in await closing.checks(session, bureau.period.id)}["figures-due"] >= 1
    goal = bureau.target("an", bureau.completion)
    assert await four.hear(goal, bureau.work("an", goal, "10")) == []  # others post in between
    while await batch(four):
        pass
    assert await totals(four) == [12000, 2000, 2000, 2000]
    await four.roll_up()
    assert (await four.verified()).holds


async def test_a_revised_rule_counts_somebody_with_several_pieces_of_work_once(four: Desk):
    goal = four.bureau.target("an")
    assert await four.hear(goal, four.bureau.work("an", goal, "1"), four.bureau.work("an", goal, "1")) == []
    four.bureau.half_each = later(four.bureau.half_each, rule={"type": "events", "each": "1"}, revision=2)
    assert await four.hear(four.bureau.half_each) == []
    while await batch(four):
        pass
    assert await totals(four) == [4000, 2000, 2000, 2000]


async def test_a_rule_revised_again_before_it_was_through_ends_with_the_newest(four: Desk):
    for revision, each in ((2, "1"), (3, "2")):
        four.bureau.half_each = later(
            four.bureau.half_each, rule={"type": "events", "each": each}, revision=revision
        )
        assert await four.hear(four.bureau.half_each) == []
    while await batch(four):
        pass
    assert await totals(four) == [4000, 4000, 4000, 4000]
    await four.roll_up()
    assert (await four.verified()).holds


async def test_a_decision_under_a_plan_that_compares_nobody_is_in_the_statement_at_once(desk: Desk):
    await use(desk)
    goal = desk.bureau.target("an", desk.bureau.completion)
    assert await desk.hear(goal, desk.bureau.work("an", goal, "3")) == []
    assert await desk.total("an") == 3000


async def test_a_decision_under_a_plan_that_ranks_waits_for_everybody(desk: Desk):
    assert await desk.hear(later(desk.bureau.scheme, plan=binding())) == []
    goal = desk.bureau.target("an", desk.bureau.completion)
    assert await desk.hear(goal, desk.bureau.work("an", goal, "3")) == []
    assert await desk.total("an") is None
