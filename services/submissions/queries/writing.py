"""What helps with writing: what was sent last time, what it would be worth, what is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.domain.estimate import Counted
from services.submissions.models import ArrivalRow, AutosaveRow, SubmissionRow
from services.submissions.queries.facts import TargetFacts
from services.submissions.replicas import IndicatorReplica, PeriodReplica, SchemeReplica

#: States in which work counts or may still count.
_COUNTS = ("submitted", "in_review", "accepted", "under_appeal", "upheld", "changed")
_DECIDED = ("accepted", "under_appeal", "upheld", "changed")


@dataclass(frozen=True, slots=True)
class Worth:
    """The rule, whether a whole plan decides instead of it, and what the subject has besides."""

    rule: dict[str, Any]
    by_plan: bool
    before: tuple[Counted, ...]


async def last_time(session: AsyncSession, facts: TargetFacts) -> SubmissionRow | None:
    """The subject's latest work that was sent for an indicator of that code in an earlier period."""
    statement = (
        select(SubmissionRow)
        .join(IndicatorReplica, IndicatorReplica.id == SubmissionRow.indicator_id)
        .join(PeriodReplica, PeriodReplica.id == SubmissionRow.period_id)
        .where(
            SubmissionRow.subject_id == facts.target.subject_id,
            IndicatorReplica.code == facts.indicator.code,
            PeriodReplica.ends_on < facts.period.starts_on,
            SubmissionRow.status.not_in(["draft", "withdrawn"]),
        )
        .order_by(PeriodReplica.ends_on.desc(), SubmissionRow.event_date.desc(), SubmissionRow.id.desc())
        .limit(1)
    )
    return await session.scalar(statement)


async def worth_of(session: AsyncSession, facts: TargetFacts, *, without: UUID | None) -> Worth:
    """`without`: a submission that is being written, which does not count beside itself."""
    rule = await session.scalar(
        select(IndicatorReplica.rule).where(IndicatorReplica.id == facts.indicator.id)
    )
    plan = select(SchemeReplica.plan.is_not(None)).where(SchemeReplica.id == facts.indicator.scheme_id)
    statement = select(
        SubmissionRow.id, SubmissionRow.event_date, SubmissionRow.quantity, SubmissionRow.accepted_quantity,
        SubmissionRow.status,
    ).where(
        SubmissionRow.target_id == facts.target.id,
        SubmissionRow.status.in_(_COUNTS),
        or_(SubmissionRow.accepted_quantity.is_(None), SubmissionRow.accepted_quantity > 0),
    )  # fmt: skip
    if without is not None:
        statement = statement.where(SubmissionRow.id != without)
    rows = (await session.execute(statement.order_by(SubmissionRow.event_date, SubmissionRow.id))).all()
    before = tuple(Counted(str(row.id), row.event_date, _quantity(row)) for row in rows)
    return Worth(rule or {}, bool(await session.scalar(plan)), before)


def _quantity(row: Any) -> Decimal:
    decided = row.status in _DECIDED and row.accepted_quantity is not None
    found: Decimal = row.accepted_quantity if decided else row.quantity
    return found


async def saved_forms(session: AsyncSession, account_id: UUID) -> Sequence[AutosaveRow]:
    """Newest first."""
    statement = select(AutosaveRow).where(AutosaveRow.account_id == account_id)
    return (await session.scalars(statement.order_by(AutosaveRow.saved_at.desc()))).all()


async def saved_form(session: AsyncSession, account_id: UUID, key: str) -> AutosaveRow | None:
    return await session.get(AutosaveRow, (account_id, key))


async def receipts_of(session: AsyncSession, submission_id: UUID) -> Sequence[ArrivalRow]:
    """One an arrival, the latest first."""
    statement = select(ArrivalRow).where(ArrivalRow.submission_id == submission_id)
    return (await session.scalars(statement.order_by(ArrivalRow.version.desc()))).all()
