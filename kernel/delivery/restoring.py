"""Rows back from an event: the other direction of a service's `messages`."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB, insert

from contracts.envelope import Event, Headers
from kernel.delivery.offers import Restore
from kernel.delivery.transaction import Transaction


async def restore_row(tx: Transaction, row: type[Any], event: Event, **others: Any) -> None:
    """Write the row as the event tells it, at the event's version; a newer row stays.

    `others` are values for what the event does not tell; they are used only if the row is not there.
    """
    table: Table = row.__table__
    told = _told(table, event)
    statement = insert(table).values(**told, **others)
    news = {name: statement.excluded[name] for name in told if name != "id"}
    older = table.c.version < statement.excluded.version
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=news, where=older))


def restores(row: type[Any]) -> Restore:
    """For rows of which the event tells everything."""

    async def restore(tx: Transaction, event: Event, _: Headers) -> None:
        await restore_row(tx, row, event)

    return restore


def _told(table: Table, event: Event) -> dict[str, Any]:
    values, plain = event.model_dump(), event.model_dump(mode="json")
    return {
        column.name: plain[column.name] if isinstance(column.type, JSONB) else values[column.name]
        for column in table.columns
        if column.name in values
    }
