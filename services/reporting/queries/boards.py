"""Ranking boards: one series, one period, one kind of subject."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import NotFound
from services.reporting.domain.ranking import Rank, ranked
from services.reporting.replicas import (
    OfficerReplica,
    PeriodReplica,
    SchemeReplica,
    SeriesReplica,
    StatementReplica,
    UnitReplica,
)


class PeriodMissing(NotFound):
    code = "period-not-found"
    zh = "没有这个考核周期"
    en = "There is no such period"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a board; points in thousandths."""

    subject_id: UUID
    code: str
    name: str
    unit_name: str | None
    total_milli: int
    modules: dict[str, int]
    entries: int
    rank: Rank
    previous_milli: int | None


@dataclass
class Board:
    period: PeriodReplica
    scheme: SchemeReplica
    series: SeriesReplica | None
    subject_kind: str
    lines: list[Line] = field(default_factory=list)
    unranked: list[tuple[UUID, str, str]] = field(default_factory=list)


async def period_of(
    session: AsyncSession, scheme_id: UUID, period_id: UUID
) -> tuple[PeriodReplica, SchemeReplica]:
    period = await session.get(PeriodReplica, period_id)
    scheme = await session.get(SchemeReplica, scheme_id)
    if period is None or scheme is None or period.scheme_id != scheme_id:
        raise PeriodMissing
    return period, scheme


def _in_series(column: Any, series_id: UUID | None) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_(None) if series_id is None else column == series_id
    return found


async def board(
    session: AsyncSession,
    *,
    scheme_id: UUID,
    period_id: UUID,
    subject_kind: str,
    series_id: UUID | None,
    under: str | None = None,
    module: str | None = None,
) -> Board:
    """The whole board in the order of ranks. Ranks are those of the series, also when `under` shows a part of it."""
    period, scheme = await period_of(session, scheme_id, period_id)
    series = await session.get(SeriesReplica, series_id) if series_id else None
    found = await _statements(session, period_id, subject_kind, series_id)
    before = await _previous(session, period, subject_kind, series_id)
    modules = {row.subject_id: {m["module"]: m["points_milli"] for m in row.modules} for row in found}

    def figure(row: Any) -> int:
        return int(modules[row.subject_id].get(module, 0) if module else row.total_milli)

    totals = {row.subject_id: figure(row) for row in found}
    ranks = ranked(totals, before if module is None else {})
    lines = [
        Line(
            row.subject_id, row.code, row.name, row.unit_name, totals[row.subject_id], modules[row.subject_id],
            row.entries, ranks[row.subject_id], before.get(row.subject_id),
        )
        for row in found
        if not under or row.path.startswith(under)
    ]  # fmt: skip
    lines.sort(key=lambda line: (line.rank.rank, line.code))
    return Board(period, scheme, series, subject_kind, lines)


async def _statements(session: AsyncSession, period_id: UUID, kind: str, series_id: UUID | None) -> list[Any]:
    """Statements with names: plain columns, for a board of ten thousand is read in one go."""
    columns = (
        StatementReplica.subject_id,
        StatementReplica.total_milli,
        StatementReplica.modules,
        StatementReplica.entries,
    )
    if kind == "unit":
        query = select(
            *columns,
            UnitReplica.code,
            UnitReplica.name,
            UnitReplica.path,
            UnitReplica.code.label("unit_name"),
        ).join(UnitReplica, and_(UnitReplica.id == StatementReplica.subject_id, UnitReplica.level > 1))
        query = query.where(_in_series(UnitReplica.series_id, series_id))
    else:
        query = (
            select(
                *columns,
                OfficerReplica.police_number.label("code"),
                OfficerReplica.name,
                UnitReplica.path,
                UnitReplica.name.label("unit_name"),
            )
            .join(OfficerReplica, OfficerReplica.id == StatementReplica.subject_id)
            .join(UnitReplica, UnitReplica.id == StatementReplica.unit_id)
            .where(_in_series(OfficerReplica.series_id, series_id))
        )
    query = query.where(StatementReplica.period_id == period_id, StatementReplica.subject_kind == kind)
    return list((await session.execute(query)).all())


async def _previous(
    session: AsyncSession, period: PeriodReplica, kind: str, series_id: UUID | None
) -> dict[UUID, int]:
    """Totals of the same series in the period before this one."""
    earlier = select(PeriodReplica.id).where(
        PeriodReplica.scheme_id == period.scheme_id, PeriodReplica.starts_on < period.starts_on
    )
    before = await session.scalar(earlier.order_by(PeriodReplica.starts_on.desc()).limit(1))
    if before is None:
        return {}
    return {row.subject_id: row.total_milli for row in await _statements(session, before, kind, series_id)}


async def unranked(session: AsyncSession, board: Board) -> list[tuple[UUID, str, str]]:
    """(id, code, name) of those of the series who have no statement: without a figure, which is not zero."""
    has = select(StatementReplica.subject_id).where(StatementReplica.period_id == board.period.id)
    series_id = board.series.id if board.series else None
    if board.subject_kind == "unit":
        query = select(UnitReplica.id, UnitReplica.code, UnitReplica.name).where(
            UnitReplica.level > 1, _in_series(UnitReplica.series_id, series_id), UnitReplica.id.not_in(has)
        )
        query = query.where(_valid(UnitReplica, board.period)).order_by(UnitReplica.code)
    else:
        query = (
            select(OfficerReplica.id, OfficerReplica.police_number, OfficerReplica.name)
            .where(_in_series(OfficerReplica.series_id, series_id), OfficerReplica.id.not_in(has))
            .where(OfficerReplica.status.in_(["in_service", "probation"]))
            .order_by(OfficerReplica.police_number)
        )
    return [(row[0], row[1], row[2]) for row in (await session.execute(query.limit(20_000))).all()]


def _valid(row: type[UnitReplica], period: PeriodReplica) -> ColumnElement[bool]:
    return and_(
        row.valid_from <= period.ends_on, or_(row.valid_to.is_(None), row.valid_to >= period.starts_on)
    )


@dataclass(frozen=True, slots=True)
class Summary:
    subject_kind: str
    series_id: UUID | None
    series_name: str
    ranked: int
    highest_milli: int
    mean_milli: int


async def summary(session: AsyncSession, period_id: UUID) -> list[Summary]:
    """The boards there are in a period: kind and series, with how many stand on them."""
    result = []
    for kind, subject, series_column in (
        ("unit", UnitReplica, UnitReplica.series_id),
        ("officer", OfficerReplica, OfficerReplica.series_id),
    ):
        query = (
            select(
                series_column,
                SeriesReplica.name,
                func.count(),
                func.max(StatementReplica.total_milli),
                func.round(func.avg(StatementReplica.total_milli)),
            )
            .select_from(StatementReplica)
            .join(subject, subject.id == StatementReplica.subject_id)
            .outerjoin(SeriesReplica, SeriesReplica.id == series_column)
            .where(StatementReplica.period_id == period_id, StatementReplica.subject_kind == kind)
            .group_by(series_column, SeriesReplica.name)
            .order_by(SeriesReplica.name)
        )
        if kind == "unit":
            query = query.where(UnitReplica.level > 1)
        for series_id, name, count, highest, mean in (await session.execute(query)).all():
            result.append(
                Summary(kind, series_id, name or "未分组 / no series", count, int(highest), int(mean))
            )
    return result
