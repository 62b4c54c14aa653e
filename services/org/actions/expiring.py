"""Grants that end soon: said once, to the holder and both administrators, who are told by the event (`reporting`)."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from contracts.org import GrantStatus
from kernel.delivery.transaction import Transaction
from services.org import messages
from services.org.actions.recording import record
from services.org.models import GrantRow
from services.org.queries import access
from services.org.queries.configured import figures

AT_ONCE: Final = 500
_Later = aliased(GrantRow)


async def announce(tx: Transaction, *, today: date) -> int:
    """How many there were. Not those that go on: the same role, scope and lines approved for longer."""
    days = (await figures(tx.session, today))["grant-notice-days"]
    goes_on = exists().where(
        _Later.account_id == GrantRow.account_id,
        _Later.role == GrantRow.role,
        _Later.scope_unit_id == GrantRow.scope_unit_id,
        _Later.lines == GrantRow.lines,
        _Later.status == GrantStatus.APPROVED,
        _Later.valid_from <= GrantRow.valid_to + timedelta(days=1),
        or_(_Later.valid_to.is_(None), _Later.valid_to > GrantRow.valid_to),
    )
    found = select(GrantRow).where(
        GrantRow.status == GrantStatus.APPROVED,
        GrantRow.noticed_at.is_(None),
        GrantRow.valid_to.between(today, today + timedelta(days=days)),
        ~goes_on,
    )
    rows = (
        await tx.session.scalars(found.order_by(GrantRow.id).limit(AT_ONCE).with_for_update(skip_locked=True))
    ).all()
    now = await tx.now()
    for row in rows:
        row.noticed_at = now
    officers = await access.officers_of(tx.session, [row.account_id for row in rows])
    await tx.publish_many(messages.grant_of(officers), rows)
    for row in rows:
        await record(tx, "grant", row.id, "ends-soon", by=None, role=row.role, until=row.valid_to)
    return len(rows)
