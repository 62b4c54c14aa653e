"""What scoring does when the others say something."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from contracts import org, submissions, targets
from contracts.envelope import Event
from contracts.scoring import EntryKind
from kernel.delivery.handlers import Delivered, Handlers
from kernel.delivery.replicas import Replica, keep_replica, keep_replicas, replicate
from kernel.delivery.transaction import Transaction
from services.scoring.actions import adding_up, planning, undoing
from services.scoring.actions.posting import lock_ledger
from services.scoring.actions.scoring import rescore, retarget, score_again
from services.scoring.actions.together import cause_of, decides, score_together
from services.scoring.queries import facts
from services.scoring.replicas import (
    DelegationReplica,
    IndicatorReplica,
    OfficerReplica,
    PeriodReplica,
    PostingReplica,
    RecusalReplica,
    SchemeReplica,
    SessionReplica,
    SubmissionReplica,
    TargetReplica,
    UnitReplica,
)

handlers = Handlers()
replicate(handlers, SessionReplica, RecusalReplica, DelegationReplica)
handlers.on_lost(submissions.Submission)(undoing.submission)
handlers.on_lost(targets.Target)(undoing.target)
handlers.on_lost(targets.Indicator)(undoing.indicator)
handlers.on_lost(targets.Scheme)(undoing.scheme)
handlers.on_lost(targets.Period)(undoing.period)
handlers.on_lost(org.Unit)(undoing.unit)
handlers.on_lost(org.Officer)(undoing.officer)
handlers.on_lost(org.Posting)(undoing.posting)


@handlers.on(submissions.Submission, together=score_together)
async def submission_moved(tx: Transaction, event: submissions.Submission, delivered: Delivered) -> None:
    """A decision, or the outcome of an appeal, is scored at once; so is that a decision was taken back into review."""
    if not decides(event):
        await keep_replica(tx, SubmissionReplica, event)
        return
    await lock_ledger(tx)
    if not await keep_replica(tx, SubmissionReplica, event):
        return
    if event.accepted_quantity:
        await facts.require_target(tx.session, event.target_id)
    await rescore(tx, undoing.key_of(event), cause_of(event, delivered))


async def _targets_without_work(tx: Transaction, events: Sequence[targets.Target]) -> Collection[UUID]:
    await lock_ledger(tx)
    touched = await facts.targets_with_work(tx.session, events)
    quiet = [event for event in events if event.id not in touched]
    await keep_replicas(tx, TargetReplica, quiet)
    await planning.targets_due(tx, quiet)
    return touched


@handlers.on(targets.Target, sift=_targets_without_work)
async def target_moved(tx: Transaction, event: targets.Target, delivered: Delivered) -> None:
    """A revised or withdrawn target changes what was made of it."""
    await lock_ledger(tx)
    before = await _seen(tx, TargetReplica, event, TargetReplica.quantity, TargetReplica.status)
    if not await keep_replica(tx, TargetReplica, event) or before == (event.quantity, event.status):
        return
    await retarget(tx, event, delivered.event_id, EntryKind.ADJUSTMENT)


@handlers.on(targets.Indicator)
async def indicator_moved(tx: Transaction, event: targets.Indicator, delivered: Delivered) -> None:
    """A new revision of the rule is applied to everything that it touches in periods that are not sealed."""
    await lock_ledger(tx)
    before = await _seen(tx, IndicatorReplica, event, IndicatorReplica.revision)
    if not await keep_replica(tx, IndicatorReplica, event) or before in {None, (event.revision,)}:
        return
    await score_again(tx, event.id, delivered.event_id)


@handlers.on(targets.Scheme)
async def scheme_moved(tx: Transaction, event: targets.Scheme, delivered: Delivered) -> None:
    """New caps, weights, roll-up or plan hold for all periods that are not sealed."""
    await lock_ledger(tx)
    known = await _seen(tx, SchemeReplica, event, SchemeReplica.plan)
    if await keep_replica(tx, SchemeReplica, event) and known is not None:
        await adding_up.add_up_again(tx, event.id)
        if known != (event.plan,):
            await planning.everybody_due(tx, event.id, delivered.event_id)


@handlers.on(targets.Period)
async def period_moved(tx: Transaction, event: targets.Period, delivered: Delivered) -> None:
    """A new period may start from what the one before carries over."""
    known = await _seen(tx, PeriodReplica, event, PeriodReplica.starts_on, PeriodReplica.ends_on)
    if await keep_replica(tx, PeriodReplica, event) and known != (event.starts_on, event.ends_on):
        await planning.period_due(tx, event.id, delivered.event_id)


async def _units_before_any_score(tx: Transaction, events: Sequence[org.Unit]) -> Collection[UUID]:
    await lock_ledger(tx)
    if await facts.anything_scored(tx.session):
        return {event.id for event in events}
    await keep_replicas(tx, UnitReplica, events)
    return ()


@handlers.on(org.Unit, sift=_units_before_any_score)
async def unit_moved(tx: Transaction, event: org.Unit, delivered: Delivered) -> None:
    """A unit that is new here, or hangs elsewhere now, changes what is above it; its groups are those of its people."""
    u = UnitReplica
    before = await _seen(
        tx, u, event, u.parent_id, u.code, u.level, u.kind, u.series_id, u.valid_from, u.valid_to
    )
    if not await keep_replica(tx, UnitReplica, event):
        return
    parent = before[0] if before else None
    if before is None or parent != event.parent_id:
        await adding_up.unit_moved(tx, event.id, {event.parent_id, parent})
    now = (
        event.parent_id,
        event.code,
        event.level,
        event.kind,
        event.series_id,
        event.valid_from,
        event.valid_to,
    )
    if before != now:
        await planning.all_due(tx, delivered.event_id)


async def _postings_of_the_unscored(tx: Transaction, events: Sequence[org.Posting]) -> Collection[UUID]:
    await lock_ledger(tx)
    scored = await facts.with_statements(tx.session, {event.officer_id for event in events})
    touched = {event.id for event in events if event.officer_id in scored}
    await keep_replicas(tx, PostingReplica, [event for event in events if event.id not in touched])
    return touched


@handlers.on(org.Posting, sift=_postings_of_the_unscored)
async def posting_moved(tx: Transaction, event: org.Posting, delivered: Delivered) -> None:
    await lock_ledger(tx)
    if await keep_replica(tx, PostingReplica, event):
        await adding_up.move_home(tx, event.officer_id)
        await planning.subjects_due(tx, {event.officer_id}, delivered.event_id)


@handlers.on_many(org.Officer)
async def officers_moved(tx: Transaction, events: Sequence[org.Officer]) -> None:
    """The series is the group in which plans compare."""
    o = OfficerReplica
    query = select(o.id, o.series_id, o.category, o.status).where(o.id.in_([event.id for event in events]))
    before = {row.id: (row.series_id, row.category, row.status) for row in await tx.session.execute(query)}
    await keep_replicas(tx, OfficerReplica, events)
    moved = {e.id for e in events if e.id in before and before[e.id] != (e.series_id, e.category, e.status)}
    for officer_id in sorted(moved):
        await planning.subjects_due(tx, {officer_id}, officer_id)


async def _seen(tx: Transaction, row: type[Replica], event: Event, *columns: Any) -> tuple[Any, ...] | None:
    """What the replica said before this event; None if it was not there."""
    found = (await tx.session.execute(select(*columns).where(row.id == event.id))).one_or_none()
    return tuple(found) if found is not None else None
