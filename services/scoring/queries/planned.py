"""Plans as schemes have them here: their bindings, the periods that they score, what the ledger holds, what is due."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from rules.binding import Binding, parse_binding
from services.scoring.domain.ledger import PLAN_KEY, node_of
from services.scoring.models import EntryRow, PlanDueRow, RescoreDueRow
from services.scoring.queries import facts
from services.scoring.replicas import PeriodReplica, SchemeReplica


async def binding_of(session: AsyncSession, scheme_id: UUID) -> Binding | None:
    """The plan of a scheme; None for a scheme that scores by the rules of its indicators."""
    plan = await session.scalar(
        select(SchemeReplica.plan).where(SchemeReplica.id == scheme_id),
        execution_options={"populate_existing": True},
    )
    return None if plan is None else bound(plan)


def bound(plan: Any) -> Binding:
    return _bound(json.dumps(plan, sort_keys=True))


@lru_cache(maxsize=32)
def _bound(plan: str) -> Binding:
    """Reading a plan takes longer than applying it to one officer, and plans change seldom."""
    return parse_binding(json.loads(plan))


async def has_plan(session: AsyncSession, scheme_id: UUID) -> bool:
    return bool(await with_plan(session, [scheme_id]))


async def with_plan(session: AsyncSession, schemes: Collection[UUID]) -> set[UUID]:
    """Of these schemes, those that score by a plan."""
    query = select(SchemeReplica.id).where(SchemeReplica.id.in_(schemes), by_plan())
    return set((await session.scalars(query)).all())


def by_plan() -> Any:
    """JSON null is written for a scheme without one."""
    return func.coalesce(func.jsonb_typeof(SchemeReplica.plan), "null") != "null"


async def periods_by_plan(session: AsyncSession, period_id: UUID | None = None) -> Sequence[PeriodReplica]:
    """Periods, not sealed, whose scheme has a plan."""
    query = (
        select(PeriodReplica)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(by_plan(), PeriodReplica.status != facts.SEALED)
    )
    if period_id is not None:
        query = query.where(PeriodReplica.id == period_id)
    return (await session.scalars(query.order_by(PeriodReplica.id))).all()


def since(binding: Binding, period: PeriodReplica) -> date:
    """The first day whose events may still count in the period."""
    return min(period.starts_on, period.ends_on - timedelta(days=max(binding.reach - 1, 0)))


async def reached(session: AsyncSession, period: PeriodReplica, day: date) -> Sequence[PeriodReplica]:
    """Later periods, not sealed, in which an event of this day still counts under the scheme's plan."""
    binding = await binding_of(session, period.scheme_id)
    if binding is None or not binding.reach:
        return ()
    query = select(PeriodReplica).where(
        PeriodReplica.scheme_id == period.scheme_id,
        PeriodReplica.starts_on > period.ends_on,
        PeriodReplica.starts_on < day + timedelta(days=binding.reach),
        PeriodReplica.status != facts.SEALED,
    )
    return (await session.scalars(query.order_by(PeriodReplica.starts_on))).all()


@dataclass(frozen=True, slots=True)
class Posted:
    """What the ledger holds of one subject under a plan: (node, module) → thousandths."""

    kind: str
    unit_id: UUID
    nodes: dict[tuple[str, str], int]


async def posted(
    session: AsyncSession, period_id: UUID, only: Collection[UUID] | None = None
) -> dict[UUID, Posted]:
    query = select(
        EntryRow.subject_id,
        EntryRow.rule_key,
        EntryRow.module,
        func.sum(EntryRow.points_milli).label("total"),
        func.min(EntryRow.subject_kind).label("kind"),
        func.max(EntryRow.unit_id.cast(Text)).label("unit_id"),
    ).where(EntryRow.period_id == period_id, EntryRow.rule_key.startswith(PLAN_KEY, autoescape=True))
    if only is not None:
        query = query.where(EntryRow.subject_id.in_(only))
    found: dict[UUID, Posted] = {}
    grouped = query.group_by(EntryRow.subject_id, EntryRow.rule_key, EntryRow.module)
    for row in (await session.execute(grouped)).all():
        one = found.setdefault(row.subject_id, Posted(row.kind, UUID(row.unit_id), {}))
        one.nodes[node_of(row.rule_key) or "", row.module] = int(row.total)
    return found


async def due(session: AsyncSession, period_id: UUID | None = None) -> int:
    """How many changes wait to be scored by a plan, or by a rule that was revised."""
    counts = []
    for row in (PlanDueRow, RescoreDueRow):
        query = select(func.count()).select_from(row)
        counts.append(
            (query if period_id is None else query.where(row.period_id == period_id)).scalar_subquery()
        )
    return int(await session.scalar(select(counts[0] + counts[1])) or 0)


_CROWD = text(
    "SELECT count(*) FROM (SELECT 1 FROM bus.inbox WHERE consumer = 'scoring' AND state = 'recorded' LIMIT :most) AS waiting"
)


async def crowded(session: AsyncSession, most: int) -> bool:
    """Whether so many events wait to be applied."""
    return int(await session.scalar(_CROWD, {"most": most}) or 0) >= most
