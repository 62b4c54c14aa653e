"""Everybody's facts of a period under a plan: from the copies here, or from the recorded events themselves."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from rules import State
from rules.binding import Binding, Person, Record, Work, assemble, parse_binding
from rules.calendars.spans import Span
from rules.plan import PlanFacts
from services.scoring.domain.ledger import PLAN_KEY, node_of
from services.scoring.models import EntryRow, PlanDueRow
from services.scoring.queries import facts, replay
from services.scoring.replicas import PeriodReplica, SchemeReplica

_IDS = bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))
_PEOPLE = text(
    """
    SELECT a.kind, a.id, coalesce(o.name, u.name, '') AS name, coalesce(o.series_id, u.series_id) AS series_id,
      coalesce(o.category, u.kind, '') AS sort, home.unit_id AS home_id, u.parent_id, own.code AS unit, own.level
    FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS a(kind, id)
    LEFT JOIN officer o ON a.kind = 'officer' AND o.id = a.id
    LEFT JOIN unit u ON a.kind = 'unit' AND u.id = a.id
    LEFT JOIN LATERAL (
      SELECT p.unit_id FROM posting p
      WHERE p.officer_id = a.id AND p.is_primary AND NOT p.deleted AND p.valid_from <= :day
      ORDER BY p.valid_from DESC, p.id LIMIT 1) AS home ON a.kind = 'officer'
    LEFT JOIN unit own ON own.id = coalesce(home.unit_id, u.id)
    """
)
_GOALS = text(
    """
    SELECT DISTINCT ON (t.subject_id, t.indicator_id) t.subject_kind, t.subject_id, i.code, t.quantity
    FROM target t JOIN indicator i ON i.id = t.indicator_id
    WHERE t.period_id = :period AND t.status = ANY(:live) AND (:everybody OR t.subject_id = ANY(:ids))
    ORDER BY t.subject_id, t.indicator_id, t.id
    """
).bindparams(_IDS)
_WORK = text(
    """
    SELECT s.id, s.subject_kind, s.subject_id, s.unit_id, i.code, s.accepted_quantity AS quantity, s.event_date AS day
    FROM submission s JOIN indicator i ON i.id = s.indicator_id
    WHERE s.period_id = :period AND s.status = ANY(:counted) AND s.accepted_quantity > 0
      AND (:everybody OR s.subject_id = ANY(:ids))
    ORDER BY s.subject_id, i.code, s.event_date, s.id
    """
).bindparams(_IDS)
_READINGS = text(
    """
    SELECT DISTINCT ON (subject_id, name) subject_kind, subject_id, name, value, state FROM reading
    WHERE period_id = :period AND (:everybody OR subject_id = ANY(:ids)) ORDER BY subject_id, name, id DESC
    """
).bindparams(_IDS)


@dataclass(frozen=True, slots=True)
class Gathered:
    """`units`: subject → the unit that its entries are posted for."""

    facts: PlanFacts
    kinds: dict[UUID, str]
    units: dict[UUID, UUID]


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
    query = select(SchemeReplica.id).where(SchemeReplica.id.in_(schemes), _by_plan())
    return set((await session.scalars(query)).all())


def _by_plan() -> Any:
    """JSON null is written for a scheme without one."""
    return func.coalesce(func.jsonb_typeof(SchemeReplica.plan), "null") != "null"


async def periods_by_plan(session: AsyncSession, period_id: UUID | None = None) -> Sequence[PeriodReplica]:
    """Periods, not sealed, whose scheme has a plan."""
    query = (
        select(PeriodReplica)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(_by_plan(), PeriodReplica.status != facts.SEALED)
    )
    if period_id is not None:
        query = query.where(PeriodReplica.id == period_id)
    return (await session.scalars(query.order_by(PeriodReplica.id))).all()


async def gather(
    session: AsyncSession, binding: Binding, period: PeriodReplica, only: Collection[UUID] | None = None
) -> Gathered:
    """From the copies. `only`: of these subjects; everybody if None."""
    of = {
        "period": period.id, "everybody": only is None, "ids": list(only or ()),
        "live": list(facts.LIVE_TARGETS), "counted": list(facts.COUNTED),
    }  # fmt: skip
    goals = (await session.execute(_GOALS, _named(of, "period", "live", "everybody", "ids"))).all()
    work = (await session.execute(_WORK, _named(of, "period", "counted", "everybody", "ids"))).all()
    return await _assembled(session, binding, period, goals, work, of)


async def gather_from_the_logs(session: AsyncSession, binding: Binding, period: PeriodReplica) -> Gathered:
    """The same from the recorded events of targets and submissions, without the copies made of them."""
    of = {"period": period.id, "everybody": True, "ids": []}
    goals = await replay.goals_of(session, period.id, live=facts.LIVE_TARGETS)
    work = await replay.work_of(session, period.id, counted=facts.COUNTED)
    return await _assembled(session, binding, period, goals, work, of)


async def _assembled(
    session: AsyncSession,
    binding: Binding,
    period: PeriodReplica,
    goals: Sequence[Row[Any]],
    work: Sequence[Row[Any]],
    of: dict[str, Any],
) -> Gathered:
    readings = (await session.execute(_READINGS, _named(of, "period", "everybody", "ids"))).all()
    kinds = {row.subject_id: row.subject_kind for row in (*goals, *work, *readings)}
    people = (
        await session.execute(
            _PEOPLE, {"kinds": list(kinds.values()), "ids": list(kinds), "day": period.ends_on}
        )
    ).all()
    units = {row.id: row.home_id or row.id for row in people}
    # An officer without a posting by the period's end: the unit that the work was done for.
    homeless = {row.id for row in people if row.kind == "officer" and row.home_id is None}
    units |= {row.subject_id: row.unit_id for row in work if row.subject_id in homeless}
    span = Span(period.code, period.starts_on, period.ends_on)
    found = assemble(binding, span, [_person(row) for row in people], _records(goals, work, readings))
    return Gathered(found, kinds, units)


def _records(
    goals: Sequence[Row[Any]], work: Sequence[Row[Any]], readings: Sequence[Row[Any]]
) -> dict[str, Record]:
    by_goal: dict[str, dict[str, Fraction]] = defaultdict(dict)
    by_work: dict[str, dict[str, tuple[Work, ...]]] = defaultdict(dict)
    by_name: dict[str, dict[str, Fraction | State]] = defaultdict(dict)
    for row in goals:
        by_goal[str(row.subject_id)][row.code] = Fraction(row.quantity)
    for row in work:
        known = by_work[str(row.subject_id)]
        known[row.code] = (*known.get(row.code, ()), Work(str(row.id), Fraction(row.quantity), row.day))
    for row in readings:
        by_name[str(row.subject_id)][row.name] = (
            State(row.state) if row.value is None else Fraction(row.value)
        )
    return {
        key: Record(by_goal.get(key, {}), by_work.get(key, {}), by_name.get(key, {}))
        for key in {*by_goal, *by_work, *by_name}
    }


def _person(row: Row[Any]) -> Person:
    """Groups that a plan may name as a scope: series, unit, level, and what sort of officer or unit it is."""
    parent = row.home_id or row.parent_id
    labels = {"series": row.series_id, "unit": row.unit, "level": row.level, "sort": row.sort or None}
    groups = {scope: str(value) for scope, value in labels.items() if value is not None}
    return Person(str(row.id), row.name, row.kind, str(parent) if parent else None, groups)


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
    """How many changes wait to be scored by a plan."""
    query = select(func.count()).select_from(PlanDueRow)
    return int(
        await session.scalar(query if period_id is None else query.where(PlanDueRow.period_id == period_id))
        or 0
    )


def _named(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}
