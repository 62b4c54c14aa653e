"""Copies of other services' state, kept by events: the newest version wins, whatever the order of arrival."""

from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from contracts.envelope import Event
from kernel.bus.canonical import plain
from kernel.delivery.handlers import Delivered, Handlers
from kernel.delivery.transaction import Transaction


class Replica:
    """Mixin of replica rows: columns are named like the event's fields; `event` says whose copy it is."""

    event: ClassVar[type[Event]]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


async def keep_replica(tx: Transaction, row: type[Replica], event: Event) -> bool:
    """Write the event's state unless a newer one is there. True if the replica changed."""
    table = row.__table__  # type: ignore[attr-defined]
    values = {
        column.name: _stored(getattr(event, column.name)) for column in table.c if hasattr(event, column.name)
    }
    statement = insert(table).values(values)
    upsert = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={name: statement.excluded[name] for name in values if name != "id"},
        where=table.c.version < statement.excluded.version,
    ).returning(table.c.id)
    return (await tx.session.execute(upsert)).first() is not None


def _stored(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, BaseModel | dict):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_stored(item) if not isinstance(item, BaseModel) else plain(item) for item in value]
    return value


def replicate(handlers: Handlers, *rows: type[Replica]) -> None:
    """Keep these replicas by handlers that do nothing else."""
    for row in rows:
        _register(handlers, row)


def _register(handlers: Handlers, row: type[Replica]) -> None:
    @handlers.on(row.event)
    async def keep(tx: Transaction, event: Event, _: Delivered) -> None:
        await keep_replica(tx, row, event)
