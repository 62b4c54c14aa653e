"""Unit statements: own entries and members, bottom-up over the part of the tree that has changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, func, select

from kernel.delivery.transaction import Transaction
from rules.totals import Scheme, members_figure, module_points, own_total, unit_total
from services.scoring import messages
from services.scoring.actions.adding_up import statement_id
from services.scoring.models import EntryRow, RollUpDueRow, StatementRow
from services.scoring.queries import facts
from services.scoring.replicas import PeriodReplica, UnitReplica

AT_MOST = 5000


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """What a unit's statement will say."""

    modules: dict[str, int]
    entries: int
    entries_milli: int
    own_milli: int
    members_milli: int | None
    members: int
    total_milli: int


@dataclass
class Below:
    """What is known of a period below and in the units at hand."""

    own: dict[UUID, dict[str, tuple[int, int]]] = field(default_factory=dict)
    officers: dict[UUID, list[int]] = field(default_factory=lambda: defaultdict(list))
    units: dict[UUID, dict[UUID, int]] = field(default_factory=lambda: defaultdict(dict))


async def roll_up_due(tx: Transaction) -> int:
    """Take up what is due; how many units were looked at."""
    taken = select(RollUpDueRow.id).order_by(RollUpDueRow.id).limit(AT_MOST).scalar_subquery()
    gone = await tx.session.execute(
        delete(RollUpDueRow)
        .where(RollUpDueRow.id.in_(taken))
        .returning(RollUpDueRow.unit_id, RollUpDueRow.period_id)
    )
    due: dict[UUID, set[UUID]] = defaultdict(set)
    for unit_id, period_id in gone.all():
        due[period_id].add(unit_id)
    count = 0
    for period_id in sorted(due):
        count += await _roll_up(tx, period_id, due[period_id])
    return count


async def _roll_up(tx: Transaction, period_id: UUID, due: set[UUID]) -> int:
    period = await tx.session.get(PeriodReplica, period_id)
    if period is None:
        return 0
    scheme = await facts.scheme(tx.session, period.scheme_id)
    units = {u.id: u for u in (await tx.session.scalars(select(UnitReplica))).all()}
    touched = [units[key] for key in with_ancestors(due, units)]
    below = await _below(tx, period_id, [u.id for u in touched])
    rows = {
        row.subject_id: row
        for row in (
            await tx.session.scalars(
                select(StatementRow)
                .where(
                    StatementRow.period_id == period_id, StatementRow.subject_id.in_([u.id for u in touched])
                )
                .with_for_update()
            )
        ).all()
    }
    changed = []
    for unit in sorted(touched, key=lambda u: (-u.level, u.path)):
        figures = figures_of(scheme, below, unit.id)
        if unit.parent_id is not None:  # without figures it is not a member of anything: missing is not zero
            below.units[unit.parent_id].pop(unit.id, None)
            if figures is not None:
                below.units[unit.parent_id][unit.id] = figures.total_milli
        if figures is None and unit.id not in rows:
            continue
        figures = figures or UnitFigures({}, 0, 0, 0, None, 0, 0)
        row = rows.get(unit.id)
        if row is None:
            row = StatementRow(
                id=statement_id(unit.id, period_id), scheme_id=period.scheme_id, period_id=period_id,
                subject_kind="unit", subject_id=unit.id, unit_id=unit.id,
            )  # fmt: skip
            tx.session.add(row)
        if _write(row, figures):
            changed.append(row)
    await tx.publish_many(messages.statement, changed)
    return len(touched)


def with_ancestors(due: Iterable[UUID], units: Mapping[UUID, UnitReplica]) -> set[UUID]:
    """The units and everything above them; those that are not known yet are left out, their events will come."""
    found: set[UUID] = set()
    for key in due:
        unit = units.get(key)
        while unit is not None and unit.id not in found:
            found.add(unit.id)
            unit = units.get(unit.parent_id) if unit.parent_id else None
    return found


def figures_of(scheme: Scheme, below: Below, unit_id: UUID) -> UnitFigures | None:
    """None when the unit has neither entries of its own nor a member with a statement."""
    own = below.own.get(unit_id)
    members = [*below.officers.get(unit_id, ()), *below.units.get(unit_id, {}).values()]
    if own is None and not members:
        return None
    modules = module_points(scheme, {code: total for code, (total, _) in (own or {}).items()})
    own_milli = own_total(scheme, modules) if own is not None else None
    members_milli = members_figure(scheme, members)
    return UnitFigures(
        modules=modules,
        entries=sum(count for _, count in (own or {}).values()),
        entries_milli=sum(total for total, _ in (own or {}).values()),
        own_milli=own_milli or 0,
        members_milli=members_milli,
        members=len(members),
        total_milli=unit_total(scheme, own_milli, members_milli),
    )


async def _below(tx: Transaction, period_id: UUID, unit_ids: list[UUID]) -> Below:
    """Three statements, whatever the size of the tree."""
    below = Below()
    own = (
        select(EntryRow.subject_id, EntryRow.module, func.sum(EntryRow.points_milli), func.count())
        .where(
            EntryRow.period_id == period_id,
            EntryRow.subject_kind == "unit",
            EntryRow.subject_id.in_(unit_ids),
        )
        .group_by(EntryRow.subject_id, EntryRow.module)
    )
    for unit_id, module, total, count in (await tx.session.execute(own)).all():
        below.own.setdefault(unit_id, {})[module] = (int(total), count)
    officers = select(StatementRow.unit_id, StatementRow.total_milli).where(
        StatementRow.period_id == period_id,
        StatementRow.subject_kind == "officer",
        StatementRow.unit_id.in_(unit_ids),
    )
    for unit_id, total in (await tx.session.execute(officers.order_by(StatementRow.id))).all():
        below.officers[unit_id].append(total)
    children = (
        select(UnitReplica.parent_id, StatementRow.subject_id, StatementRow.total_milli)
        .join(UnitReplica, UnitReplica.id == StatementRow.subject_id)
        .where(
            StatementRow.period_id == period_id,
            StatementRow.subject_kind == "unit",
            StatementRow.entries + StatementRow.members > 0,
            UnitReplica.parent_id.in_(unit_ids),
        )
    )
    for parent_id, unit_id, total in (await tx.session.execute(children)).all():
        if parent_id is not None:
            below.units[parent_id][unit_id] = total
    return below


def _write(row: StatementRow, figures: UnitFigures) -> bool:
    """Whether anything is different now."""
    new = {name: getattr(figures, name) for name in UnitFigures.__slots__}
    old = {name: getattr(row, name, None) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    return old != new
