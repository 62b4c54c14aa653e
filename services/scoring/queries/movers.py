"""Whom the outcome of an appeal has moved: its own entry, or those of the scorings by a plan that took it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Text, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.identity import Principal
from services.scoring.models import EntryAppealRow, EntryRow, PlanDueRow, PlanRunRow
from services.scoring.queries import lists
from services.scoring.replicas import OfficerReplica, UnitReplica

MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Moved:
    """`rows`: the largest moves that the reader may see, by subject and module, in thousandths; `subjects`: how many moved
    in all. `waiting`: not scored yet. `shared`: a scoring took up other changes too, and moved for all of them.
    """

    rows: Sequence[Row[Any]]
    subjects: int
    waiting: bool
    shared: bool


async def moved(session: AsyncSession, appeal: EntryAppealRow, by: Principal) -> Moved:
    waiting = await session.scalar(select(PlanDueRow.id).where(PlanDueRow.cause_id == appeal.id).limit(1))
    runs = await _runs(session, appeal) if appeal.wanted_milli is not None else []
    sources = [appeal.id, *(run.id for run in runs)]
    here = (EntryRow.period_id == appeal.period_id) & EntryRow.source_event_id.in_(sources)
    subjects = await session.scalar(select(func.count(EntryRow.subject_id.distinct())).where(here))
    shared = any(cause["cause_id"] != str(appeal.id) for run in runs for cause in run.causes)
    rows = await _rows(session, here, by)
    return Moved(rows, int(subjects or 0), waiting is not None, shared)


async def _runs(session: AsyncSession, appeal: EntryAppealRow) -> Sequence[PlanRunRow]:
    query = select(PlanRunRow).where(
        PlanRunRow.period_id == appeal.period_id,
        PlanRunRow.at >= appeal.filed_at,
        PlanRunRow.causes.contains([{"cause_id": str(appeal.id)}]),
    )
    return (await session.scalars(query.order_by(PlanRunRow.id))).all()


async def _rows(session: AsyncSession, here: Any, by: Principal) -> Sequence[Row[Any]]:
    change = func.sum(EntryRow.points_milli)
    own = (
        select(
            EntryRow.source_event_id, EntryRow.period_id, EntryRow.subject_kind, EntryRow.subject_id, EntryRow.module,
            change.label("moved"), func.min(EntryRow.seq).label("first"),
        )
        .join(UnitReplica, UnitReplica.id == EntryRow.unit_id)
        .where(here, _visible_to(by))
        .group_by(
            EntryRow.source_event_id, EntryRow.period_id, EntryRow.subject_kind, EntryRow.subject_id, EntryRow.module
        )
        .having(change != 0)
        .subquery()
    )  # fmt: skip
    earlier = aliased(EntryRow)
    before = (
        select(func.coalesce(func.sum(earlier.points_milli), 0))
        .where(
            earlier.subject_id == own.c.subject_id,
            earlier.period_id == own.c.period_id,
            earlier.module == own.c.module,
            earlier.seq < own.c.first,
        )
        .scalar_subquery()
    )
    name = func.coalesce(OfficerReplica.name, UnitReplica.name, "").cast(Text)
    query = (
        select(own, before.label("before"), name.label("name"))
        .outerjoin(OfficerReplica, OfficerReplica.id == own.c.subject_id)
        .outerjoin(UnitReplica, UnitReplica.id == own.c.subject_id)
        .order_by(func.abs(own.c.moved).desc(), own.c.first)
        .limit(MOST)
    )
    return (await session.execute(query)).all()


def _visible_to(by: Principal) -> Any:
    """The figures that one sees, and those under the appeals that one may decide."""
    ways = [lists.visible_to(by, EntryRow)]
    ways += [func.starts_with(UnitReplica.path, scope.path) for scope in by.scopes("scoring:decide_appeals")]
    return or_(*ways)
