"""Periodic work: a name, when it is due, what it does. One process of a service runs it; every run is recorded."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import text

from kernel.bells import Bell
from kernel.db.leader import leadership, still_leading
from kernel.observability.metrics import JOB_RUNS
from kernel.runtime import Runtime

RETRY_S = 2.0
LEADER_CHECK_S = 10.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Due `every` so often, or `daily` at a local time; and whenever `runtime.wake(name)` is called."""

    name: str
    run: Callable[[Runtime], Awaitable[None]]
    every: timedelta | None = None
    daily: time | None = None

    def wait_s(self, now: datetime, zone: ZoneInfo) -> float:
        """Seconds from `now` until it is due next."""
        if self.every is not None:
            return self.every.total_seconds()
        local = now.astimezone(zone)
        due = datetime.combine(local.date(), self.daily or time(), zone)
        if due <= local:
            due += timedelta(days=1)
        return (due - local).total_seconds()


class Scheduler:
    """Runs the jobs of one service in this process while it leads."""

    def __init__(self, runtime: Runtime, jobs: tuple[Job, ...]) -> None:
        self._runtime, self._jobs = runtime, jobs
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        for job in self._jobs:
            self._runtime.bells.setdefault(job.name, Bell())
            self._tasks.append(asyncio.create_task(self._forever(job), name=f"{self._runtime.service}-job-{job.name}"))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _forever(self, job: Job) -> None:
        while True:
            try:
                async with leadership(self._runtime.db.engine, f"{self._runtime.service}-job-{job.name}") as connection:
                    while True:
                        await run_once(self._runtime, job)
                        left = job.wait_s(self._runtime.clock.now(), self._runtime.zone)
                        while left > 0 and not await self._runtime.bells[job.name].wait(min(left, LEADER_CHECK_S)):
                            left -= LEADER_CHECK_S
                            await still_leading(connection)
            except Exception as error:  # noqa: BLE001 -- recorded; the job is due again
                _log.warning("job_failed", service=self._runtime.service, job=job.name, error=repr(error)[:500])
                await asyncio.sleep(RETRY_S)


async def run_once(runtime: Runtime, job: Job) -> None:
    """Run and record; what the job raises is recorded and raised again."""
    await _record(runtime, job, "last_started_at = clock_timestamp()", None)
    try:
        await job.run(runtime)
    except Exception as error:
        JOB_RUNS.labels(runtime.service, job.name, "failed").inc()
        await _record(runtime, job, "last_error = :error", repr(error)[:2000])
        raise
    JOB_RUNS.labels(runtime.service, job.name, "ok").inc()
    await _record(runtime, job, "last_finished_at = clock_timestamp(), last_error = NULL, runs = bus.job_run.runs + 1", None)


async def _record(runtime: Runtime, job: Job, change: str, error: str | None) -> None:
    async with runtime.db.engine.begin() as connection:
        await connection.execute(text("INSERT INTO bus.job_run (name) VALUES (:name) ON CONFLICT DO NOTHING"), {"name": job.name})
        await connection.execute(
            text(f"UPDATE bus.job_run SET {change} WHERE name = :name"), {"name": job.name, "error": error}  # noqa: S608 -- constants
        )
