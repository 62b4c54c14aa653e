"""Periodic work: a name, when it is due, what it does. One process of a service runs it; every run is recorded."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import text

from kernel.audit.acting import Acting, Actor, ActorKind, current_acting
from kernel.bells import Bell
from kernel.db.leader import leadership, still_leading
from kernel.observability.metrics import JOB_RUNS
from kernel.runtime import Runtime

RETRY_S = 2.0
LEADER_CHECK_S = 10.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Due `every` so often, or `daily` at a local time; and whenever `runtime.wake(name)` is called.

    `afterwards`: when this process no longer leads, another one may. `apart`: heavy work on what strangers sent, which a process of role `files` can do by itself (KAOHE_FILES_APART).
    """

    name: str
    run: Callable[[Runtime], Awaitable[None]]
    every: timedelta | None = None
    daily: time | None = None
    apart: bool = False
    afterwards: Callable[[], None] | None = None

    def wait_s(self, now: datetime, zone: ZoneInfo) -> float:
        """Seconds from `now` until it is due next."""
        if self.every is not None:
            return self.every.total_seconds()
        due = self._today(now, zone)
        if due <= now:
            due = self._today(now + timedelta(days=1), zone)
        return (due - now).total_seconds()

    def done(self, finished: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
        """Whether a run that finished then makes another at `now` needless: a new process does not repeat the day's."""
        if finished is None or self.every is not None:
            return False
        due = self._today(now, zone)
        if due > now:
            due = self._today(now - timedelta(days=1), zone)
        return finished >= due

    def _today(self, now: datetime, zone: ZoneInfo) -> datetime:
        return datetime.combine(now.astimezone(zone).date(), self.daily or time(), zone).astimezone(UTC)


class Scheduler:
    """Runs the jobs of one service in this process while it leads: one connection for all of them, however many."""

    def __init__(self, runtime: Runtime, jobs: tuple[Job, ...]) -> None:
        self._runtime, self._jobs = runtime, jobs
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        for job in self._jobs:
            self._runtime.bells.setdefault(job.name, Bell())
        if self._jobs:
            self._task = asyncio.create_task(self._forever(), name=f"{self._runtime.service}-jobs")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _forever(self) -> None:
        while True:
            try:
                await self._lead()
            except Exception as error:  # noqa: BLE001 -- the database was away; lead again, here or elsewhere
                _log.warning("jobs_interrupted", service=self._runtime.service, error=repr(error)[:500])
                await asyncio.sleep(RETRY_S)

    async def _lead(self) -> None:
        runtime = self._runtime
        async with leadership(runtime.db.engine, f"{runtime.service}-jobs") as connection:
            tasks = [asyncio.create_task(self._keep_running(job)) for job in self._jobs]
            try:
                while True:
                    await asyncio.sleep(LEADER_CHECK_S)
                    await still_leading(connection)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                for job in self._jobs:
                    if job.afterwards is not None:
                        job.afterwards()

    async def _keep_running(self, job: Job) -> None:
        """At the start unless the day's run is done, then whenever it is due; soon again after a failure."""
        runtime, bell, wanted = self._runtime, self._runtime.bells[job.name], True
        while True:
            try:
                if wanted and not job.done(
                    await _last_finished(runtime, job), runtime.clock.now(), runtime.zone
                ):
                    await run_once(runtime, job)
                wanted = False
                await bell.wait(job.wait_s(runtime.clock.now(), runtime.zone))
                await run_once(runtime, job)
            except Exception as error:  # noqa: BLE001 -- recorded; the job is due again
                _log.warning("job_failed", service=runtime.service, job=job.name, error=repr(error)[:500])
                wanted = True
                await asyncio.sleep(RETRY_S)


async def run_once(runtime: Runtime, job: Job) -> None:
    """Run and record; what the job raises is recorded and raised again."""
    await _record(runtime, job, "last_started_at = clock_timestamp()", None)
    at_work = current_acting.set(Acting(Actor(ActorKind.SERVICE, runtime.service), job.name, runtime.service))
    try:
        await job.run(runtime)
    except Exception as error:
        JOB_RUNS.labels(runtime.service, job.name, "failed").inc()
        await _record(runtime, job, "last_error = :error", repr(error)[:2000])
        raise
    finally:
        current_acting.reset(at_work)
    JOB_RUNS.labels(runtime.service, job.name, "ok").inc()
    await _record(
        runtime,
        job,
        "last_finished_at = clock_timestamp(), last_error = NULL, runs = bus.job_run.runs + 1",
        None,
    )


async def _last_finished(runtime: Runtime, job: Job) -> datetime | None:
    async with runtime.db.reading() as session:
        found: datetime | None = await session.scalar(
            text("SELECT last_finished_at FROM bus.job_run WHERE name = :name"), {"name": job.name}
        )
        return found


async def _record(runtime: Runtime, job: Job, change: str, error: str | None) -> None:
    async with runtime.db.engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO bus.job_run (name) VALUES (:name) ON CONFLICT DO NOTHING"), {"name": job.name}
        )
        await connection.execute(
            text(f"UPDATE bus.job_run SET {change} WHERE name = :name"),  # noqa: S608 -- constants
            {"name": job.name, "error": error},
        )
