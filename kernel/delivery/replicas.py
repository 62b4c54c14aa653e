"""Copies of other services' state, kept by events: the newest version wins, whatever the order of arrival."""

import json
from collections.abc import Sequence
from functools import cache
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, FromClause, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.envelope import Event
from kernel.bus.canonical import plain
from kernel.delivery.handlers import Handlers
from kernel.delivery.transaction import Transaction


class Replica:
    """Mixin of replica rows: columns are named like the event's fields; `event` says whose copy it is."""

    __tablename__: str
    __table__: ClassVar[FromClause]
    event: ClassVar[type[Event]]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


async def keep_replica(tx: Transaction, row: type[Replica], event: Event) -> bool:
    """Write the event's state unless a newer one is there. True if the replica changed."""
    return event.id in await keep_replicas(tx, row, [event])


async def keep_replicas(tx: Transaction, row: type[Replica], events: Sequence[Event]) -> set[UUID]:
    """The same for many in one statement. The ids of those that changed."""
    newest = {event.id: event for event in sorted(events, key=lambda event: event.version)}
    names = _columns(row)
    rows = json.dumps([{name: plain(getattr(event, name)) for name in names} for event in newest.values()])
    changed = await tx.session.execute(_upsert(row.__tablename__, names), {"rows": rows})
    return set(changed.scalars().all())


def _columns(row: type[Replica]) -> tuple[str, ...]:
    """Those that the event fills; a table may have more."""
    return tuple(column.name for column in row.__table__.columns if column.name in row.event.model_fields)


@cache
def _upsert(table: str, names: tuple[str, ...]) -> TextClause:
    """PostgreSQL reads the rows from one JSON text: the same statement for one row and for hundreds."""
    columns = ", ".join(f'"{name}"' for name in names)
    news = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name != "id")
    return text(
        f'INSERT INTO "{table}" AS kept ({columns}) '  # noqa: S608 -- names of our own tables and columns
        f'SELECT {columns} FROM jsonb_populate_recordset(CAST(NULL AS "{table}"), CAST(:rows AS jsonb)) '
        f"ON CONFLICT (id) DO UPDATE SET {news} WHERE kept.version < excluded.version RETURNING id"
    )


async def roll_back_replica(tx: Transaction, row: type[Replica], lost: Event, instead: Event | None) -> None:
    """What was kept of a version that the producer lost gives way to the one that is true, or to nothing."""
    table = row.__tablename__
    await tx.session.execute(text(f'DELETE FROM "{table}" WHERE id = :id'), {"id": lost.id})  # noqa: S608 -- a table of ours
    if instead is not None:
        await keep_replica(tx, row, instead)


def replicate(handlers: Handlers, *rows: type[Replica]) -> None:
    """Keep these replicas by handlers that do nothing else."""
    for row in rows:
        _register(handlers, row)


def _register(handlers: Handlers, row: type[Replica]) -> None:
    @handlers.on_many(row.event)
    async def keep(tx: Transaction, events: Sequence[Event]) -> None:
        await keep_replicas(tx, row, events)
