"""How far the work is: targets handed down and signed for, work submitted and reviewed, unit by unit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.errors import NotFound
from services.reporting.replicas import (
    IndicatorReplica,
    PeriodReplica,
    PostingReplica,
    SubmissionReplica,
    TargetReplica,
    UnitReplica,
)

LIVE = ("issued", "acknowledged", "revised")


@dataclass
class Progress:
    """Counts of a unit's whole subtree, or of an indicator."""

    targets: int = 0
    acknowledged: int = 0
    decomposed: int = 0
    officers: int = 0
    officers_with_target: int = 0
    without_submission: int = 0
    submissions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    overdue: int = 0


async def by_unit(
    session: AsyncSession, period: PeriodReplica, unit_id: UUID, now: datetime
) -> list[tuple[UnitReplica, Progress]]:
    """The unit's direct sub-units, each with its subtree; the unit itself first, with what lies directly in it."""
    top = await session.get(UnitReplica, unit_id)
    if top is None:
        raise NotFound
    units = (
        await session.scalars(
            select(UnitReplica).where(UnitReplica.path.startswith(top.path, autoescape=True))
        )
    ).all()
    shown = [top, *sorted((u for u in units if u.parent_id == top.id), key=lambda u: u.path)]
    home = {u.id: _branch(u, top) for u in units}
    found: dict[str, Progress] = {u.path: Progress() for u in shown}
    late = now > period.cutoff_at
    for row in await _targets(session, period.id, top.path):
        progress = found[home[row.unit_id]]
        progress.targets += row.n
        progress.acknowledged += row.acknowledged
        progress.decomposed += row.decomposed
        progress.without_submission += row.waiting
        progress.overdue += row.waiting if late else 0
    for unit_id_, status, count in await _submissions(session, period.id, top.path):
        found[home[unit_id_]].submissions[status] += count
    for unit_id_, officers, with_target in await _officers(session, period, top.path):
        found[home[unit_id_]].officers += officers
        found[home[unit_id_]].officers_with_target += with_target
    return [(unit, found[unit.path]) for unit in shown]


def _branch(unit: UnitReplica, top: UnitReplica) -> str:
    """The path of the direct sub-unit of `top` that `unit` belongs to, or of `top` itself."""
    rest = unit.path[len(top.path) :]
    return top.path + rest.split("/")[0] + "/" if rest else top.path


async def _targets(session: AsyncSession, period_id: UUID, path: str) -> Iterable[Any]:
    child = aliased(TargetReplica)
    decomposed = exists().where(child.parent_id == TargetReplica.id, child.status.in_(LIVE))
    sent = exists().where(
        SubmissionReplica.target_id == TargetReplica.id,
        SubmissionReplica.status.not_in(["draft", "withdrawn"]),
    )
    query = (
        select(
            TargetReplica.unit_id,
            func.count().label("n"),
            func.count().filter(TargetReplica.status == "acknowledged").label("acknowledged"),
            func.count().filter(decomposed).label("decomposed"),
            func.count().filter(TargetReplica.subject_kind == "officer", ~sent).label("waiting"),
        )
        .join(UnitReplica, UnitReplica.id == TargetReplica.unit_id)
        .where(TargetReplica.period_id == period_id, TargetReplica.status.in_(LIVE))
        .where(UnitReplica.path.startswith(path, autoescape=True))
        .group_by(TargetReplica.unit_id)
    )
    return (await session.execute(query)).all()


async def _submissions(session: AsyncSession, period_id: UUID, path: str) -> Iterable[Any]:
    query = (
        select(SubmissionReplica.unit_id, SubmissionReplica.status, func.count())
        .join(UnitReplica, UnitReplica.id == SubmissionReplica.unit_id)
        .where(SubmissionReplica.period_id == period_id, UnitReplica.path.startswith(path, autoescape=True))
        .group_by(SubmissionReplica.unit_id, SubmissionReplica.status)
    )
    return (await session.execute(query)).all()


async def _officers(session: AsyncSession, period: PeriodReplica, path: str) -> Iterable[Any]:
    has = exists().where(
        TargetReplica.subject_id == PostingReplica.officer_id,
        TargetReplica.period_id == period.id,
        TargetReplica.status.in_(LIVE),
    )
    query = (
        select(PostingReplica.unit_id, func.count(), func.count().filter(has))
        .join(UnitReplica, UnitReplica.id == PostingReplica.unit_id)
        .where(
            PostingReplica.is_primary,
            PostingReplica.deleted.is_(False),
            PostingReplica.valid_from <= period.ends_on,
        )
        .where((PostingReplica.valid_to.is_(None)) | (PostingReplica.valid_to >= period.ends_on))
        .where(UnitReplica.path.startswith(path, autoescape=True))
        .group_by(PostingReplica.unit_id)
    )
    return (await session.execute(query)).all()


async def by_indicator(
    session: AsyncSession, period: PeriodReplica, path: str
) -> list[tuple[IndicatorReplica, Any]]:
    """Per indicator in the subtree: targets of officers and units, and submissions by state."""
    query = (
        select(
            SubmissionReplica.indicator_id,
            func.count().label("submissions"),
            func.count()
            .filter(SubmissionReplica.status.in_(["accepted", "upheld", "changed"]))
            .label("accepted"),
            func.count().filter(SubmissionReplica.status == "refused").label("refused"),
            func.count().filter(SubmissionReplica.status.in_(["submitted", "in_review"])).label("waiting"),
        )
        .join(UnitReplica, UnitReplica.id == SubmissionReplica.unit_id)
        .where(SubmissionReplica.period_id == period.id, UnitReplica.path.startswith(path, autoescape=True))
        .group_by(SubmissionReplica.indicator_id)
    )
    counts = {row.indicator_id: row for row in (await session.execute(query)).all()}
    indicators = await session.scalars(
        select(IndicatorReplica)
        .where(IndicatorReplica.scheme_id == period.scheme_id)
        .order_by(IndicatorReplica.code)
    )
    return [(indicator, counts.get(indicator.id)) for indicator in indicators]
