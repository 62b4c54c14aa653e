"""Dated states of officers that bound their grades: investigation, suspension, sanction, work under another name."""

from datetime import date
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound
from kernel.identity import Principal
from services.org import messages
from services.org.actions.recording import record
from services.org.domain.postings import check_dates
from services.org.models import ConditionRow
from services.org.queries import people


async def state(
    tx: Transaction, officer_id: UUID, *, kind: str, held: bool, no_grade: bool, best_grade: str | None, basis: str,
    valid_from: date, valid_to: date | None, by: Principal,
) -> ConditionRow:  # fmt: skip
    check_dates(valid_from, valid_to)
    await people.officer(tx.session, officer_id, lock=True)
    row = ConditionRow(
        officer_id=officer_id, kind=kind, held=held, no_grade=no_grade, best_grade=best_grade, basis=basis,
        valid_from=valid_from, valid_to=valid_to, deleted=False,
    )  # fmt: skip
    tx.session.add(row)
    await tx.publish(messages.condition, row)
    await record(tx, "condition", row.id, "stated", by=by, officer_id=officer_id, kind=kind, basis=basis)
    return row


async def end(tx: Transaction, condition_id: UUID, *, on: date, by: Principal) -> ConditionRow:
    """`on` is the last day."""
    row = await tx.session.get(ConditionRow, condition_id, with_for_update=True)
    if row is None or row.deleted:
        raise NotFound
    check_dates(row.valid_from, on)
    row.valid_to = on
    await tx.publish(messages.condition, row)
    await record(tx, "condition", row.id, "ended", by=by, on=on)
    return row
