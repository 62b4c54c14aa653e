"""Leave for a transaction whose statements go through everything: a trial, a verification."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LONGEST = "15min"
#: Sorts of a million facts stay off the disk; one such transaction at a time.
SORTING = "128MB"


async def take_time(session: AsyncSession) -> None:
    """Longer statements, and more memory to sort in, to the end of this transaction than the pool allows otherwise."""
    await session.execute(text(f"SET LOCAL statement_timeout = '{LONGEST}'"))
    await session.execute(text(f"SET LOCAL work_mem = '{SORTING}'"))
