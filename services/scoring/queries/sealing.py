"""What a seal is made of, in the order of the tree, a subject at a time: memory does not grow with the entries."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts import submissions
from contracts.submissions import SubmissionStatus
from services.scoring.domain.leaves import Posted
from services.scoring.models import EntryRow, LedgerHeadRow, SealRow, StatementRow
from services.scoring.replicas import (
    IndicatorReplica,
    OfficerReplica,
    PostingReplica,
    SchemeReplica,
    SubmissionReplica,
    UnitReplica,
)

PAGE = 500

_EVIDENCE = text(
    """
    SELECT (b->>'id')::uuid AS id, array(SELECT f->>'sha256' FROM jsonb_array_elements(b->'evidence') f) AS files
    FROM (
      SELECT DISTINCT ON (order_key) body::jsonb AS b FROM bus.inbox
      WHERE consumer = 'scoring' AND type = :type AND state = 'applied'
      ORDER BY order_key, (body::jsonb->>'version')::bigint DESC
    ) AS latest
    WHERE (b->>'period_id')::uuid = :period AND jsonb_array_length(b->'evidence') > 0
    """
)
_HEADS = text("SELECT stream, epoch, seq, hash FROM bus.cursor WHERE consumer = 'scoring' ORDER BY stream")
# What two people decided to leave without effect: parked events skipped, lost ones not taken back.
_SKIPPED = text(
    """
    SELECT stream, event_id, resolution FROM (
      SELECT stream, seq, event_id, resolution FROM bus.inbox WHERE state = 'skipped'
      UNION ALL
      SELECT stream, seq, event_id, resolution FROM bus.ghost WHERE state = 'reversed' AND resolution IS NOT NULL
    ) AS decided ORDER BY stream, seq, event_id
    """
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A statement row and the entries below it."""

    id: UUID
    unit_id: UUID
    total_milli: int
    name: str
    entries: list[Posted]


async def subjects(
    session: AsyncSession, period_id: UUID, kind: str, evidence: Mapping[UUID, Sequence[str]]
) -> AsyncIterator[Subject]:
    """Of one kind, by id; a page of subjects at a time."""
    codes = {
        row.id: row.code for row in await session.execute(select(IndicatorReplica.id, IndicatorReplica.code))
    }
    names = OfficerReplica if kind == "officer" else UnitReplica
    after: UUID | None = None
    while True:
        query = (
            select(StatementRow.subject_id, StatementRow.unit_id, StatementRow.total_milli, names.name)
            .outerjoin(names, names.id == StatementRow.subject_id)
            .where(StatementRow.period_id == period_id, StatementRow.subject_kind == kind)
        )
        if after is not None:
            query = query.where(StatementRow.subject_id > after)
        rows = (await session.execute(query.order_by(StatementRow.subject_id).limit(PAGE))).all()
        if not rows:
            return
        after = rows[-1].subject_id
        found = await _entries(session, period_id, [row.subject_id for row in rows], codes, evidence)
        for row in rows:
            yield Subject(
                row.subject_id, row.unit_id, row.total_milli, row.name or "", found.get(row.subject_id, [])
            )


async def _entries(
    session: AsyncSession,
    period_id: UUID,
    ids: Sequence[UUID],
    codes: Mapping[UUID, str],
    evidence: Mapping[UUID, Sequence[str]],
) -> dict[UUID, list[Posted]]:
    query = (
        select(
            EntryRow.subject_id, EntryRow.id, EntryRow.source_event_id, EntryRow.hash, EntryRow.indicator_id,
            EntryRow.points_milli, EntryRow.kind, EntryRow.occurred_on, EntryRow.submission_id,
        )
        .where(EntryRow.period_id == period_id, EntryRow.subject_id.in_(ids))
        .order_by(EntryRow.subject_id, EntryRow.id)
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    return {
        subject_id: [
            Posted(
                row.id, row.source_event_id, row.hash, codes.get(row.indicator_id), row.points_milli, row.kind,
                row.occurred_on, evidence.get(row.submission_id, ()),
            )
            for row in found
        ]
        for subject_id, found in groupby(rows, key=lambda row: row.subject_id)
    }  # fmt: skip


async def evidence(session: AsyncSession, period_id: UUID) -> dict[UUID, list[str]]:
    """Submission → SHA-256 of its files, from the event log."""
    facts = {"type": submissions.Submission.type, "period": period_id}
    return {row.id: list(row.files) for row in await session.execute(_EVIDENCE, facts)}


async def stream_heads(session: AsyncSession) -> list[Any]:
    """How far each stream has been recorded: stream, epoch, seq, hash."""
    return list((await session.execute(_HEADS)).all())


async def skipped(session: AsyncSession) -> list[Any]:
    """Events that two people decided to pass over."""
    return list((await session.execute(_SKIPPED)).all())


async def ledger_head(session: AsyncSession) -> LedgerHeadRow | None:
    return await session.scalar(select(LedgerHeadRow))


async def refused(session: AsyncSession, period_id: UUID) -> list[UUID]:
    """Submissions of the period that count nothing."""
    query = select(SubmissionReplica.id).where(
        SubmissionReplica.period_id == period_id, SubmissionReplica.status == SubmissionStatus.REFUSED
    )
    return list((await session.scalars(query.order_by(SubmissionReplica.id))).all())


async def accepted(session: AsyncSession, period_id: UUID) -> int:
    query = select(func.count()).where(
        SubmissionReplica.period_id == period_id, SubmissionReplica.accepted_quantity > 0
    )
    return int(await session.scalar(query) or 0)


async def by_indicator(session: AsyncSession, period_id: UUID) -> list[tuple[str | None, int]]:
    """Indicator's code (None: bonuses and penalties) → sum in thousandths."""
    query = (
        select(IndicatorReplica.code, func.sum(EntryRow.points_milli))
        .outerjoin(IndicatorReplica, IndicatorReplica.id == EntryRow.indicator_id)
        .where(EntryRow.period_id == period_id)
        .group_by(IndicatorReplica.code)
        .order_by(IndicatorReplica.code)
    )
    return [(code, int(total)) for code, total in (await session.execute(query)).all()]


async def scheme(session: AsyncSession, scheme_id: UUID) -> SchemeReplica:
    row = await session.get(SchemeReplica, scheme_id)
    if row is None:
        raise LookupError(scheme_id)
    return row


async def indicators(session: AsyncSession, scheme_id: UUID) -> Sequence[IndicatorReplica]:
    query = select(IndicatorReplica).where(IndicatorReplica.scheme_id == scheme_id)
    return (await session.scalars(query.order_by(IndicatorReplica.code, IndicatorReplica.id))).all()


async def units(session: AsyncSession) -> Sequence[UnitReplica]:
    return (await session.scalars(select(UnitReplica).order_by(UnitReplica.id))).all()


async def postings(session: AsyncSession) -> list[Any]:
    """Officer, unit, whether primary, first and last day of every posting that was not undone."""
    row = PostingReplica
    query = select(row.id, row.officer_id, row.unit_id, row.is_primary, row.valid_from, row.valid_to)
    return list((await session.execute(query.where(row.deleted.is_(False)).order_by(row.id))).all())


async def log(session: AsyncSession) -> Sequence[SealRow]:
    """All seals, in the order of the seal log."""
    return (await session.scalars(select(SealRow).order_by(SealRow.log_index))).all()
