"""The facts about targets, competence, holidays and numbers that the rules ask for."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, String, Uuid, bindparam, func, null, or_, select, text
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


# Built once: putting these together took more of each submission's time than the database did.
_TARGET = (
    select(TargetReplica, IndicatorReplica, PeriodReplica, UnitReplica)
    .join(IndicatorReplica, IndicatorReplica.id == TargetReplica.indicator_id)
    .join(PeriodReplica, PeriodReplica.id == TargetReplica.period_id)
    .join(UnitReplica, UnitReplica.id == TargetReplica.unit_id)
    .where(TargetReplica.id == bindparam("target", type_=Uuid))
)
_KINDS = select(UnitReplica.kind).where(UnitReplica.path.in_(bindparam("paths", expanding=True)))
_STATUS = select(TargetReplica.status).where(TargetReplica.id == bindparam("target", type_=Uuid))
_NEXT = text("SELECT nextval(CAST(:sequence AS text))")
_Scope, _Competent = aliased(UnitReplica), aliased(UnitReplica)


def _candidates(replica: Any, covers: ColumnElement[Any]) -> Select[Any]:
    """Who of `replica` is competent on `:day` for a unit of `:path`: unit, its path, the path of its scope, kinds covered."""
    day = bindparam("day", type_=Date)
    return (
        select(replica.unit_id, _Competent.path, _Scope.path, covers)
        .join(_Scope, _Scope.id == replica.scope_unit_id)
        .join(_Competent, _Competent.id == replica.unit_id)
        .where(
            ~replica.deleted,
            replica.valid_from <= day,
            or_(replica.valid_to.is_(None), replica.valid_to >= day),
            func.starts_with(bindparam("path", type_=String), _Scope.path),
        )
        .order_by(replica.id)
    )


_AUTHORITIES = _candidates(LineAuthorityReplica, null()).where(
    LineAuthorityReplica.line == bindparam("line", type_=String)
)
_OFFICES = _candidates(AssessmentOfficeReplica, AssessmentOfficeReplica.covers.expression)


async def target_facts(session: AsyncSession, target_id: UUID) -> TargetFacts:
    """A target with its indicator, its period and the unit that carries it."""
    row = (await session.execute(_TARGET, {"target": target_id})).one_or_none()
    if row is None:
        raise TargetUnknown
    return TargetFacts(*row)


async def target_status(session: AsyncSession, target_id: UUID) -> str:
    status: str | None = await session.scalar(_STATUS, {"target": target_id})
    if status is None:
        raise TargetUnknown
    return status


async def unit(session: AsyncSession, unit_id: UUID) -> UnitReplica | None:
    return await session.get(UnitReplica, unit_id)


async def line_authorities(session: AsyncSession, *, path: str, line: str, day: date) -> list[Candidate]:
    """Those of the units above `path` (itself included) that are valid on that day."""
    return await _found(session, _AUTHORITIES, path=path, day=day, line=line)


async def assessment_offices(session: AsyncSession, *, path: str, day: date) -> list[Candidate]:
    return await _found(session, _OFFICES, path=path, day=day)


async def _found(session: AsyncSession, statement: Select[Any], **values: Any) -> list[Candidate]:
    rows = (await session.execute(statement, values)).all()
    return [Candidate(unit, competent, scope, tuple(covers or ())) for unit, competent, scope, covers in rows]


async def kinds_upwards(session: AsyncSession, path: str) -> list[str]:
    """The kinds of the unit and of those above it."""
    codes = path.strip("/").split("/")
    paths = ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
    return list(await session.scalars(_KINDS, {"paths": paths}))


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
    number: int = (await session.execute(_NEXT, {"sequence": sequence})).scalar_one()
    return number
