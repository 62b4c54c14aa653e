"""What a seal is made of, in the order of the tree, a subject at a time: memory does not grow with the entries."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.submissions import SubmissionStatus
from kernel.db.copying import digest_of_rows
from sealing.statements import StreamHead
from services.scoring.models import EntryRow, LedgerHeadRow
from services.scoring.replicas import (
    IndicatorReplica,
    PostingReplica,
    SchemeReplica,
    SubmissionReplica,
    UnitReplica,
)

PAGE = 250

_FILES = """SELECT DISTINCT unnest(files) COLLATE "C" FROM pg_temp.told_work ORDER BY 1"""
# A line of a leaf, as canonical JSON writes it: members in the order of their names, texts escaped as JSON does.
_LINE = """
    '{"attachments_sha256":' || CASE WHEN cardinality(w.files) > 0 THEN '["' || array_to_string(w.files, '","') || '"]' ELSE '[]' END
    || ',"content_hash":"' || e.hash || '","entry_id":"' || e.id || '","event_id":"' || e.source_event_id
    || '","indicator":' || coalesce(to_json(i.code)::text, 'null')
    || ',"occurred_at":"' || e.occurred_on || 'T00:00:00.000000Z","points_milli":' || e.points_milli || ',"reason_code":' || to_json(e.kind)::text || '}'
"""
_SUBJECTS = text(
    f"""
    SELECT s.subject_id, s.unit_id, s.total_milli, coalesce(o.name, u.name, ''), l.entries, coalesce(l.lines, '') AS lines
    FROM (
      SELECT * FROM statement
      WHERE period_id = :period AND subject_kind = :kind AND (CAST(:after AS uuid) IS NULL OR subject_id > :after)
      ORDER BY subject_id LIMIT :page
    ) AS s
    CROSS JOIN LATERAL (
      SELECT count(*) AS entries, string_agg({_LINE}, ',' ORDER BY e.id) AS lines FROM ledger_entry e
        LEFT JOIN indicator i ON i.id = e.indicator_id LEFT JOIN pg_temp.told_work w ON w.id = e.submission_id
      WHERE e.subject_id = s.subject_id AND e.period_id = s.period_id
    ) AS l
    LEFT JOIN officer o ON s.subject_kind = 'officer' AND o.id = s.subject_id
    LEFT JOIN unit u ON s.subject_kind = 'unit' AND u.id = s.subject_id
    ORDER BY s.subject_id
    """  # noqa: S608 -- constants
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
    """A statement row, and the lines below it by entry: canonical JSON with commas between."""

    id: UUID
    unit_id: UUID
    total_milli: int
    name: str
    entries: int
    lines: str


async def subjects(session: AsyncSession, period_id: UUID, kind: str) -> AsyncIterator[list[Subject]]:
    """Of one kind, by id, a page of subjects at a time. What the logs tell of the period was `read` in this transaction."""
    after: UUID | None = None
    while True:
        facts = {"period": period_id, "kind": kind, "after": after, "page": PAGE}
        rows = (await session.execute(_SUBJECTS, facts)).all()
        if rows:
            yield [Subject(*row) for row in rows]
        if len(rows) < PAGE:
            return
        after = rows[-1].subject_id


async def files_digest(session: AsyncSession) -> tuple[str, int]:
    """SHA-256 over the hashes of all files of the period that was `read`, in order, each with a line feed; how many they are."""
    return await digest_of_rows(session, _FILES)


async def stream_heads(session: AsyncSession) -> list[Any]:
    """How far each stream has been recorded: stream, epoch, seq, hash."""
    return list((await session.execute(_HEADS)).all())


def told_heads(rows: Sequence[Any]) -> list[StreamHead]:
    """As a seal names them."""
    return [StreamHead(stream=row.stream, epoch=row.epoch, seq=row.seq, hash=row.hash) for row in rows]


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
