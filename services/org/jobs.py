"""Periodic work of `org`."""

from datetime import timedelta

from kernel.runtime import Runtime
from kernel.scheduling import Job
from services.org.actions.housekeeping import forget_old_failures, forget_old_sessions


async def tidy(runtime: Runtime) -> None:
    """Wrong passwords of long ago, and sessions that ended weeks ago, are forgotten."""
    async with runtime.db.transaction() as tx:
        await forget_old_failures(tx)
        await forget_old_sessions(tx)


JOBS = (Job("tidy", tidy, every=timedelta(hours=1)),)
