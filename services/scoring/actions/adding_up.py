"""Statements: an officer's with each posting, a unit's by the roll-up job."""

from uuid import UUID

from sqlalchemy import func, select

from kernel.delivery.transaction import Transaction
from kernel.ids import derived
from services.scoring import messages
from services.scoring.domain.statements import module_points, own_total
from services.scoring.models import EntryRow, RollUpDueRow, StatementRow
from services.scoring.queries import facts


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
    """After a transfer: statements of open periods count for the unit that is home on the period's last day."""
    rows = (
        await tx.session.scalars(select(StatementRow).where(StatementRow.subject_id == officer_id).with_for_update())
    ).all()
    for row in rows:
        period = await facts.period(tx.session, row.period_id)
        home = await facts.home(tx.session, officer_id, period.ends_on)
        if period.status == "open" and home is not None and home != row.unit_id:
            for unit_id in (row.unit_id, home):
                tx.session.add(RollUpDueRow(unit_id=unit_id, period_id=row.period_id))
            row.unit_id = home
            await tx.publish(messages.statement, row)
