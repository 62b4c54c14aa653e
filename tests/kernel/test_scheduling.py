"""Jobs run when they are due, when somebody rings, and are tried again when they fail."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from cli.manifests import load
from kernel import scheduling
from kernel.lifecycle import Role
from kernel.local.objectstore import ObjectStore
from kernel.runtime import Runtime
from kernel.scheduling import Job, Scheduler, run_once
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def nothing(_: Runtime) -> None: ...


NIGHTLY = Job("nightly", nothing, daily=time(2))


@pytest.fixture(scope="module")
async def runtime(databases: Databases, objects: ObjectStore) -> AsyncIterator[Runtime]:
    async with Platform(databases, objects, [load("org")], role=Role.API) as platform:
        yield platform.runtimes["org"]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


async def recorded(runtime: Runtime, job: str) -> tuple[int, str | None]:
    async with runtime.db.reading() as session:
        found = await session.execute(
            text("SELECT runs, last_error FROM bus.job_run WHERE name = :job"), {"job": job}
        )
        runs, error = found.one()
        return runs, error


@pytest.mark.parametrize(
    ("now", "hours"),
    [(at(23, 1), 1), (at(23, 2), 24), (at(23, 3), 23), (at(23, 23, 30), 2.5)],
)
def test_a_daily_job_is_due_at_the_bureaus_hour(now: datetime, hours: float):
    assert NIGHTLY.wait_s(now, SHANGHAI) == hours * 3600


@pytest.mark.parametrize(
    ("finished", "now", "done"),
    [
        (None, at(23, 9), False),
        (at(23, 2, 5), at(23, 9), True),
        (at(22, 2, 5), at(23, 9), False),
        (at(22, 2, 5), at(23, 1), True),
        (at(21, 23), at(23, 1), False),
    ],
)
def test_a_new_process_makes_up_for_a_missed_day_and_repeats_none(
    finished: datetime | None, now: datetime, *, done: bool
):
    assert NIGHTLY.done(finished, now, SHANGHAI) is done


def test_a_job_without_an_hour_runs_at_every_start():
    assert not Job("often", nothing, every=timedelta(seconds=1)).done(at(23, 9), at(23, 9), SHANGHAI)


async def test_a_run_is_recorded(runtime: Runtime):
    job = Job("recorded", nothing, every=timedelta(hours=1))
    await run_once(runtime, job)
    await run_once(runtime, job)
    assert await recorded(runtime, "recorded") == (2, None)


async def test_a_failure_is_recorded_and_forgotten_after_the_next_good_run(runtime: Runtime):
    fails = [True]

    async def sometimes(_: Runtime) -> None:
        if fails.pop():
            raise ValueError("no paper in the printer")

    job = Job("sometimes", sometimes, every=timedelta(hours=1))
    with pytest.raises(ValueError, match="paper"):
        await run_once(runtime, job)
    runs, error = await recorded(runtime, "sometimes")
    assert runs == 0
    assert error
    assert "paper" in error
    fails.append(False)
    await run_once(runtime, job)
    assert await recorded(runtime, "sometimes") == (1, None)


async def test_a_job_runs_at_start_again_after_a_failure_and_whenever_it_is_woken(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scheduling, "RETRY_S", 0.01)
    ran: asyncio.Queue[int] = asyncio.Queue()

    async def work(_: Runtime) -> None:
        ran.put_nowait(1)
        if ran.qsize() == 1 and not failed:
            failed.append(1)
            raise ValueError

    failed: list[int] = []
    scheduler = Scheduler(runtime, (Job("woken", work, every=timedelta(hours=1)),))
    await scheduler.start()
    async with asyncio.timeout(20):
        await ran.get()
        await ran.get()
        runtime.wake("woken")
        await ran.get()
    await scheduler.stop()
    assert failed == [1]


async def test_what_a_job_showed_is_taken_back_when_the_process_leads_no_longer(runtime: Runtime):
    ran, taken_back = asyncio.Event(), asyncio.Event()

    async def work(_: Runtime) -> None:
        ran.set()

    job = Job("shown", work, every=timedelta(hours=1), afterwards=taken_back.set)
    scheduler = Scheduler(runtime, (job,))
    await scheduler.start()
    async with asyncio.timeout(20):
        await ran.wait()
    assert not taken_back.is_set()
    await scheduler.stop()
    assert taken_back.is_set()
