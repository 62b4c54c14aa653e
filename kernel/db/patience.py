"""Leave for a transaction whose statements go through everything: a trial, a verification."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LONGEST = "15min"


async def take_time(session: AsyncSession) -> None:
    """Longer statements to the end of this transaction than the pool allows otherwise; still bounded."""
    await session.execute(text(f"SET LOCAL statement_timeout = '{LONGEST}'"))
