"""The facts about targets, competence, holidays and numbers that the rules ask for."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.errors import Invalid
from services.submissions.domain.routing import Candidate
from services.submissions.replicas import (
    AssessmentOfficeReplica,
    IndicatorReplica,
    LineAuthorityReplica,
    PeriodReplica,
    SchemeReplica,
    TargetReplica,
    UnitReplica,
    WorkingDaysReplica,
)
from services.submissions.tables import SEQUENCES


class TargetUnknown(Invalid):
    code = "target-unknown"
    zh = "没有这个目标"
    en = "There is no such target"


@dataclass(frozen=True, slots=True)
class TargetFacts:
    target: TargetReplica
    indicator: IndicatorReplica
    period: PeriodReplica
    unit: UnitReplica


async def target_facts(session: AsyncSession, target_id: UUID) -> TargetFacts:
    """A target with its indicator, its period and the unit that carries it."""
    statement = (
        select(TargetReplica, IndicatorReplica, PeriodReplica, UnitReplica)
        .join(IndicatorReplica, IndicatorReplica.id == TargetReplica.indicator_id)
        .join(PeriodReplica, PeriodReplica.id == TargetReplica.period_id)
        .join(UnitReplica, UnitReplica.id == TargetReplica.unit_id)
        .where(TargetReplica.id == target_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise TargetUnknown
    return TargetFacts(*row)


async def unit(session: AsyncSession, unit_id: UUID) -> UnitReplica | None:
    return await session.get(UnitReplica, unit_id)


async def line_authorities(session: AsyncSession, *, path: str, line: str, day: date) -> list[Candidate]:
    """Those of the units above `path` (itself included) that are valid on that day."""
    return await _candidates(session, LineAuthorityReplica, path, day, LineAuthorityReplica.line == line)


async def assessment_offices(session: AsyncSession, *, path: str, day: date) -> list[Candidate]:
    return await _candidates(session, AssessmentOfficeReplica, path, day, literal(True))


async def _candidates(
    session: AsyncSession, replica: Any, path: str, day: date, condition: ColumnElement[bool]
) -> list[Candidate]:
    scope, competent = aliased(UnitReplica), aliased(UnitReplica)
    statement = (
        select(replica, scope.path, competent.path)
        .join(scope, scope.id == replica.scope_unit_id)
        .join(competent, competent.id == replica.unit_id)
        .where(
            ~replica.deleted,
            replica.valid_from <= day,
            or_(replica.valid_to.is_(None), replica.valid_to >= day),
            func.starts_with(literal(path), scope.path),
            condition,
        )
        .order_by(replica.id)
    )
    return [
        Candidate(row.unit_id, competent_path, scope_path, tuple(getattr(row, "covers", ())))
        for row, scope_path, competent_path in (await session.execute(statement)).all()
    ]


async def kinds_upwards(session: AsyncSession, path: str) -> list[str]:
    """The kinds of the unit and of those above it."""
    codes = path.strip("/").split("/")
    paths = ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
    return list(await session.scalars(select(UnitReplica.kind).where(UnitReplica.path.in_(paths))))


async def appeal_unit(session: AsyncSession, *, authority_id: UUID | None, scheme_id: UUID) -> UUID | None:
    """The unit one level above the one that decided; the scheme's own unit if nobody is above."""
    above = await session.scalar(select(UnitReplica.parent_id).where(UnitReplica.id == authority_id))
    if above is not None:
        return above
    scope = await session.scalar(select(SchemeReplica.scope_unit_id).where(SchemeReplica.id == scheme_id))
    return scope or authority_id


async def calendar(session: AsyncSession, *, since: date) -> dict[date, bool]:
    """The exceptional days of this year and on, as `targets` arranges them: True where people work."""
    found: dict[date, bool] = {}
    arranged = select(WorkingDaysReplica.days).where(WorkingDaysReplica.year >= since.year - 1)
    for days in (await session.scalars(arranged)).all():
        found |= {date.fromisoformat(day["day"]): bool(day["working"]) for day in days}
    return found


async def next_number(session: AsyncSession, sequence: str) -> int:
    """The next running number; a number is never given twice, one may stay unused."""
    if sequence not in SEQUENCES:
        raise ValueError(sequence)
    number: int = (await session.execute(text(f"SELECT nextval('{sequence}')"))).scalar_one()
    return number
