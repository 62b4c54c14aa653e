"""Work by any of its sides, and row by row; under the one rule of who sees what stands behind a figure."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, cast, func, select
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.identity import Principal
from services.reporting.domain.analysis import MOST_GROUPS, Measure, Part, Side, TooManyGroups, View
from services.reporting.models import AnalysisViewRow
from services.reporting.queries import drill
from services.reporting.replicas import (
    EntryReplica,
    IndicatorReplica,
    OfficerReplica,
    PeriodReplica,
    SubmissionReplica,
    UnitReplica,
)

_branch = aliased(UnitReplica)
_work = SubmissionReplica
#: Of each side: what tells it apart, and how it is shown.
_SIDES: dict[Side, tuple[Any, Any]] = {
    Side.INDICATOR: (_work.indicator_id, func.concat(IndicatorReplica.code, " ", IndicatorReplica.name)),
    Side.BRANCH: (_branch.id, _branch.name),
    Side.UNIT: (_work.unit_id, UnitReplica.name),
    Side.OFFICER: (OfficerReplica.id, OfficerReplica.name),
    Side.PERIOD: (_work.period_id, PeriodReplica.code),
    Side.STATE: (_work.status, _work.status),
}
_MEASURES: dict[Measure, Any] = {
    Measure.SUBMISSIONS: func.count(),
    Measure.QUANTITY: func.coalesce(func.sum(_work.quantity), 0),
    Measure.ACCEPTED: func.coalesce(func.sum(_work.accepted_quantity), 0),
}


@dataclass(frozen=True, slots=True)
class Group:
    """`keys` and `labels` side by side, of the rows' sides and then of the column; measures in the order asked for."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    values: tuple[Decimal, ...]


async def groups(session: AsyncSession, view: View, me: Principal) -> list[Group]:
    """In the order of their labels. Raises TooManyGroups."""
    sides = [*view.rows, *([view.column] if view.column else [])]
    points = _points(view.part)
    total = func.coalesce(func.sum(points.c.milli), 0) / 1000
    measures = [total if m is Measure.POINTS else _MEASURES[m] for m in view.measures]
    keys, labels = [_SIDES[side][0] for side in sides], [_SIDES[side][1] for side in sides]
    query = _visible(select(*keys, *labels, *measures), view.part, me, points)
    query = query.group_by(*keys, *labels).order_by(*labels, *keys).limit(MOST_GROUPS + 1)
    rows = (await session.execute(query)).all()
    if len(rows) > MOST_GROUPS:
        raise TooManyGroups(most=MOST_GROUPS)
    count = len(sides)
    return [
        Group(
            tuple(str(key) if key is not None else "" for key in row[:count]),
            tuple(label or "" for label in row[count : 2 * count]),
            tuple(_exact(value) for value in row[2 * count :]),
        )
        for row in rows
    ]


ROWS = (
    "编号", "周期", "指标代码", "指标", "单位代码", "单位", "事项日期", "数量", "认定数量", "状态", "提交时间", "审核时间", "得分",
)  # fmt: skip
PERSONAL = ("警号", "姓名", "摘要", "关联编号")


async def rows(
    session: AsyncSession, part: Part, me: Principal, *, personal: bool, batch: int
) -> AsyncIterator[Sequence[Sequence[Any]]]:
    """Piece by piece from a cursor of the server, so that a million takes no more memory than a thousand."""
    points = _points(part)
    columns = [
        _work.number, PeriodReplica.code, IndicatorReplica.code, IndicatorReplica.name, UnitReplica.code, UnitReplica.name,
        _work.event_date, _work.quantity, _work.accepted_quantity, _work.status, _work.submitted_at, _work.decided_at,
        points.c.milli,
    ]  # fmt: skip
    if personal:
        columns += [OfficerReplica.police_number, OfficerReplica.name, _work.summary, _work.case_number]
    query = _visible(select(*columns), part, me, points).order_by(_work.id)
    found = await session.stream(query, execution_options={"yield_per": batch})
    async for piece in found.partitions(batch):
        yield piece


def _points(part: Part) -> Any:
    """What the ledger gave for each piece of work in these periods, in thousandths."""
    query = select(EntryReplica.submission_id, func.sum(EntryReplica.points_milli).label("milli")).where(
        EntryReplica.period_id.in_(part.period_ids), EntryReplica.submission_id.is_not(None)
    )
    return query.group_by(EntryReplica.submission_id).subquery("points")


def _visible(
    query: Select[*tuple[Any, ...]], part: Part, me: Principal, points: Any
) -> Select[*tuple[Any, ...]]:
    """Work that was sent, in the part asked for, as far as the reader sees it."""
    query = (
        query.select_from(_work)
        .join(UnitReplica, UnitReplica.id == _work.unit_id)
        .join(PeriodReplica, PeriodReplica.id == _work.period_id)
        .join(IndicatorReplica, IndicatorReplica.id == _work.indicator_id)
        .outerjoin(
            OfficerReplica, (OfficerReplica.id == _work.subject_id) & (_work.subject_kind == "officer")
        )
        .outerjoin(_branch, (_branch.level == 2) & func.starts_with(UnitReplica.path, _branch.path))  # noqa: PLR2004 -- below the root
        .outerjoin(points, points.c.submission_id == _work.id)
        .where(drill.visible_to(me, _work), _work.status.not_in(["draft", "withdrawn"]))
        .where(_work.period_id.in_(part.period_ids))
    )
    if part.unit_id is not None:
        query = query.where(func.starts_with(UnitReplica.path, _path_of(part.unit_id)))
    if part.indicator_ids:
        query = query.where(_work.indicator_id.in_(part.indicator_ids))
    if part.officer_ids:
        query = query.where(_work.subject_id.in_(part.officer_ids), _work.subject_kind == "officer")
    if part.states:
        query = query.where(_work.status.in_(part.states))
    if part.since is not None:
        query = query.where(_work.event_date >= part.since)
    if part.until is not None:
        query = query.where(_work.event_date <= part.until)
    return query


def _path_of(unit_id: UUID) -> Any:
    top = aliased(UnitReplica)
    return select(top.path).where(top.id == cast(unit_id, PG_UUID)).scalar_subquery()


async def views(session: AsyncSession, me: Principal) -> list[AnalysisViewRow]:
    """One's own and those that others share, by name."""
    row = AnalysisViewRow
    query = select(row).where((row.account_id == me.account_id) | row.shared)
    return list((await session.scalars(query.order_by(row.name, row.id).limit(500))).all())


def _exact(value: Decimal | int) -> Decimal:
    """Without the noughts that a division in the database leaves: 0E-20 is 0."""
    return Decimal(f"{Decimal(value).normalize():f}")
