"""How far a scheme's targets have come down: by level and indicator, and whom they have not reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.targets.domain.quantity import trimmed
from services.targets.domain.target import UNANSWERED, TargetState
from services.targets.models import IndicatorRow, PeriodRow, TargetRow
from services.targets.queries import org
from services.targets.replicas import OfficerReplica, PostingReplica, UnitReplica

OFFICER_LEVEL = 5
LISTED = 200
_ASIDE = (TargetState.DRAFT, TargetState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Row:
    """Of one level and indicator. `doubly_covered` is what parts exceed their parents by."""

    level: int
    indicator_id: UUID
    indicator_code: str
    indicator_name: str
    targets: int
    quantity: Decimal
    handed_down: Decimal
    uncovered: Decimal
    doubly_covered: Decimal
    not_acknowledged: int


async def by_level(session: AsyncSession, *, scheme_id: UUID, period_id: UUID, path: str) -> list[Row]:
    part = aliased(TargetRow)
    sums = (
        select(part.parent_id, func.sum(part.quantity).label("total"))
        .where(part.scheme_id == scheme_id, part.period_id == period_id, part.status.not_in(_ASIDE))
        .group_by(part.parent_id)
        .subquery()
    )
    nothing = literal(Decimal(0))
    of_unit = TargetRow.subject_kind == "unit"
    total = func.coalesce(sums.c.total, nothing)
    level = case((of_unit, UnitReplica.level), else_=OFFICER_LEVEL)
    rest = case((of_unit, func.greatest(TargetRow.quantity - total, nothing)), else_=nothing)
    waiting = func.count().filter(TargetRow.status.in_([state.value for state in UNANSWERED]))
    statement = (
        select(
            level.label("level"),
            IndicatorRow.id,
            IndicatorRow.code,
            IndicatorRow.name,
            func.count(),
            func.sum(TargetRow.quantity),
            func.sum(total),
            func.sum(rest),
            func.sum(case((of_unit, func.greatest(total - TargetRow.quantity, nothing)), else_=nothing)),
            waiting,
        )
        .join(UnitReplica, UnitReplica.id == TargetRow.unit_id)
        .join(IndicatorRow, IndicatorRow.id == TargetRow.indicator_id)
        .outerjoin(sums, sums.c.parent_id == TargetRow.id)
        .where(
            TargetRow.scheme_id == scheme_id,
            TargetRow.period_id == period_id,
            TargetRow.status.not_in(_ASIDE),
            UnitReplica.path.startswith(path, autoescape=True),
        )
        .group_by(level, IndicatorRow.id)
        .order_by(level, IndicatorRow.position, IndicatorRow.id)
    )
    rows = await session.execute(statement)
    return [_row(tuple(row)) for row in rows]


def _row(values: tuple[Any, ...]) -> Row:
    plain: Any = [trimmed(value) if isinstance(value, Decimal) else value for value in values]
    return Row(*plain)


async def officers_without_target(
    session: AsyncSession, *, period: PeriodRow, path: str
) -> tuple[int, Sequence[Any]]:
    """How many serving officers of the subtree have no live target of the scheme in the period, and the first of them."""
    span = org.Span(period.starts_on, period.ends_on)
    reached = select(TargetRow.id).where(
        TargetRow.subject_id == OfficerReplica.id,
        TargetRow.period_id == period.id,
        TargetRow.status.not_in(_ASIDE),
    )
    posted: ColumnElement[bool] = and_(
        PostingReplica.officer_id == OfficerReplica.id,
        PostingReplica.is_primary,
        ~PostingReplica.deleted,
        org.overlaps(PostingReplica, span),
    )
    statement = (
        select(
            OfficerReplica.id,
            OfficerReplica.police_number,
            OfficerReplica.name,
            func.min(UnitReplica.code).label("unit_code"),
            func.count().over().label("of"),
        )
        .join(PostingReplica, posted)
        .join(UnitReplica, UnitReplica.id == PostingReplica.unit_id)
        .where(
            UnitReplica.path.startswith(path, autoescape=True),
            OfficerReplica.status.in_(org.SERVING),
            ~reached.exists(),
        )
        .group_by(OfficerReplica.id)
        .order_by(OfficerReplica.police_number, OfficerReplica.id)
        .limit(LISTED)
    )
    rows = (await session.execute(statement)).all()
    return (rows[0].of if rows else 0), rows
