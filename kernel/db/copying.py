"""Many rows at once by COPY, inside the session's transaction."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

PIECE = 20_000


async def copy_rows(
    session: AsyncSession, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Rows are sequences in the order of `columns`, in the driver's types (UUID, int, str, aware datetime, date).

    In pieces, so that however many there are no statement runs into its time limit.
    """
    await session.flush()
    raw = await _driver(session)
    waiting = iter(rows)
    while piece := list(islice(waiting, PIECE)):
        await raw.copy_records_to_table(
            table.name, schema_name=table.schema, columns=list(columns), records=piece
        )


async def copied_out(
    session: AsyncSession, query: str, write: Callable[[bytes], Awaitable[None]], *arguments: object
) -> int:
    """The rows of a query ($1 … for `arguments`) as COPY writes them, piece by piece; how many they were.

    A line ends with a line feed; in it a backslash, a tab and a line feed are escaped by a backslash.
    """
    status: str = await (await _driver(session)).copy_from_query(query, *arguments, output=write)
    return int(status.rpartition(" ")[2])


async def digest_of_rows(session: AsyncSession, query: str, *arguments: object) -> tuple[str, int]:
    """SHA-256 over the lines of `copied_out`, in hex, and how many they are. A million takes seconds and no memory."""
    state = hashlib.sha256()

    async def add(piece: bytes) -> None:
        state.update(piece)

    count = await copied_out(session, query, add, *arguments)
    return state.hexdigest(), count


async def _driver(session: AsyncSession) -> Any:
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        raise RuntimeError("the connection is gone")
    return raw
