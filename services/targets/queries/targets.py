"""Reading targets, and locking them for a change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.errors import NotFound
from services.targets.domain.target import TargetState
from services.targets.models import IndicatorRow, PeriodRow, SchemeRow, TargetRow
from services.targets.replicas import SubmissionReplica

LIVE = TargetRow.status != TargetState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Setting:
    """What a target stands in."""

    schemes: dict[UUID, SchemeRow]
    indicators: dict[UUID, IndicatorRow]
    periods: dict[UUID, PeriodRow]


@dataclass(frozen=True, slots=True)
class Handed:
    """Live parts of a target: how many, and their sum."""

    count: int = 0
    total: Decimal = Decimal(0)


async def lock_targets(
    session: AsyncSession, ids: Collection[UUID], *, where: ColumnElement[bool]
) -> dict[UUID, TargetRow]:
    """Locked in order of id; raises NotFound unless all of them are visible."""
    wanted = set(ids)
    statement = select(TargetRow).where(TargetRow.id.in_(wanted), where).order_by(TargetRow.id)
    rows = await session.scalars(statement.with_for_update().execution_options(populate_existing=True))
    found = {row.id: row for row in rows}
    if len(found) != len(wanted):
        raise NotFound
    return found


async def get_target(session: AsyncSession, target_id: UUID, *, where: ColumnElement[bool]) -> TargetRow:
    row = await session.scalar(select(TargetRow).where(TargetRow.id == target_id, where))
    if row is None:
        raise NotFound
    return row


async def setting_of(session: AsyncSession, rows: Collection[TargetRow]) -> Setting:
    """Schemes, indicators and periods of the targets, by id, in three statements."""
    schemes = await session.scalars(select(SchemeRow).where(SchemeRow.id.in_({r.scheme_id for r in rows})))
    indicators = await session.scalars(
        select(IndicatorRow).where(IndicatorRow.id.in_({r.indicator_id for r in rows}))
    )
    periods = await session.scalars(select(PeriodRow).where(PeriodRow.id.in_({r.period_id for r in rows})))
    return Setting({s.id: s for s in schemes}, {i.id: i for i in indicators}, {p.id: p for p in periods})


async def handed_down(session: AsyncSession, parents: Collection[UUID]) -> dict[UUID, Handed]:
    statement = (
        select(TargetRow.parent_id, func.count(), func.sum(TargetRow.quantity))
        .where(TargetRow.parent_id.in_(set(parents)), LIVE)
        .group_by(TargetRow.parent_id)
    )
    rows = (await session.execute(statement)).all()
    return {parent: Handed(count, total) for parent, count, total in rows if parent is not None}


async def live_subjects(
    session: AsyncSession,
    indicators: Collection[UUID],
    periods: Collection[UUID],
    subjects: Collection[UUID],
) -> set[tuple[UUID, UUID, UUID]]:
    """(indicator, period, subject) of the live targets among these."""
    statement = select(TargetRow.indicator_id, TargetRow.period_id, TargetRow.subject_id).where(
        TargetRow.indicator_id.in_(set(indicators)),
        TargetRow.period_id.in_(set(periods)),
        TargetRow.subject_id.in_(set(subjects)),
        LIVE,
    )
    return {(i, p, s) for i, p, s in (await session.execute(statement)).all()}


async def lock_live_target(
    session: AsyncSession, indicator_id: UUID, period_id: UUID, subject_id: UUID
) -> TargetRow | None:
    """The one live target that a subject can have for an indicator in a period."""
    statement = select(TargetRow).where(
        TargetRow.indicator_id == indicator_id,
        TargetRow.period_id == period_id,
        TargetRow.subject_id == subject_id,
        LIVE,
    )
    return await session.scalar(statement.with_for_update())


async def shares_before(
    session: AsyncSession, targets: Collection[TargetRow]
) -> dict[tuple[UUID, UUID], Decimal]:
    """What each subject had of the same indicator in the period before, by target now and subject."""
    now, then = aliased(TargetRow), aliased(TargetRow)
    period, before = aliased(PeriodRow), aliased(PeriodRow)
    last = (
        select(before.id)
        .where(before.scheme_id == period.scheme_id, before.starts_on < period.starts_on)
        .order_by(before.starts_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(now.id, then.subject_id, func.sum(then.quantity))
        .join(period, period.id == now.period_id)
        .join(
            then,
            and_(
                then.indicator_id == now.indicator_id,
                then.period_id == last,
                then.issuer_unit_id == now.unit_id,
                then.status != TargetState.WITHDRAWN.value,
            ),
        )
        .where(now.id.in_({target.id for target in targets}))
        .group_by(now.id, then.subject_id)
    )
    return {(row[0], row[1]): row[2] for row in await session.execute(statement)}


async def worked_on(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Of these targets, those for which somebody has begun to send work."""
    statement = select(SubmissionReplica.target_id).where(
        SubmissionReplica.target_id.in_(set(ids)), SubmissionReplica.status != "withdrawn"
    )
    return set(await session.scalars(statement.distinct()))


async def live_subjects_of(session: AsyncSession, period_id: UUID) -> set[tuple[UUID, UUID]]:
    """(indicator, subject) of all live targets of a period."""
    statement = select(TargetRow.indicator_id, TargetRow.subject_id).where(
        TargetRow.period_id == period_id, LIVE
    )
    return {(indicator, subject) for indicator, subject in (await session.execute(statement)).all()}


async def descendants(session: AsyncSession, target_id: UUID) -> Sequence[UUID]:
    """Ids of the live targets below, at any depth."""
    tree = select(TargetRow.id).where(TargetRow.parent_id == target_id, LIVE).cte("tree", recursive=True)
    tree = tree.union_all(select(TargetRow.id).where(TargetRow.parent_id == tree.c.id, LIVE))
    return (await session.scalars(select(tree.c.id))).all()
