"""Periodic work of `scoring`."""

from datetime import timedelta

from kernel.runtime import Runtime
from kernel.scheduling import Job
from services.scoring.actions.rolling_up import roll_up_due


async def roll_up(runtime: Runtime) -> None:
    """Until nothing is due. A burst of postings is rolled up once, not once each."""
    while True:
        async with runtime.db.transaction() as tx:
            if not await roll_up_due(tx):
                return


JOBS = (Job("roll-up", roll_up, every=timedelta(seconds=1)),)
