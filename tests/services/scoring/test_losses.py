"""Work, targets, rules and postings that their producer lost for good: the ledger gets reversals, nothing is deleted."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from contracts.envelope import Event
from contracts.scoring import EntryKind
from contracts.submissions import SubmissionStatus
from contracts.targets import TargetStatus
from kernel.delivery import ghosts
from kernel.delivery.undoing import Undoing
from services.scoring.manifest import service
from services.scoring.models import EntryRow
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import Desk


async def _lost(desk: Desk, *events: Event) -> int:
    """The last events of their stream are gone at the producer, and two people refused to take them back."""
    [stream] = {event.stream for event in events}
    async with desk.db.engine.begin() as connection:
        ancestor = desk.seqs[stream] - len(events)
        for ghost in await _set_aside(connection, stream, ancestor):
            await ghosts.refuse(connection, "scoring", stream, ghost, "甲, 乙: 演练")
    undone = await Undoing(desk.db, "scoring", service.handlers, service.replicas).undo_refused()
    async with desk.db.reading() as session:
        left = [row["last_error"] for row in await ghosts.listed(session)]
    assert left == []
    return undone


async def _set_aside(connection, stream: str, ancestor: int):
    await ghosts.set_aside(connection, "scoring", stream, ancestor)
    return [offer.event_id for offer in await ghosts.to_offer(connection, "scoring", stream, 100)]


async def _kinds(desk: Desk) -> list[str]:
    async with desk.db.reading() as session:
        return list(await session.scalars(select(EntryRow.kind).order_by(EntryRow.seq)))


async def test_lost_work_is_reversed_and_the_replay_agrees(desk: Desk):
    goal = desk.bureau.target("an")
    kept, lost = desk.bureau.work("an", goal, "2"), desk.bureau.work("an", goal, "4")
    assert await desk.hear(goal, kept, lost) == []
    assert await desk.posted("an") == [1000, 2000]
    assert await _lost(desk, lost) == 1
    assert await desk.posted("an") == [1000, 2000, -2000]
    assert (await _kinds(desk))[-1] == EntryKind.REVERSAL
    assert await desk.total("an") == 1000
    await desk.roll_up()
    assert (await desk.verified()).holds


async def test_a_lost_outcome_of_an_appeal_leaves_the_decision_before_it(desk: Desk):
    goal = desk.bureau.target("an")
    work = desk.bureau.work("an", goal, "2")
    appealed = later(work, status=SubmissionStatus.UNDER_APPEAL)
    changed = later(appealed, accepted_quantity=Decimal(4), status=SubmissionStatus.CHANGED)
    assert await desk.hear(goal, work, appealed, changed) == []
    assert await _lost(desk, appealed, changed) == 1
    assert await desk.posted("an") == [1000, 1000, -1000]
    await desk.roll_up()
    assert (await desk.verified()).holds


async def test_a_lost_revision_of_a_target_or_rule_is_as_if_it_had_not_been(desk: Desk):
    goal = desk.bureau.target("an", desk.bureau.completion, "10")
    revised = later(goal, quantity=Decimal(20), status=TargetStatus.REVISED)
    assert await desk.hear(goal, desk.bureau.work("an", goal, "10"), revised) == []
    assert await _lost(desk, revised) == 1
    assert await desk.posted("an") == [10000, -5000, 5000]
    rule = later(desk.bureau.completion, revision=2, rule={"type": "ratio", "full": "8"})
    assert await desk.hear(rule) == []
    assert await desk.total("an") == 8000
    assert await _lost(desk, rule) == 1
    assert await desk.total("an") == 10000
    await desk.roll_up()
    assert (await desk.verified()).holds


async def test_a_lost_indicator_gives_nothing(desk: Desk):
    extra = later(desk.bureau.half_each, id=desk.bureau.target("an").id, version=1, code="X9")
    goal = desk.bureau.target("an", extra)
    assert await desk.hear(extra, goal, desk.bureau.work("an", goal, "2")) == []
    assert await _lost(desk, extra, goal) == 2
    assert await desk.posted("an") == [1000, -1000]


async def test_a_lost_transfer_brings_the_officer_home(desk: Desk):
    goal = desk.bureau.target("an")
    moved = later(desk.bureau.postings["an"], unit_id=desk.bureau.units["ZD2"].id)
    assert await desk.hear(goal, desk.bureau.work("an", goal, "2"), moved) == []
    assert await _lost(desk, moved) == 1
    statement = await desk.statement("an")
    assert statement is not None
    assert statement.unit_id == desk.bureau.units["ZD1"].id


async def test_a_stream_with_a_ghost_blocks_the_closing(desk: Desk):
    goal = desk.bureau.target("an")
    lost = desk.bureau.work("an", goal, "4")
    await desk.hear(goal, lost)
    from services.scoring.queries import replay

    async with desk.db.engine.begin() as connection:
        await _set_aside(connection, "submissions", desk.seqs["submissions"] - 1)
    async with desk.db.reading() as session:
        assert await replay.stopped(session) == 1


@pytest.mark.parametrize("name", ["org", "targets", "submissions", "scoring", "reporting"])
def test_whatever_does_more_than_keep_a_copy_says_how_it_is_undone(name: str):
    from cli.manifests import load

    assert load(name).handlers.one_sided == frozenset()
