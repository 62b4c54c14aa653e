"""Sessions that were ended before their time: every process of every service refuses their tokens within seconds."""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kernel.db.engine import UNREACHABLE
from kernel.runtime import Runtime
from kernel.tokens import SESSION_LIFE

POLL_S = 2.0
#: A revoked session matters until its last token has expired, and a little longer.
KEPT_S = int(SESSION_LIFE.total_seconds()) + 60
_log = structlog.get_logger(__name__)


async def refresh(runtime: Runtime) -> None:
    """Read the recently revoked sessions: of `org`'s own table, or of the replica of the same name."""
    async with runtime.db.reading() as session:
        found = await session.scalars(
            text(
                "SELECT id FROM session WHERE revoked_at > clock_timestamp() - make_interval(secs => :kept)"
            ),
            {"kept": KEPT_S},
        )
    runtime.revoked.clear()
    runtime.revoked.update(found.all())


async def keep_refreshing(runtime: Runtime) -> None:
    """For ever; a database that is away for a moment changes nothing."""
    while True:
        try:
            await refresh(runtime)
        except (SQLAlchemyError, *UNREACHABLE) as error:
            _log.warning("revocations_unread", error=repr(error)[:200])
        await asyncio.sleep(POLL_S)
