"""Many rows at once by COPY, inside the session's transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession


async def copy_rows(
    session: AsyncSession, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Rows are sequences in the order of `columns`, in the driver's types (UUID, int, str, aware datetime, date)."""
    await session.flush()
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        raise RuntimeError("the connection is gone")
    await raw.copy_records_to_table(table.name, schema_name=table.schema, columns=list(columns), records=rows)
