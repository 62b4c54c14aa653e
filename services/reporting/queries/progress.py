"""How far the work is: targets handed down and signed for, work submitted and reviewed, unit by unit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.errors import NotFound
from services.reporting.replicas import (
    EntryReplica,
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
    scored: int = 0
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
    for unit_id_, count in await _scored(session, period.id, top.path, SubmissionReplica.unit_id):
        found[home[unit_id_]].scored += count
    for unit_id_, officers, with_target in await _officers(session, period, top.path):
        found[home[unit_id_]].officers += officers
        found[home[unit_id_]].officers_with_target += with_target
    return [(unit, found[unit.path]) for unit in shown]


def _branch(unit: UnitReplica, top: UnitReplica) -> str:
    """The path of the direct sub-unit of `top` that `unit` belongs to, or of `top` itself."""
    rest = unit.path[len(top.path) :]
    return top.path + rest.split("/")[0] + "/" if rest else top.path


#: The level of officers, below the four of units.
OFFICERS = 5


@dataclass(frozen=True, slots=True)
class LevelProgress:
    """Targets of the units of a level, or of officers, in a subtree."""

    level: int
    targets: int
    acknowledged: int
    decomposed: int


async def by_level(session: AsyncSession, period: PeriodReplica, path: str) -> list[LevelProgress]:
    level = case((TargetReplica.subject_kind == "officer", OFFICERS), else_=UnitReplica.level)
    rows = await session.execute(_counted(period.id, path, level.label("level")).order_by("level"))
    return [LevelProgress(row.level, row.n, row.acknowledged, row.decomposed) for row in rows]


async def _targets(session: AsyncSession, period_id: UUID, path: str) -> Iterable[Any]:
    rows: Iterable[Any] = (await session.execute(_counted(period_id, path, TargetReplica.unit_id))).all()
    return rows


def _counted(period_id: UUID, path: str, side: Any) -> Select[tuple[Any, ...]]:
    """Live targets of a subtree by a side of them."""
    child = aliased(TargetReplica)
    decomposed = exists().where(child.parent_id == TargetReplica.id, child.status.in_(LIVE))
    sent = exists().where(
        SubmissionReplica.target_id == TargetReplica.id,
        SubmissionReplica.status.not_in(["draft", "withdrawn"]),
    )
    return (
        select(
            side,
            func.count().label("n"),
            func.count().filter(TargetReplica.status == "acknowledged").label("acknowledged"),
            func.count().filter(decomposed).label("decomposed"),
            func.count().filter(TargetReplica.subject_kind == "officer", ~sent).label("waiting"),
        )
        .join(UnitReplica, UnitReplica.id == TargetReplica.unit_id)
        .where(TargetReplica.period_id == period_id, TargetReplica.status.in_(LIVE))
        .where(UnitReplica.path.startswith(path, autoescape=True))
        .group_by(side)
    )


async def _scored(session: AsyncSession, period_id: UUID, path: str, side: Any) -> Iterable[Any]:
    """Pieces of work for which the ledger has an entry, by a side of the work."""
    query = (
        select(side, func.count(EntryReplica.submission_id.distinct()))
        .join(SubmissionReplica, SubmissionReplica.id == EntryReplica.submission_id)
        .join(UnitReplica, UnitReplica.id == SubmissionReplica.unit_id)
        .where(EntryReplica.period_id == period_id, UnitReplica.path.startswith(path, autoescape=True))
        .group_by(side)
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


@dataclass(frozen=True, slots=True)
class IndicatorCounts:
    """Targets of units and officers, and work by state, in a subtree."""

    targets: int = 0
    acknowledged: int = 0
    decomposed: int = 0
    submissions: int = 0
    accepted: int = 0
    refused: int = 0
    waiting: int = 0
    scored: int = 0


async def by_indicator(
    session: AsyncSession, period: PeriodReplica, path: str
) -> list[tuple[IndicatorReplica, IndicatorCounts]]:
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
    work = {row.indicator_id: row for row in (await session.execute(query)).all()}
    goals_of = _counted(period.id, path, TargetReplica.indicator_id)
    goals = {row.indicator_id: row for row in (await session.execute(goals_of)).all()}
    scored = dict(
        tuple(row) for row in await _scored(session, period.id, path, SubmissionReplica.indicator_id)
    )
    indicators = await session.scalars(
        select(IndicatorReplica)
        .where(IndicatorReplica.scheme_id == period.scheme_id)
        .order_by(IndicatorReplica.code)
    )
    return [
        (indicator, _counts(goals.get(indicator.id), work.get(indicator.id), scored.get(indicator.id, 0)))
        for indicator in indicators
    ]


def _counts(goals: Any, work: Any, scored: int) -> IndicatorCounts:
    counts = IndicatorCounts(scored=scored)
    if goals is not None:
        counts = replace(
            counts, targets=goals.n, acknowledged=goals.acknowledged, decomposed=goals.decomposed
        )
    if work is None:
        return counts
    return replace(
        counts,
        submissions=work.submissions,
        accepted=work.accepted,
        refused=work.refused,
        waiting=work.waiting,
    )
