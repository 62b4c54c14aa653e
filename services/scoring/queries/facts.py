"""What the rules are applied to, and what is posted already."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

import rules
from contracts.submissions import SubmissionStatus
from kernel.delivery.handlers import MissingReference
from rules.totals import Module, Scheme
from services.scoring.models import EntryRow, ShortfallRow, StatementRow
from services.scoring.replicas import (
    IndicatorReplica,
    PeriodReplica,
    PostingReplica,
    SchemeReplica,
    SubmissionReplica,
    TargetReplica,
    UnitReplica,
)

#: States in which an accepted quantity counts. Under appeal, what the review decided counts on.
COUNTED = (
    SubmissionStatus.ACCEPTED,
    SubmissionStatus.UNDER_APPEAL,
    SubmissionStatus.UPHELD,
    SubmissionStatus.CHANGED,
    SubmissionStatus.SEALED,
)
Known = TypeVar("Known", IndicatorReplica, PeriodReplica, UnitReplica, SchemeReplica)
LIVE_TARGETS = ("issued", "acknowledged", "revised")
SEALED = "sealed"
#: One transaction applies several events, and replicas are written behind the session's back: read them anew.
FRESH = {"populate_existing": True}


async def indicator(session: AsyncSession, indicator_id: UUID) -> IndicatorReplica:
    return await _known(session, IndicatorReplica, indicator_id, "indicator")


async def period(session: AsyncSession, period_id: UUID) -> PeriodReplica:
    return await _known(session, PeriodReplica, period_id, "period")


async def unit(session: AsyncSession, unit_id: UUID) -> UnitReplica:
    return await _known(session, UnitReplica, unit_id, "unit")


async def _known(session: AsyncSession, kind: type[Known], key: UUID, what: str) -> Known:
    row = await session.get(kind, key, populate_existing=True)
    if row is None:
        raise MissingReference(what=what)
    return row


async def scheme(session: AsyncSession, scheme_id: UUID) -> Scheme:
    row = await _known(session, SchemeReplica, scheme_id, "scheme")
    return scheme_of(row)


def scheme_of(row: Any) -> Scheme:
    """From a replica, or from an event."""

    def number(value: Any) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    modules = [m if isinstance(m, dict) else m.model_dump() for m in row.modules]
    roll_up = row.roll_up if isinstance(row.roll_up, dict) else row.roll_up.model_dump()
    return Scheme(
        modules=tuple(
            Module(str(m["code"]), Decimal(str(m["weight"])), number(m["cap"]), number(m["floor"]))
            for m in modules
        ),
        combination=row.module_combination,
        total_decimals=row.total_decimals,
        bonus_cap=row.bonus_cap,
        deduction_cap=row.deduction_cap,
        own_weight=Decimal(str(roll_up["own_weight"])),
        members_weight=Decimal(str(roll_up["members_weight"])),
        members=roll_up["members"],
        roll_up_decimals=int(roll_up["decimals"]),
    )


async def target(
    session: AsyncSession, subject_id: UUID, indicator_id: UUID, period_id: UUID
) -> TargetReplica | None:
    """The live target of the subject for the indicator in the period."""
    query = select(TargetReplica).where(
        TargetReplica.subject_id == subject_id,
        TargetReplica.indicator_id == indicator_id,
        TargetReplica.period_id == period_id,
        TargetReplica.status.in_(LIVE_TARGETS),
    )
    return await session.scalar(query.order_by(TargetReplica.id).limit(1), execution_options=FRESH)


async def require_target(session: AsyncSession, target_id: UUID) -> None:
    """Raises MissingReference until the target is known, live or withdrawn."""
    if await session.scalar(select(TargetReplica.id).where(TargetReplica.id == target_id)) is None:
        raise MissingReference(what="target")


async def accepted(
    session: AsyncSession, subject_id: UUID, indicator_id: UUID, period_id: UUID
) -> Sequence[SubmissionReplica]:
    """What counts, in an order that does not depend on arrival."""
    query = select(SubmissionReplica).where(
        SubmissionReplica.subject_id == subject_id,
        SubmissionReplica.indicator_id == indicator_id,
        SubmissionReplica.period_id == period_id,
        SubmissionReplica.status.in_(COUNTED),
        SubmissionReplica.accepted_quantity > 0,
    )
    order = (SubmissionReplica.event_date, SubmissionReplica.id)
    return (await session.scalars(query.order_by(*order), execution_options=FRESH)).all()


async def targets_with_work(session: AsyncSession, targets: Sequence[Any]) -> set[UUID]:
    """Of these targets, those that change a score: something was ever submitted for them, or nothing counts as zero."""
    work = (SubmissionReplica.subject_id, SubmissionReplica.indicator_id, SubmissionReplica.period_id)
    subjects = {target.subject_id for target in targets}
    query = select(*work).where(SubmissionReplica.subject_id.in_(subjects)).distinct()
    known = {tuple(row) for row in await session.execute(query)}
    periods = select(ShortfallRow.period_id).where(ShortfallRow.period_id.in_({t.period_id for t in targets}))
    closed = set((await session.scalars(periods)).all())
    return {
        t.id for t in targets if (t.subject_id, t.indicator_id, t.period_id) in known or t.period_id in closed
    }


async def anything_scored(session: AsyncSession) -> bool:
    return await session.scalar(select(StatementRow.id).limit(1)) is not None


async def with_statements(session: AsyncSession, subjects: Collection[UUID]) -> set[UUID]:
    """Of these subjects, those that have a statement in any period."""
    query = select(StatementRow.subject_id).where(StatementRow.subject_id.in_(subjects)).distinct()
    return set((await session.scalars(query)).all())


def facts_of(target: Any, submissions: Sequence[Any], *, closed: bool) -> rules.Facts:
    """`closed`: shortfalls of the period are posted, and whoever has a target and no work has zero."""
    return rules.Facts(
        closed=closed and target is not None,
        target=target.quantity if target is not None else None,
        baseline=None,
        events=tuple(
            rules.Event(id=str(s.id), quantity=s.accepted_quantity, occurred_on=s.event_date)
            for s in submissions
        ),
    )


async def closed(session: AsyncSession, period_id: UUID) -> bool:
    """Whether a target without work counts as zero in the period by now."""
    query = select(ShortfallRow.period_id).where(ShortfallRow.period_id == period_id)
    return await session.scalar(query) is not None


async def posted(session: AsyncSession, subject_id: UUID, indicator_id: UUID, period_id: UUID) -> int:
    """Thousandths that the ledger holds for this subject, indicator and period."""
    query = select(func.coalesce(func.sum(EntryRow.points_milli), 0)).where(
        EntryRow.subject_id == subject_id,
        EntryRow.indicator_id == indicator_id,
        EntryRow.period_id == period_id,
    )
    return int(await session.scalar(query) or 0)


async def homes(session: AsyncSession, day: date, only: Collection[UUID] | None = None) -> dict[UUID, UUID]:
    """Officer → the unit of the primary posting on the day, or of the last one before it. `only`: of these."""
    query = (
        select(PostingReplica.officer_id, PostingReplica.unit_id)
        .where(PostingReplica.is_primary, PostingReplica.deleted.is_(False), PostingReplica.valid_from <= day)
        .ext(distinct_on(PostingReplica.officer_id))
        .order_by(PostingReplica.officer_id, PostingReplica.valid_from.desc(), PostingReplica.id)
    )
    if only is not None:
        query = query.where(PostingReplica.officer_id.in_(only))
    return {row.officer_id: row.unit_id for row in await session.execute(query)}


async def home(session: AsyncSession, officer_id: UUID, day: date) -> UUID | None:
    """The unit of the officer's primary posting on the day, or of the last one before it."""
    query = (
        select(PostingReplica.unit_id)
        .where(
            PostingReplica.officer_id == officer_id,
            PostingReplica.is_primary,
            PostingReplica.deleted.is_(False),
            PostingReplica.valid_from <= day,
        )
        .order_by(PostingReplica.valid_from.desc(), PostingReplica.id)
        .limit(1)
    )
    return await session.scalar(query)


async def period_of(session: AsyncSession, scheme_id: UUID, day: date) -> PeriodReplica | None:
    query = select(PeriodReplica).where(
        and_(
            PeriodReplica.scheme_id == scheme_id, PeriodReplica.starts_on <= day, PeriodReplica.ends_on >= day
        )
    )
    return await session.scalar(query)


async def period_before(session: AsyncSession, row: PeriodReplica) -> UUID | None:
    """The period of the same scheme that ended last before this one began."""
    query = select(PeriodReplica.id).where(
        PeriodReplica.scheme_id == row.scheme_id, PeriodReplica.ends_on < row.starts_on
    )
    return await session.scalar(query.order_by(PeriodReplica.ends_on.desc()).limit(1))


async def period_after(session: AsyncSession, row: PeriodReplica) -> PeriodReplica | None:
    """The period of the same scheme that begins first after this one has ended."""
    query = select(PeriodReplica).where(
        PeriodReplica.scheme_id == row.scheme_id, PeriodReplica.starts_on > row.ends_on
    )
    return await session.scalar(query.order_by(PeriodReplica.starts_on).limit(1), execution_options=FRESH)
