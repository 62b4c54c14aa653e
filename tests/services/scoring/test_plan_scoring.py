"""Schemes with a whole plan: the ledger gets the differences of everybody who moved, and adds up to the plan's totals."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text

from contracts.envelope import Event
from contracts.org import OfficerCategory, OfficerStatus
from contracts.scoring import EntryKind
from contracts.submissions import SubmissionStatus
from contracts.targets import TargetStatus
from kernel.delivery.transaction import Transaction
from kernel.ids import new_id
from services.scoring.actions.evaluating import score_due
from services.scoring.actions.posting import lock_ledger
from services.scoring.models import EntryRow, PlanDueRow, PlanRunRow
from services.scoring.queries import closing
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.planned import binding
from tests.services.scoring.test_recusing import bar


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    """The bureau's scheme with the plan of `planned`."""
    desk.bureau.scheme = later(desk.bureau.scheme, plan=binding())
    assert await desk.hear(desk.bureau.scheme) == []
    await score(desk)
    return desk


async def score(desk: Desk) -> int:
    """Score what is due under plans. How many runs it took."""
    runs = 0
    while await score_due(desk.db):
        runs += 1
    await desk.roll_up()
    return runs


async def _hear(desk: Desk, *events: Event) -> int:
    assert await desk.hear(*events) == []
    return await score(desk)


async def _entries(desk: Desk, name: str) -> list[tuple[str, int, str]]:
    _, subject_id, _ = desk.bureau.subject(name)
    async with desk.db.reading() as session:
        query = select(EntryRow).where(EntryRow.subject_id == subject_id).order_by(EntryRow.seq)
        rows = (await session.scalars(query)).all()
    return [(row.rule_key.split(":")[1], row.points_milli, row.kind) for row in rows]


async def _totals(desk: Desk, *names: str) -> list[int | None]:
    return [await desk.total(name) for name in names]


async def test_each_line_and_what_it_leaves_of_the_total_is_posted(desk: Desk):
    cases, deeds = desk.bureau.target("an", desk.bureau.completion), desk.bureau.target("an")
    work = [desk.bureau.work("an", cases, "8"), desk.bureau.work("an", deeds, "2")]
    await _hear(desk, cases, deeds, *work)
    # 8 of 10 is 8; two cases at 0.5 are 1; the first of all gets 3.
    found = await _entries(desk, "an")
    assert sorted(found) == [("deeds", 1000, "task"), ("done", 8000, "task"), ("total", 3000, "task")]
    assert await _totals(desk, "an") == [12000]
    assert (await desk.verified()).holds


async def test_one_evaluation_takes_up_a_burst_of_decisions(desk: Desk):
    goals = [desk.bureau.target(name, desk.bureau.completion) for name in ("an", "bo", "chen")]
    works = [
        desk.bureau.work(name, goal, "5") for name, goal in zip(("an", "bo", "chen"), goals, strict=True)
    ]
    assert await _hear(desk, *goals, *works) == 1


async def test_whoever_is_overtaken_gets_the_difference_with_the_cause_in_the_run(desk: Desk):
    goals = {name: desk.bureau.target(name, desk.bureau.completion) for name in ("an", "bo")}
    await _hear(desk, *goals.values(), desk.bureau.work("an", goals["an"], "5"))
    # bo has nothing yet: not submitted counts for zero in this plan, and the second place gives two.
    assert await _totals(desk, "an", "bo") == [8000, 2000]
    overtaking = desk.bureau.work("bo", goals["bo"], "9")
    await _hear(desk, overtaking)
    assert await _totals(desk, "an", "bo") == [7000, 12000]
    assert (await _entries(desk, "an"))[-1] == ("total", -1000, EntryKind.ADJUSTMENT)
    listed = await desk["office"].get(f"{API}/plan-runs", period_id=str(desk.bureau.period.id))
    newest = await desk["office"].get(f"{API}/plan-runs/{listed['items'][0]['id']}")
    assert [cause["submission_id"] for cause in newest["causes"]] == [str(overtaking.id)]
    moved = {
        one["name"] or one["subject_id"]: (one["before_milli"], one["moved_milli"])
        for one in newest["movers"]
    }
    an, bo = (str(desk.bureau.subject(name)[1]) for name in ("an", "bo"))
    assert moved == {bo: (2000, 10000), an: (8000, -1000)}
    by_own_work = {one["subject_id"]: one["submission_id"] for one in newest["movers"]}
    assert by_own_work == {bo: str(overtaking.id), an: None}


async def test_an_upheld_appeal_moves_the_group_and_is_named_as_such(desk: Desk):
    goals = {name: desk.bureau.target(name, desk.bureau.completion) for name in ("an", "bo")}
    work = {name: desk.bureau.work(name, goals[name], amount) for name, amount in (("an", "5"), ("bo", "4"))}
    await _hear(desk, *goals.values(), *work.values())
    changed = later(
        later(work["bo"], status=SubmissionStatus.UNDER_APPEAL),
        accepted_quantity=Decimal(6),
        status=SubmissionStatus.CHANGED,
    )
    await _hear(desk, changed)
    assert {kind for node, _, kind in (await _entries(desk, "bo"))[-2:]} == {EntryKind.APPEAL}
    assert await _totals(desk, "an", "bo") == [7000, 9000]


@pytest.mark.parametrize("seed", range(6))
async def test_the_order_of_arrival_does_not_matter(desk: Desk, seed: int):
    """The same facts, shuffled and scored in any number of runs, give the totals of one run over all of them."""
    chance = random.Random(seed)
    names = ("an", "bo", "chen", "ding")
    goals = [
        desk.bureau.target(name, chance.choice([desk.bureau.completion, desk.bureau.half_each]))
        for name in names * 2
    ]
    works: list[Any] = []
    for goal in goals:
        someone = next(name for name in names if desk.bureau.subject(name)[1] == goal.subject_id)
        works += [desk.bureau.work(someone, goal, str(chance.randint(1, 9))) for _ in range(2)]
    events = [*goals, *works]
    chance.shuffle(events)
    events = list(_targets_first(events, {goal.id: goal for goal in goals}))
    while events:
        cut = chance.randint(1, len(events))
        await desk.hear(*events[:cut])
        events = events[cut:]
        await score(desk)
    found = await _totals(desk, *names)
    await _hear(desk, later(desk.bureau.scheme, plan=binding(rest="mod_business") | {"settings": {}}))
    assert await _totals(desk, *names) == found
    assert (await desk.verified()).holds


async def test_a_revised_plan_holds_for_everybody_at_once(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion)
    await _hear(desk, goal, desk.bureau.work("an", goal, "5"))
    other = binding()
    other["plan"]["nodes"]["done"]["full"] = "20"
    await _hear(desk, later(desk.bureau.scheme, plan=other, revision=2))
    assert await _totals(desk, "an") == [13000]
    async with desk.db.reading() as session:
        revisions = (await session.scalars(select(PlanRunRow.scheme_revision).order_by(PlanRunRow.id))).all()
    assert revisions[-1] == 2
    assert (await desk.verified()).holds


async def test_a_node_that_a_revision_drops_is_taken_back(desk: Desk):
    goals = [
        desk.bureau.target("an", indicator) for indicator in (desk.bureau.completion, desk.bureau.half_each)
    ]
    await _hear(desk, *goals, *(desk.bureau.work("an", goal, "5") for goal in goals))
    other = binding(lines=[{"node": "done", "module": "mod_business"}])
    await _hear(desk, later(desk.bureau.scheme, plan=other, revision=2))
    sums: dict[str, int] = {}
    for node, points, _ in await _entries(desk, "an"):
        sums[node] = sums.get(node, 0) + points
    assert sums == {"done": 5000, "deeds": 0, "total": 5500}
    assert (await desk.verified()).holds


async def test_who_has_neither_target_nor_work_any_more_has_nothing(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion)
    await _hear(desk, goal)
    assert await _totals(desk, "an") == [3000]  # the only one, and so the first
    await _hear(desk, later(goal, status=TargetStatus.WITHDRAWN))
    assert await _totals(desk, "an") == [0]
    assert (await desk.verified()).holds


async def test_ranks_are_within_the_series_and_follow_a_change_of_it(desk: Desk):
    ranked = binding()
    ranked["plan"]["nodes"]["place"]["scope"] = "series"
    series = new_id()
    officers = {name: officer(desk, name, series) for name in ("an", "bo")}
    goals = {name: desk.bureau.target(name, desk.bureau.completion) for name in ("an", "bo")}
    works = [desk.bureau.work(name, goals[name], amount) for name, amount in (("an", "5"), ("bo", "4"))]
    await _hear(desk, later(desk.bureau.scheme, plan=ranked), *officers.values(), *goals.values(), *works)
    assert await _totals(desk, "an", "bo") == [8000, 6000]
    await _hear(desk, later(officers["bo"], series_id=new_id()))
    assert await _totals(desk, "an", "bo") == [8000, 7000]
    assert (await desk.verified()).holds


async def test_a_figure_from_outside_is_entered_and_the_newest_counts(desk: Desk):
    surveyed = binding()
    nodes = surveyed["plan"]["nodes"]
    nodes["survey"] = {"type": "take", "of": "satisfaction", "missing": "0"}
    nodes["total"]["parts"].append({"of": "survey"})
    surveyed["sources"]["satisfaction"] = {"reading": "survey"}
    goal = desk.bureau.target("an", desk.bureau.completion)
    await _hear(desk, later(desk.bureau.scheme, plan=surveyed), goal, desk.bureau.work("an", goal, "5"))
    kind, subject_id, _ = desk.bureau.subject("an")
    one = {"subject_kind": kind.value, "subject_id": str(subject_id), "name": "survey", "value": "4.5"}
    body = {"period_id": str(desk.bureau.period.id), "source": "民意调查〔2026〕11号", "items": [one]}
    assert await desk["office"].post(f"{API}/readings", body) == {"entered": 1}
    await score(desk)
    assert await _totals(desk, "an") == [12500]
    await desk["office"].post(f"{API}/readings", body | {"items": [one | {"value": "3"}]})
    await score(desk)
    assert await _totals(desk, "an") == [11000]
    wrong = [one | {"name": "poll"}, one | {"subject_id": str(new_id())}]
    told = await desk["office"].problem("POST", f"{API}/readings", json=body | {"items": wrong})
    assert [(e["place"], e["code"]) for e in told["errors"]] == [
        ("items.0.name", "reading-unknown"),
        ("items.1.subject_id", "subject-not-found"),
    ]
    await bar(desk, "second", "an")
    own = one | {"subject_id": str(desk.bureau.subject("second")[1])}
    told = await desk["second"].problem("POST", f"{API}/readings", json=body | {"items": [one, own]})
    assert [(e["place"], e["code"]) for e in told["errors"]] == [
        ("items.0.subject_id", "recused"),
        ("items.1.subject_id", "recused"),
    ]
    told = await desk["leader"].problem("POST", f"{API}/readings", json=body)
    assert told["code"] == "permission-denied"
    listed = await desk["office"].get(f"{API}/readings", period_id=str(desk.bureau.period.id))
    assert [item["value"] for item in listed["items"]] == ["4.5000", "3.0000"]
    assert (await desk.verified()).holds


async def test_an_officer_reads_his_score_clause_by_clause(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion)
    await _hear(desk, goal, desk.bureau.work("an", goal, "8"))
    _, subject_id, _ = desk.bureau.subject("an")
    told = await desk["an"].get(f"{API}/statements/{subject_id}/{desk.bureau.period.id}/explanation")
    nodes = {node["node"]: node for node in told["nodes"]}
    assert (nodes["done"]["value"], nodes["total"]["value"], nodes["deeds"]["value"]) == ("8", "11", "0")
    assert "8" in nodes["done"]["zh"]
    path = f"{API}/statements/{subject_id}/{desk.bureau.period.id}/explanation"
    assert (await desk["bo"].problem("GET", path))["status"] == 404


async def test_another_plan_is_tried_over_the_facts_of_a_period(desk: Desk):
    goals = {name: desk.bureau.target(name, desk.bureau.completion) for name in ("an", "bo")}
    works = [desk.bureau.work(name, goals[name], amount) for name, amount in (("an", "5"), ("bo", "4"))]
    await _hear(desk, *goals.values(), *works)
    other = binding()
    other["plan"]["nodes"]["place"]["places"] = ["5", "2", "1"]
    body = {"period_id": str(desk.bureau.period.id), "plan": other}
    found = await desk["office"].post(f"{API}/plans/dry-run", body)
    an = str(desk.bureau.subject("an")[1])
    assert [(row["subject"], row["total"], [c["node"] for c in row["causes"]]) for row in found] == [
        (an, ["8", "10"], ["place"])
    ]
    assert await _totals(desk, "an") == [8000]
    del other["sources"]["goal"]
    told = await desk["office"].problem("POST", f"{API}/plans/dry-run", json=body | {"plan": other})
    assert [(e["place"], e["code"]) for e in told["errors"]] == [("plan.sources.goal", "source-missing")]


async def test_a_period_is_not_closed_while_the_plan_has_work(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion)
    await desk.hear(goal)
    async with desk.db.reading() as session:
        waiting = {c.code: c.count for c in await closing.checks(session, desk.bureau.period.id)}
        assert waiting["figures-due"] == len((await session.scalars(select(PlanDueRow))).all()) > 0


async def test_two_who_score_at_once_post_once(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion)
    assert await desk.hear(goal, desk.bureau.work("an", goal, "5")) == []
    runs = await _runs(desk)
    async with _scoring_meanwhile(desk, 2):
        pass
    assert await _runs(desk) == runs + 1
    await desk.roll_up()
    assert (await desk.verified()).holds
    assert await _entries(desk, "an") != []


async def test_a_seal_that_came_first_is_not_posted_behind(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion)
    assert await desk.hear(goal, desk.bureau.work("an", goal, "5")) == []
    before = await desk.entries()
    async with _scoring_meanwhile(desk, 1) as tx:
        sealed = "UPDATE period SET status = 'sealed', version = version + 1 WHERE id = :id"
        await tx.session.execute(text(sealed), {"id": desk.bureau.period.id})
    assert await desk.entries() == before


@asynccontextmanager
async def _scoring_meanwhile(desk: Desk, jobs: int) -> AsyncIterator[Transaction]:
    """So many have worked out the same and wait for the ledger, which the block holds; afterwards they are done."""
    async with desk.db.transaction() as tx, asyncio.TaskGroup() as group:
        await lock_ledger(tx)
        for _ in range(jobs):
            group.create_task(score_due(desk.db))
        for _ in range(1000):
            if await _waiting(desk) == jobs:
                break
            await asyncio.sleep(0.02)
        assert await _waiting(desk) == jobs
        yield tx
        await tx.session.commit()


async def _waiting(desk: Desk) -> int:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with desk.db.reading() as session:
        return int(await session.scalar(query) or 0)


async def _runs(desk: Desk) -> int:
    async with desk.db.reading() as session:
        return int(await session.scalar(select(func.count()).select_from(PlanRunRow)) or 0)


async def test_a_ledger_that_says_something_else_than_the_plan_is_found(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion)
    await _hear(desk, goal, desk.bureau.work("an", goal, "5"))
    async with desk.db.engine.begin() as connection:
        await connection.execute(text("UPDATE submission SET accepted_quantity = 9"))
    async with desk.db.transaction() as tx:
        from services.scoring.actions import planning

        await planning.all_due(tx, new_id())
    await score(desk)
    verdict = await desk.verified()
    assert [difference["check"] for difference in verdict.differences] == ["plan"]


def _targets_first(events: list[Any], goals: dict[Any, Any]) -> Iterator[Any]:
    """In the order given, but each target before the work on it; what comes too early would only wait."""
    for event in events:
        goal = goals.pop(getattr(event, "target_id", event.id), None)
        if goal is not None:
            yield goal
        if event is not goal and hasattr(event, "target_id"):
            yield event


def officer(desk: Desk, name: str, series: Any) -> Any:
    from contracts import org

    return org.Officer(
        id=desk.bureau.subject(name)[1],
        version=1,
        police_number=name,
        name=name,
        category=OfficerCategory.OFFICER,
        status=OfficerStatus.PROBATION,
        series_id=series,
    )
