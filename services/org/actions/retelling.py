"""Grants that an earlier version told without whose they are, or without when they were decided: told again, once."""

from typing import Final

from sqlalchemy import ColumnElement, String, Text, and_, cast, column, func, or_, select, table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm.attributes import flag_modified

from contracts.org import Grant
from kernel.delivery.transaction import Transaction
from services.org import messages
from services.org.models import AccountRow, GrantRow
from services.org.queries import access

AT_ONCE: Final = 500
_LOG = table(
    "event_log",
    column("type", Text),
    column("aggregate_id", Text),
    column("aggregate_version"),
    column("body", Text),
    schema="bus",
)


async def retell(tx: Transaction) -> int:
    """How many there were, `AT_ONCE` at most. What was told completely, or waits to be told, is left alone."""
    told = and_(
        _LOG.c.type == Grant.type,
        _LOG.c.aggregate_id == cast(GrantRow.id, String),
        _LOG.c.aggregate_version == GrantRow.version,
    )
    incomplete = or_(
        and_(GrantRow.decided_at.is_not(None), _unsaid("decided_at")),
        and_(AccountRow.officer_id.is_not(None), _unsaid("officer_id")),
    )
    found = (
        select(GrantRow)
        .join(AccountRow, AccountRow.id == GrantRow.account_id)
        .join(_LOG, told)
        .where(incomplete)
        .order_by(GrantRow.id)
        .limit(AT_ONCE)
        .with_for_update(of=GrantRow, skip_locked=True)
    )
    rows = (await tx.session.scalars(found)).all()
    for row in rows:
        flag_modified(row, "status")  # nothing is different, but what is told needs a version of its own
    officers = await access.officers_of(tx.session, [row.account_id for row in rows])
    await tx.publish_many(messages.grant_of(officers), rows)
    return len(rows)


def _unsaid(field: str) -> ColumnElement[bool]:
    return func.jsonb_extract_path_text(cast(_LOG.c.body, JSONB), field).is_(None)
