"""Statements: an officer's with each posting, a unit's by the roll-up job."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import func, or_, select

from kernel.delivery.transaction import Transaction
from kernel.ids import derived
from services.scoring import messages
from services.scoring.domain.statements import module_points, own_total
from services.scoring.models import EntryRow, RollUpDueRow, StatementRow
from services.scoring.queries import facts
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
    modules = module_points(scheme, {code: total for code, (total, _) in found.items()})
    total = own_total(scheme, modules)
    home = await facts.home(tx.session, subject_id, period.ends_on) or unit_id
    row = await tx.session.get(StatementRow, statement_id(subject_id, period_id), with_for_update=True)
    if row is None:
        row = StatementRow(
            id=statement_id(subject_id, period_id), scheme_id=scheme_id, period_id=period_id,
            subject_kind=subject_kind, subject_id=subject_id, members=0,
        )  # fmt: skip
        tx.session.add(row)
    elif row.unit_id != home:
        tx.session.add(RollUpDueRow(unit_id=row.unit_id, period_id=period_id))
    row.unit_id, row.modules = home, modules
    row.entries = sum(count for _, count in found.values())
    row.entries_milli = sum(total for total, _ in found.values())
    row.own_milli = row.total_milli = total
    if tx.session.is_modified(row) or row in tx.session.new:
        await tx.publish(messages.statement, row)
    tx.session.add(RollUpDueRow(unit_id=home, period_id=period_id))
    await tx.session.flush()


async def entries_by_module(tx: Transaction, subject_id: UUID, period_id: UUID) -> dict[str, tuple[int, int]]:
    """Module → (sum of thousandths, number of entries)."""
    query = (
        select(EntryRow.module, func.sum(EntryRow.points_milli), func.count())
        .where(EntryRow.subject_id == subject_id, EntryRow.period_id == period_id)
        .group_by(EntryRow.module)
    )
    return {module: (int(total), count) for module, total, count in (await tx.session.execute(query)).all()}


def statement_id(subject_id: UUID, period_id: UUID) -> UUID:
    return derived("statement", subject_id, period_id)


async def move_home(tx: Transaction, officer_id: UUID) -> None:
    """After a transfer: statements that are not sealed count for the unit that is home on the period's last day."""
    rows = (
        await tx.session.scalars(select(StatementRow).where(StatementRow.subject_id == officer_id).with_for_update())
    ).all()
    for row in rows:
        period = await facts.period(tx.session, row.period_id)
        home = await facts.home(tx.session, officer_id, period.ends_on)
        if period.status != facts.SEALED and home is not None and home != row.unit_id:
            _due(tx, {(unit_id, row.period_id) for unit_id in (row.unit_id, home)})
            row.unit_id = home
            await tx.publish(messages.statement, row)


async def add_up_again(tx: Transaction, scheme_id: UUID) -> None:
    """All statements of a scheme whose way of adding up has changed, with a few statements of SQL a period."""
    scheme = await facts.scheme(tx.session, scheme_id)
    query = select(PeriodReplica.id).where(PeriodReplica.scheme_id == scheme_id, PeriodReplica.status != facts.SEALED)
    for period_id in (await tx.session.scalars(query.order_by(PeriodReplica.id))).all():
        sums: dict[UUID, dict[str, int]] = defaultdict(dict)
        by_module = (
            select(EntryRow.subject_id, EntryRow.module, func.sum(EntryRow.points_milli))
            .where(EntryRow.period_id == period_id)
            .group_by(EntryRow.subject_id, EntryRow.module)
        )
        for subject_id, module, total in (await tx.session.execute(by_module)).all():
            sums[subject_id][module] = int(total)
        rows = await tx.session.scalars(
            select(StatementRow).where(StatementRow.period_id == period_id).order_by(StatementRow.id).with_for_update()
        )
        due, changed = set(), []
        for row in rows.all():
            due.add((row.unit_id, period_id))
            modules = module_points(scheme, sums[row.subject_id])
            total = own_total(scheme, modules)
            if row.subject_kind == "officer" and (row.modules, row.total_milli) != (modules, total):
                row.modules, row.own_milli, row.total_milli = modules, total, total
                changed.append(row)
        _due(tx, due)
        await tx.publish_many(messages.statement, changed)


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
    tx.session.add_all(RollUpDueRow(unit_id=unit_id, period_id=period_id) for unit_id, period_id in sorted(what))
