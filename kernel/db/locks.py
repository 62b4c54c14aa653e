"""Advisory locks by name."""

import hashlib

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

_WAIT = text("SELECT pg_advisory_xact_lock(:n)")
_TRY = text("SELECT pg_try_advisory_xact_lock(:n)")


def lock_number(*key: str) -> int:
    """The signed 64-bit number of a lock name."""
    digest = hashlib.sha256("\x1f".join(key).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


async def lock_in_transaction(session: AsyncSession | AsyncConnection, *key: str) -> None:
    """Wait for the lock and hold it to the end of the transaction."""
    await session.execute(_WAIT, {"n": lock_number(*key)})


async def try_lock_in_transaction(session: AsyncSession | AsyncConnection, *key: str) -> bool:
    return bool(await session.scalar(_TRY, {"n": lock_number(*key)}))
