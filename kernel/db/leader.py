"""One leader among the processes of a service: whoever holds the advisory lock on a connection of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kernel.db.locks import lock_number

RETRY_S = 2.0


@asynccontextmanager
async def leadership(engine: AsyncEngine, name: str) -> AsyncIterator[AsyncConnection]:
    """Wait to become the leader called `name`; the lock falls with the connection that is yielded."""
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        number = lock_number("leader", name)
        take = text("SELECT pg_try_advisory_lock(:n)")
        while not await connection.scalar(take, {"n": number}):  # noqa: ASYNC110 -- held by another process
            await asyncio.sleep(RETRY_S)
        try:
            yield connection
        finally:
            # The lock falls with the connection. Asking the server to unlock could fail or hang when it is gone,
            # and would then hide that this task is being cancelled.
            await plain.invalidate()


async def hear(connection: AsyncConnection, channel: str, ring: Callable[[], None]) -> None:
    """Ring whenever a transaction that notified the channel has committed, as long as the connection lives."""
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        raise ConnectionError("the connection of the leader is gone")
    await raw.add_listener(channel, lambda *_: ring())


async def still_leading(connection: AsyncConnection) -> None:
    """Raises if the connection that holds the lock is gone."""
    await connection.execute(text("SELECT 1"))
