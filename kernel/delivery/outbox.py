"""Events that were decided on and not yet numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, MetaData, Table, Text, Uuid, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event, Headers
from kernel.bus.canonical import canonical

# Described for statements only; the tables are made by kernel.delivery.ddl.
OUTBOX = Table(
    "outbox",
    MetaData(schema="bus"),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid),
    Column("type", Text),
    Column("aggregate_id", Text),
    Column("aggregate_version", BigInteger),
    Column("order_key", Text),
    Column("body", Text),
    Column("headers", JSONB),
    Column("created_at", DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class Draft:
    event_id: UUID
    event: Event
    headers: Headers


async def write_outbox(session: AsyncSession, drafts: Sequence[Draft]) -> None:
    """Insert in the given order: per aggregate, the order of ids is the order of commits, for its row is locked."""
    rows = [
        {
            "event_id": draft.event_id,
            "type": draft.event.type,
            "aggregate_id": str(draft.event.id),
            "aggregate_version": draft.event.version,
            "order_key": draft.event.order_key,
            "body": canonical(draft.event),
            "headers": draft.headers.model_dump(exclude_none=True),
        }
        for draft in drafts
    ]
    await session.execute(insert(OUTBOX), rows)
