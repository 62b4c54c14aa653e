"""What the leader of a unit splits: its targets of a period, who stands below, and the parts that there are."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.targets.domain.target import BINDING
from services.targets.models import IndicatorRow, PeriodRow, TargetRow
from services.targets.queries import org
from services.targets.queries.board import BoardState
from services.targets.queries.targets import LIVE
from services.targets.replicas import OfficerReplica, UnitReplica


@dataclass(frozen=True, slots=True)
class SheetRow:
    target: TargetRow
    indicator: IndicatorRow
    handed_down: Decimal
    parts: int

    @property
    def divisible(self) -> bool:
        return self.target.status in BINDING

    @property
    def state(self) -> BoardState:
        if not self.parts:
            return BoardState.NOT_HANDED_DOWN
        if self.handed_down < self.target.quantity:
            return BoardState.PARTLY
        return BoardState.DOUBLY if self.handed_down > self.target.quantity else BoardState.DECOMPOSED


@dataclass(frozen=True, slots=True)
class Subject:
    subject_kind: str
    subject_id: UUID
    name: str
    code: str
    heads: int
    coefficient: Decimal


@dataclass(frozen=True, slots=True)
class Sheet:
    unit_id: UUID
    period_id: UUID
    rows: list[SheetRow]
    subjects: list[Subject]
    parts: list[TargetRow]


async def sheet_of(session: AsyncSession, unit_id: UUID, period: PeriodRow) -> Sheet:
    """In a handful of statements, whatever the size of the unit."""
    statement = (
        select(TargetRow, IndicatorRow)
        .join(IndicatorRow, IndicatorRow.id == TargetRow.indicator_id)
        .where(
            TargetRow.subject_id == unit_id,
            TargetRow.period_id == period.id,
            TargetRow.status.in_([state.value for state in BINDING]),
        )
        .order_by(IndicatorRow.position, TargetRow.id)
    )
    targets = (await session.execute(statement)).all()
    parts = list(
        await session.scalars(
            select(TargetRow)
            .where(TargetRow.parent_id.in_([target.id for target, _ in targets]), LIVE)
            .order_by(TargetRow.id)
        )
    )
    return Sheet(
        unit_id,
        period.id,
        [
            SheetRow(
                target,
                indicator,
                sum((p.quantity for p in parts if p.parent_id == target.id), Decimal(0)),
                sum(p.parent_id == target.id for p in parts),
            )
            for target, indicator in targets
        ],
        await _subjects(session, unit_id, org.Span(period.starts_on, period.ends_on)),
        parts,
    )


async def _subjects(session: AsyncSession, unit_id: UUID, span: org.Span) -> list[Subject]:
    below = (await org.sub_units(session, [unit_id], span)).get(unit_id, [])
    posted = (await org.officers_of(session, [unit_id], span, primary=False)).get(unit_id, [])
    heads = await org.head_counts(session, below, span)
    coefficients = await org.coefficients(session, below, span)
    own = await org.coefficients_of(session, posted, unit_id, span)
    units = await session.scalars(
        select(UnitReplica).where(UnitReplica.id.in_(below)).order_by(UnitReplica.code)
    )
    officers = await session.scalars(
        select(OfficerReplica).where(OfficerReplica.id.in_(posted)).order_by(OfficerReplica.police_number)
    )
    return [
        *(
            Subject("unit", u.id, u.name, u.code, heads.get(u.id, 0), coefficients.get(u.id, Decimal(0)))
            for u in units
        ),
        *(Subject("officer", o.id, o.name, o.police_number, 1, own.get(o.id, Decimal(1))) for o in officers),
    ]
