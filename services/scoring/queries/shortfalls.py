"""Periods whose work is over, and the targets in them for which nothing came."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.submissions import SubmissionStatus
from services.scoring.domain.closing import ClosingState
from services.scoring.models import ClosingRow, ShortfallRow
from services.scoring.queries import facts, planned
from services.scoring.replicas import PeriodReplica, SchemeReplica, SubmissionReplica

_UNDECIDED = (SubmissionStatus.SUBMITTED, SubmissionStatus.IN_REVIEW)
_MISSING = text(
    """
    SELECT DISTINCT ON (t.subject_id, t.indicator_id) t.subject_kind, t.subject_id, t.indicator_id, t.quantity,
      coalesce(home.unit_id, t.subject_id) AS unit_id,
      coalesce((SELECT sum(e.points_milli) FROM ledger_entry e WHERE e.subject_id = t.subject_id
        AND e.indicator_id = t.indicator_id AND e.period_id = t.period_id), 0)::bigint AS posted
    FROM target t
    LEFT JOIN LATERAL (
      SELECT p.unit_id FROM posting p
      WHERE p.officer_id = t.subject_id AND p.is_primary AND NOT p.deleted AND p.valid_from <= :day
      ORDER BY p.valid_from DESC, p.id LIMIT 1) AS home ON t.subject_kind = 'officer'
    WHERE t.period_id = :period AND t.status = ANY(:live) AND NOT EXISTS (
      SELECT FROM submission s WHERE s.subject_id = t.subject_id AND s.indicator_id = t.indicator_id
        AND s.period_id = t.period_id AND s.status = ANY(:counted) AND s.accepted_quantity > 0)
    ORDER BY t.subject_id, t.indicator_id, t.id
    """
)


def _not_closed() -> tuple[ColumnElement[bool], ...]:
    """Periods scored by rules of indicators, not sealed, whose shortfalls are not posted."""
    closed = exists().where(ShortfallRow.period_id == PeriodReplica.id)
    return PeriodReplica.status != facts.SEALED, ~closed, ~planned.by_plan()


def _undecided() -> ColumnElement[bool]:
    return exists().where(
        SubmissionReplica.period_id == PeriodReplica.id, SubmissionReplica.status.in_(_UNDECIDED)
    )


async def due(session: AsyncSession, now: datetime) -> PeriodReplica | None:
    """Of those, the first whose cut-off has passed and in which nothing waits for a decision."""
    query = (
        select(PeriodReplica)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(PeriodReplica.cutoff_at <= now, *_not_closed(), ~_undecided())
    )
    return await session.scalar(query.order_by(PeriodReplica.cutoff_at, PeriodReplica.id).limit(1))


def in_closing() -> Select[Any]:
    """How many periods are being closed, with everything decided, whose shortfalls the job has not posted yet."""
    return (
        select(func.count())
        .select_from(PeriodReplica)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .join(ClosingRow, ClosingRow.period_id == PeriodReplica.id)
        .where(
            ClosingRow.status.in_((ClosingState.CHECKING, ClosingState.PUBLIC)), *_not_closed(), ~_undecided()
        )
    )


async def without_work(session: AsyncSession, period: PeriodReplica) -> Sequence[Row[Any]]:
    """Live targets, one a subject and indicator, with what the ledger holds; the unit is the home on the period's last day."""
    named = {
        "period": period.id, "day": period.ends_on, "live": list(facts.LIVE_TARGETS), "counted": list(facts.COUNTED),
    }  # fmt: skip
    return (await session.execute(_MISSING, named)).all()


async def waiting(session: AsyncSession, period_id: UUID) -> int:
    """1 while shortfalls of this period are still to be posted."""
    query = (
        select(func.count())
        .select_from(PeriodReplica)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(PeriodReplica.id == period_id, *_not_closed())
    )
    return int(await session.scalar(query) or 0)
