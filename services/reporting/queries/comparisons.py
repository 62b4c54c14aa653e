"""Beside the peers and over time; unit by indicator; how figures lie in each unit."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.errors import NotFound
from services.reporting.domain.figures import Month
from services.reporting.domain.spread import Box, box
from services.reporting.queries import live
from services.reporting.replicas import IndicatorReplica, SubmissionReplica, TargetReplica, UnitReplica

_LIVE = ("issued", "acknowledged", "revised")
_COUNTED = ("accepted", "under_appeal", "upheld", "changed", "sealed")

_TREND = text(
    """
    WITH mine AS (
      SELECT period_id, total_milli FROM statement
      WHERE subject_id = :subject AND subject_kind = :kind AND period_id = ANY(CAST(:periods AS uuid[])))
    SELECT m.period_id, m.total_milli, count(*) AS peers, round(avg(s.total_milli)) AS mean, max(s.total_milli) AS most,
           count(*) FILTER (WHERE s.total_milli > m.total_milli) AS ahead
    FROM mine m
    JOIN statement s ON s.period_id = m.period_id AND s.subject_kind = :kind
    LEFT JOIN officer o ON :kind = 'officer' AND o.id = s.subject_id
    LEFT JOIN unit u ON :kind = 'unit' AND u.id = s.subject_id AND u.level > 1
    WHERE coalesce(o.series_id, u.series_id) IS NOT DISTINCT FROM :series AND (o.id IS NOT NULL OR u.id IS NOT NULL)
    GROUP BY m.period_id, m.total_milli
    """
)


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a subject beside its series; thousandths. None: without a figure in that month."""

    month: Month
    total_milli: int | None
    rank: int | None
    peers: int
    mean_milli: int | None
    most_milli: int | None


async def trend(
    session: AsyncSession, months: list[Month], kind: str, subject_id: UUID, series_id: UUID | None
) -> list[Point]:
    """Month by month, in order. Ranks are competition ranks by the total."""
    facts = {"subject": subject_id, "kind": kind, "periods": [m.id for m in months], "series": series_id}
    found = {row.period_id: row for row in await session.execute(_TREND, facts)}
    return [_point(month, found.get(month.id)) for month in months]


def _point(month: Month, row: Any) -> Point:
    if row is None:
        return Point(month, None, None, 0, None, None)
    return Point(month, row.total_milli, row.ahead + 1, row.peers, int(row.mean), row.most)


@dataclass(frozen=True, slots=True)
class Cell:
    """Quantities: what was wanted and what counts."""

    wanted: Decimal = Decimal(0)
    done: Decimal = Decimal(0)

    def plus(self, wanted: Decimal, done: Decimal) -> "Cell":
        return Cell(self.wanted + wanted, self.done + done)


@dataclass(frozen=True, slots=True)
class Matrix:
    units: list[UnitReplica]
    indicators: list[IndicatorReplica]
    cells: Mapping[tuple[UUID, UUID], Cell]


async def root_name(session: AsyncSession) -> str:
    """What the bureau is called."""
    query = (
        select(UnitReplica.name).where(UnitReplica.parent_id.is_(None)).order_by(UnitReplica.code).limit(1)
    )
    return await session.scalar(query) or ""


async def branches(session: AsyncSession, unit_id: UUID) -> tuple[UnitReplica, list[UnitReplica]]:
    """A unit and its direct sub-units, by code; raises NotFound."""
    top = await session.get(UnitReplica, unit_id)
    if top is None:
        raise NotFound
    below = await session.scalars(
        select(UnitReplica).where(UnitReplica.parent_id == unit_id).order_by(UnitReplica.code)
    )
    return top, list(below.all())


async def matrix(session: AsyncSession, scheme_id: UUID, period_id: UUID, unit_id: UUID) -> Matrix:
    """Direct sub-units by indicators: what is wanted of the officers below, or of the unit itself where it has the target."""
    _, units = await branches(session, unit_id)
    cells: dict[tuple[UUID, UUID], Cell] = defaultdict(Cell)
    home, branch = aliased(UnitReplica), aliased(UnitReplica)
    below = home.path.startswith(branch.path)
    for kind in ("officer", "unit"):
        own = below if kind == "officer" else home.id == branch.id
        wanted = (
            select(branch.id, TargetReplica.indicator_id, func.sum(TargetReplica.quantity))
            .join(home, home.id == TargetReplica.unit_id)
            .join(branch, own)
            .where(TargetReplica.period_id == period_id, TargetReplica.subject_kind == kind)
            .where(branch.parent_id == unit_id, TargetReplica.status.in_(_LIVE))
            .group_by(branch.id, TargetReplica.indicator_id)
        )
        done = (
            select(branch.id, SubmissionReplica.indicator_id, func.sum(SubmissionReplica.accepted_quantity))
            .join(home, home.id == SubmissionReplica.unit_id)
            .join(branch, own)
            .where(SubmissionReplica.period_id == period_id, SubmissionReplica.subject_kind == kind)
            .where(branch.parent_id == unit_id, SubmissionReplica.status.in_(_COUNTED))
            .group_by(branch.id, SubmissionReplica.indicator_id)
        )
        fresh: dict[tuple[UUID, UUID], Cell] = defaultdict(Cell)
        for row in await session.execute(wanted):
            fresh[row[0], row[1]] = fresh[row[0], row[1]].plus(row[2], Decimal(0))
        for unit, indicator, quantity in (await session.execute(done)).all():
            fresh[unit, indicator] = fresh[unit, indicator].plus(Decimal(0), quantity or Decimal(0))
        # A unit's own target is what its officers' targets were split from: it counts where nothing was handed down.
        cells |= {key: cell for key, cell in fresh.items() if key not in cells}
    query = select(IndicatorReplica).where(
        IndicatorReplica.scheme_id == scheme_id, IndicatorReplica.active.is_(True)
    )
    indicators = list((await session.scalars(query.order_by(IndicatorReplica.code))).all())
    return Matrix(units, indicators, dict(cells))


async def boxes(
    session: AsyncSession, period_id: UUID, unit_id: UUID, series_id: UUID | None
) -> list[tuple[UnitReplica, Box]]:
    """Officers' totals in each direct sub-unit and below it; units where nobody has a figure are left out."""
    _, units = await branches(session, unit_id)
    memory = await live.fresh(session, [period_id])
    homes, members = memory.members["unit"].rows, memory.members["officer"].rows
    grouped: dict[UUID, list[int]] = defaultdict(list)
    for score in memory.scores[period_id, "officer"].rows.values():
        home, member = homes.get(score.unit_id), members.get(score.subject_id)
        if home is None or member is None or (series_id is not None and member.series_id != series_id):
            continue
        for unit in units:
            if home.path.startswith(unit.path):
                grouped[unit.id].append(score.total_milli)
                break
    return [(unit, box(grouped[unit.id])) for unit in units if unit.id in grouped]
