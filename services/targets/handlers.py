"""Keeping the copies of what `org` owns, finding whom a transfer leaves without targets, following the closing of periods."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from contracts import org, scoring
from contracts.envelope import Event
from kernel.delivery.handlers import Delivered, Handlers
from kernel.delivery.replicas import Replica, keep_replica, keep_replicas, replicate
from kernel.delivery.transaction import Transaction
from services.targets.actions import orphaning, scheduling
from services.targets.queries import orphans
from services.targets.replicas import REPLICAS, OfficerReplica, PostingReplica, UnitReplica

handlers = Handlers()
#: Of these a change may leave targets without a subject.
_MOVING = (org.Unit, org.Officer, org.Posting)
replicate(handlers, *(row for row in REPLICAS if row.event not in _MOVING))


async def _units(tx: Transaction, events: Sequence[org.Unit]) -> Collection[UUID]:
    return await _sift(tx, UnitReplica, events, {event.id: event.id for event in events})


@handlers.on(org.Unit, sift=_units)
async def unit_moved(tx: Transaction, event: org.Unit, delivered: Delivered) -> None:
    await keep_replica(tx, UnitReplica, event)
    await orphaning.find_orphans(tx, [event.id], today=delivered.created_at.date())


async def _officers(tx: Transaction, events: Sequence[org.Officer]) -> Collection[UUID]:
    return await _sift(tx, OfficerReplica, events, {event.id: event.id for event in events})


@handlers.on(org.Officer, sift=_officers)
async def officer_moved(tx: Transaction, event: org.Officer, delivered: Delivered) -> None:
    await keep_replica(tx, OfficerReplica, event)
    await orphaning.find_orphans(tx, [event.id], today=delivered.created_at.date())


async def _postings(tx: Transaction, events: Sequence[org.Posting]) -> Collection[UUID]:
    return await _sift(tx, PostingReplica, events, {event.id: event.officer_id for event in events})


@handlers.on(org.Posting, sift=_postings)
async def posting_moved(tx: Transaction, event: org.Posting, delivered: Delivered) -> None:
    """A transfer: targets that stay behind surface at once."""
    await keep_replica(tx, PostingReplica, event)
    await orphaning.find_orphans(tx, [event.officer_id], today=delivered.created_at.date())


@handlers.on_lost(org.Unit)
async def unit_lost(tx: Transaction, lost: org.Unit, _: org.Unit | None, named: Delivered) -> None:
    await orphaning.find_orphans(tx, [lost.id], today=named.created_at.date())


@handlers.on_lost(org.Officer)
async def officer_lost(tx: Transaction, lost: org.Officer, _: org.Officer | None, named: Delivered) -> None:
    await orphaning.find_orphans(tx, [lost.id], today=named.created_at.date())


@handlers.on_lost(org.Posting)
async def posting_lost(tx: Transaction, lost: org.Posting, _: org.Posting | None, named: Delivered) -> None:
    await orphaning.find_orphans(tx, [lost.officer_id], today=named.created_at.date())


async def _sift(
    tx: Transaction, row: type[Replica], events: Sequence[Event], subject_of: Mapping[UUID, UUID]
) -> Collection[UUID]:
    """Copies at once of what touches nobody's targets; the ids of the others."""
    touched = await orphans.with_targets(tx.session, set(subject_of.values()))
    await keep_replicas(tx, row, [event for event in events if subject_of[event.id] not in touched])
    return [event.id for event in events if subject_of[event.id] in touched]


@handlers.on(scoring.Closing)
async def closing_moved(tx: Transaction, event: scoring.Closing, _: Delivered) -> None:
    await scheduling.follow_closing(tx, event)


@handlers.on_lost(scoring.Closing)
async def closing_lost(
    tx: Transaction, lost: scoring.Closing, instead: scoring.Closing | None, _: Delivered
) -> None:
    await scheduling.forget_closing(tx, lost, instead)
