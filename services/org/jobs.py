"""Periodic work of `org`."""

from datetime import time, timedelta

from kernel.runtime import Runtime
from kernel.scheduling import Job
from services.org.actions import expiring, retelling
from services.org.actions.housekeeping import forget_old_failures, forget_old_sessions
from services.org.actions.reorganising import carry_out_due, due


async def tidy(runtime: Runtime) -> None:
    """Wrong passwords of long ago, and sessions that ended weeks ago, are forgotten."""
    async with runtime.db.transaction() as tx:
        await forget_old_failures(tx)
        await forget_old_sessions(tx)


async def reorganise(runtime: Runtime) -> None:
    """Each change of the organisation whose day has come, in a transaction of its own."""
    today = runtime.clock.now().astimezone(runtime.zone).date()
    async with runtime.db.transaction() as tx:
        waiting = await due(tx, today)
    for reorganisation_id in waiting:
        async with runtime.db.transaction() as tx:
            await carry_out_due(tx, reorganisation_id)


async def announce_ends(runtime: Runtime) -> None:
    """Grants that end within the days that the bureau has set."""
    today = runtime.clock.now().astimezone(runtime.zone).date()
    count = expiring.AT_ONCE
    while count == expiring.AT_ONCE:
        async with runtime.db.transaction() as tx:
            count = await expiring.announce(tx, today=today)


async def retell_grants(runtime: Runtime) -> None:
    """What an earlier version left out of the events about grants; after an upgrade at the first start."""
    count = retelling.AT_ONCE
    while count == retelling.AT_ONCE:
        async with runtime.db.transaction() as tx:
            count = await retelling.retell(tx)


JOBS = (
    Job("tidy", tidy, every=timedelta(hours=1)),
    Job("reorganise", reorganise, daily=time(0, 5)),
    Job("announce-ends", announce_ends, daily=time(6, 30)),
    Job("retell-grants", retell_grants, daily=time(2, 10)),
)
