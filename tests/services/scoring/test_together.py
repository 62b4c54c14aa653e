"""Decisions that arrive together come to what they come to one by one."""

import random
from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import select, text

from contracts.envelope import Event
from contracts.submissions import SubmissionStatus
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform
from services.scoring.manifest import service
from services.scoring.models import EntryRow, RollUpDueRow, StatementRow
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import Desk

SUBJECTS = ("an", "bo", "chen", "ding", "ZD1")


@pytest.fixture
async def other(databases: Databases, objects: ObjectStore) -> AsyncIterator[Platform]:
    """The same service beside it, which is told everything one by one."""
    async with Platform(databases, objects, [service]) as platform:
        yield platform


def work_of_a_month(desk: Desk) -> list[Event]:
    """Of five subjects for two indicators: accepted, refused, still in review, taken back, decided twice."""
    chance, bureau = random.Random(7), desk.bureau
    goals = {
        (name, at.code): bureau.target(name, at)
        for name in SUBJECTS
        for at in (bureau.half_each, bureau.completion)
    }
    told: list[Event] = []
    for _ in range(60):
        name, code = chance.choice(sorted(goals))
        made = bureau.work(name, goals[name, code], chance.choice(["1", "2", "3", None]))
        made = made.model_copy(update={"event_date": date(2026, 11, chance.randrange(1, 28))})
        told.append(made)
        if chance.random() < 0.3:
            again = {"status": SubmissionStatus.REFUSED, "accepted_quantity": None}
            told.append(later(made, **again))
    return [*goals.values(), *told]


async def ledger(platform: Platform) -> tuple[object, object]:
    """Sums of the ledger by subject and indicator, and the figures of the statements."""
    async with platform.runtimes["scoring"].db.reading() as session:
        entries = (await session.execute(select(EntryRow))).scalars().all()
        statements = (await session.execute(select(StatementRow))).scalars().all()
    sums: dict[tuple[object, ...], int] = {}
    for row in entries:
        key = (row.subject_id, row.indicator_id, row.period_id)
        sums[key] = sums.get(key, 0) + row.points_milli
    figures = {
        row.subject_id: (row.unit_id, row.total_milli, row.modules)
        for row in statements
        if row.subject_kind == "officer"
    }
    return {key: milli for key, milli in sums.items() if milli}, figures


async def test_a_month_at_once_comes_to_what_it_comes_to_one_by_one(desk: Desk, other: Platform):
    events = work_of_a_month(desk)
    assert await desk.hear(*events) == []
    await other.tell("scoring", *desk.bureau.events, *events)
    assert await ledger(desk.platform) == await ledger(other)
    assert (await desk.verified()).chain_broken_at is None


async def test_what_one_decision_posts_is_the_same_alone_and_in_company(desk: Desk, other: Platform):
    bureau = desk.bureau
    goals = [bureau.target(name) for name in ("an", "bo", "chen", "ding")]
    works = [bureau.work(name, goal, "3") for name, goal in zip(SUBJECTS, goals, strict=False)]
    await desk.hear(*goals, *works)
    await other.tell("scoring", *bureau.events, *goals, *works)

    async def facts(platform: Platform) -> list[object]:
        async with platform.runtimes["scoring"].db.reading() as session:
            rows = (await session.execute(select(EntryRow).order_by(EntryRow.seq))).scalars().all()
        return [
            (r.seq, r.subject_id, r.unit_id, r.kind, r.points_milli, r.submission_id, r.actor_id, r.reason_zh, r.reason_en,
             r.occurred_on, r.rule_revision, r.rule_key)
            for r in rows
        ]  # fmt: skip

    assert await facts(desk.platform) == await facts(other)


async def test_each_entry_and_statement_names_the_event_that_it_comes_from(desk: Desk):
    bureau = desk.bureau
    goals = [bureau.target(name) for name in ("an", "bo", "chen")]
    works = [bureau.work(name, goal) for name, goal in zip(SUBJECTS, goals, strict=False)]
    await desk.hear(*goals, *works)
    async with desk.db.reading() as session:
        sources = select(EntryRow.submission_id, EntryRow.source_event_id)
        came_from = {row[0]: str(row[1]) for row in await session.execute(sources)}
        told = await session.execute(
            text(
                "SELECT type, count(DISTINCT headers->>'causation_id') AS causes, array_agg(headers->>'causation_id') AS all "
                "FROM (SELECT type, headers FROM bus.outbox UNION ALL SELECT type, headers FROM bus.event_log) said "
                "WHERE type LIKE 'scoring.entry%' OR type LIKE 'scoring.statement%' GROUP BY type"
            )
        )
        causes = {row.type: (row.causes, set(row.all)) for row in told}
    assert set(causes) == {"scoring.entry.v1", "scoring.statement.v1"}
    assert all(found == (3, set(came_from.values())) for found in causes.values())


async def test_one_that_refers_to_what_is_not_there_waits_alone(desk: Desk):
    bureau = desk.bureau
    goals = [bureau.target(name) for name in ("an", "bo")]
    early = bureau.work("chen", bureau.target("chen"))
    works = [bureau.work(name, goal) for name, goal in zip(SUBJECTS, goals, strict=False)]
    assert await desk.hear(*goals, works[0], early, works[1]) == ["parked"]
    sums, _ = await ledger(desk.platform)
    assert len(sums) == 2  # type: ignore[arg-type]


async def test_units_above_become_due_once_however_many_were_scored(desk: Desk):
    bureau = desk.bureau
    goals = [bureau.target(name) for name in ("an", "bo")]
    await desk.hear(*goals, *(bureau.work(name, goal) for name, goal in zip(SUBJECTS, goals, strict=False)))
    async with desk.db.reading() as session:
        due = (await session.scalars(select(RollUpDueRow.unit_id))).all()
    assert set(due) <= {bureau.units["ZD1"].id}
