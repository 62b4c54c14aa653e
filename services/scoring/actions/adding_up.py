"""Statements: an officer's with each posting, a unit's by the roll-up job."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, or_, select

from kernel.delivery.transaction import Cause, Transaction
from kernel.ids import derived
from rules.totals import Scheme, module_points, own_total
from services.scoring import messages
from services.scoring.actions.posting import Draft
from services.scoring.models import EntryRow, RollUpDueRow, StatementRow
from services.scoring.queries import facts, homes
from services.scoring.replicas import PeriodReplica, UnitReplica


async def add_up(
    tx: Transaction, subject_kind: str, subject_id: UUID, unit_id: UUID, scheme_id: UUID, period_id: UUID
) -> None:
    """Bring the subject's own figures up to date; what is above it becomes due."""
    if subject_kind == "unit":
        tx.session.add(RollUpDueRow(unit_id=subject_id, period_id=period_id))
        await tx.session.flush()
        return
    scheme = await facts.scheme(tx.session, scheme_id)
    period = await facts.period(tx.session, period_id)
    found = await entries_by_module(tx, subject_id, period_id)
    home = await homes.home(tx.session, subject_id, period) or unit_id
    row = await tx.session.get(StatementRow, statement_id(subject_id, period_id), with_for_update=True)
    if row is None:
        row = _begun(tx, period, subject_id)
    elif row.unit_id != home:
        tx.session.add(RollUpDueRow(unit_id=row.unit_id, period_id=period_id))
    moved, row.unit_id = row.unit_id != home, home
    if _write(row, scheme, found) or moved:
        await tx.publish(messages.statement, row)
    tx.session.add(RollUpDueRow(unit_id=home, period_id=period_id))
    await tx.session.flush()


async def add_up_each(tx: Transaction, period: PeriodReplica, posted: Sequence[tuple[Cause, Draft]]) -> None:
    """The same for many subjects of one period, each moved once, by an event of its own."""
    scheme = await facts.scheme(tx.session, period.scheme_id)
    causes = {draft.subject_id: cause for cause, draft in posted if draft.subject_kind == "officer"}
    sums = await _sums(tx, period.id, causes)
    known = await homes.homes(tx.session, period, causes)
    query = select(StatementRow).where(
        StatementRow.period_id == period.id, StatementRow.subject_id.in_(causes)
    )
    found = await tx.session.scalars(query.order_by(StatementRow.id).with_for_update())
    rows = {row.subject_id: row for row in found.all()}
    due = {(draft.subject_id, period.id) for _, draft in posted if draft.subject_kind == "unit"}
    changed = []
    for draft in (draft for _, draft in posted if draft.subject_id in causes):
        subject_id, home = draft.subject_id, known.get(draft.subject_id) or draft.unit_id
        row = rows.get(subject_id)
        before = row.unit_id if row is not None else None
        row = row if row is not None else _begun(tx, period, subject_id)
        due |= {(unit_id, period.id) for unit_id in (before, home) if unit_id is not None}
        moved, row.unit_id = before != home, home
        if _write(row, scheme, sums[subject_id]) or moved:
            changed.append((causes[subject_id], row))
    _due(tx, due)
    await tx.publish_each(messages.statement, changed)


def _begun(tx: Transaction, period: PeriodReplica, subject_id: UUID) -> StatementRow:
    """An officer's statement before its first figure."""
    row = StatementRow(
        id=statement_id(subject_id, period.id), scheme_id=period.scheme_id, period_id=period.id,
        subject_kind="officer", subject_id=subject_id, members=0,
    )  # fmt: skip
    tx.session.add(row)
    return row


async def entries_by_module(tx: Transaction, subject_id: UUID, period_id: UUID) -> dict[str, tuple[int, int]]:
    """Module → (sum of thousandths, number of entries)."""
    return (await _sums(tx, period_id, [subject_id]))[subject_id]


async def _sums(
    tx: Transaction, period_id: UUID, only: Collection[UUID] | None
) -> Mapping[UUID, dict[str, tuple[int, int]]]:
    """Subject → module → (sum of thousandths, number of entries)."""
    query = (
        select(EntryRow.subject_id, EntryRow.module, func.sum(EntryRow.points_milli), func.count())
        .where(EntryRow.period_id == period_id)
        .group_by(EntryRow.subject_id, EntryRow.module)
    )
    if only is not None:
        query = query.where(EntryRow.subject_id.in_(only))
    sums: dict[UUID, dict[str, tuple[int, int]]] = defaultdict(dict)
    for subject_id, module, total, count in (await tx.session.execute(query)).all():
        sums[subject_id][module] = (int(total), count)
    return sums


def statement_id(subject_id: UUID, period_id: UUID) -> UUID:
    return derived("statement", subject_id, period_id)


async def move_home(tx: Transaction, officer_id: UUID) -> None:
    """After a transfer: statements that are not sealed count for the unit that is home on the period's last day."""
    rows = (
        await tx.session.scalars(
            select(StatementRow).where(StatementRow.subject_id == officer_id).with_for_update()
        )
    ).all()
    for row in rows:
        period = await facts.period(tx.session, row.period_id)
        home = await homes.home(tx.session, officer_id, period)
        if period.status != facts.SEALED and home is not None and home != row.unit_id:
            _due(tx, {(unit_id, row.period_id) for unit_id in (row.unit_id, home)})
            row.unit_id = home
            await tx.publish(messages.statement, row)


async def add_up_again(tx: Transaction, scheme_id: UUID) -> None:
    """All statements of a scheme whose way of adding up has changed."""
    query = select(PeriodReplica).where(
        PeriodReplica.scheme_id == scheme_id, PeriodReplica.status != facts.SEALED
    )
    for period in (await tx.session.scalars(query.order_by(PeriodReplica.id))).all():
        await add_up_all(tx, period, ())


async def add_up_all(
    tx: Transaction, period: PeriodReplica, posted: Sequence[Draft], only: Collection[UUID] | None = None
) -> None:
    """All officers' statements of a period (`only`: of these), new ones for the subjects of `posted`; units become due."""
    scheme = await facts.scheme(tx.session, period.scheme_id)
    sums = await _sums(tx, period.id, only)
    query = (
        select(StatementRow)
        .where(StatementRow.period_id == period.id)
        .order_by(StatementRow.id)
        .with_for_update()
    )
    if only is not None:
        query = query.where(StatementRow.subject_id.in_(only))
    rows = {row.subject_id: row for row in (await tx.session.scalars(query)).all()}
    due = {(row.unit_id, period.id) for row in rows.values()}
    due |= {(draft.subject_id, period.id) for draft in posted if draft.subject_kind == "unit"}
    new = {d.subject_id: d for d in posted if d.subject_kind == "officer" and d.subject_id not in rows}
    known = await homes.homes(tx.session, period, new) if new else {}
    for draft in new.values():
        unit_id = known.get(draft.subject_id, draft.unit_id)
        due.add((unit_id, period.id))
        rows[draft.subject_id] = _begun(tx, period, draft.subject_id)
        rows[draft.subject_id].unit_id = unit_id
    officers = [row for row in rows.values() if row.subject_kind == "officer"]
    changed = [row for row in officers if _write(row, scheme, sums[row.subject_id])]
    _due(tx, due)
    await tx.publish_many(messages.statement, changed)


def _write(row: StatementRow, scheme: Scheme, found: Mapping[str, tuple[int, int]]) -> bool:
    """An officer's figures from the sums of entries; whether anything is different now."""
    modules = module_points(scheme, {code: total for code, (total, _) in found.items()})
    total = own_total(scheme, modules)
    new = {
        "modules": modules,
        "entries": sum(count for _, count in found.values()),
        "entries_milli": sum(milli for milli, _ in found.values()),
        "own_milli": total,
        "total_milli": total,
    }
    different = any(getattr(row, name) != value for name, value in new.items())
    for name, value in new.items():
        setattr(row, name, value)
    return different


async def unit_moved(tx: Transaction, unit_id: UUID, parents: set[UUID | None]) -> None:
    """The unit and what it hung or hangs under become due in every period in which it has a figure."""
    children = select(UnitReplica.id).where(UnitReplica.parent_id == unit_id)
    periods = await tx.session.scalars(
        select(StatementRow.period_id)
        .join(PeriodReplica, PeriodReplica.id == StatementRow.period_id)
        .where(
            or_(StatementRow.unit_id == unit_id, StatementRow.unit_id.in_(children)),
            PeriodReplica.status != facts.SEALED,
        )
        .distinct()
    )
    above = {parent for parent in parents if parent is not None}
    _due(tx, {(key, period_id) for period_id in periods.all() for key in {unit_id, *above}})
    await tx.session.flush()


def _due(tx: Transaction, what: set[tuple[UUID, UUID]]) -> None:
    tx.session.add_all(
        RollUpDueRow(unit_id=unit_id, period_id=period_id) for unit_id, period_id in sorted(what)
    )
