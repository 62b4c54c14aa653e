"""Somebody retires or leaves the force."""

from datetime import date
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict
from kernel.identity import Principal
from services.org import messages
from services.org.actions.recording import record
from services.org.domain.postings import check_dates, check_departure
from services.org.models import OfficerRow
from services.org.queries import people


class DepartedAlready(Conflict):
    code = "officer-departed"
    zh = "此人已登记离岗"
    en = "This person has left already"


async def depart(
    tx: Transaction, officer_id: UUID, *, status: str, on: date, today: date, by: Principal
) -> OfficerRow:
    """`on` is the last day of service: every posting ends on it, together with the status, or nothing changes."""
    check_departure(on, today)
    row = await people.officer(tx.session, officer_id, lock=True)
    if row.status in {"left", "retired"}:
        raise DepartedAlready
    before = row.status
    for posting in await people.postings(tx.session, officer_id):
        if posting.valid_to is not None and posting.valid_to <= on:
            continue
        check_dates(posting.valid_from, on)
        posting.valid_to = on
        await tx.publish(messages.posting, posting)
    row.status = status
    await tx.publish(messages.officer, row)
    await record(
        tx, "officer", row.id, "departed", by=by,
        before={"status": before}, after={"status": status, "on": on},
    )  # fmt: skip
    return row
