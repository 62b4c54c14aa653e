"""A ranking board as its readers ask for it, against a bare endpoint: `python -m bench.boards [officers]`.

Both are asked through their application in this process, so that what is measured is server time. The bare one is a FastAPI
endpoint that reads the same fifty lines, with their names, from the maintained aggregate with asyncpg: nobody is asked who
they are, nothing is ranked, compared or hidden. Nothing changes between two looks, as nearly always.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import httpx2
from fastapi import FastAPI

from bench import record
from bench.ranked_city import PERIOD, ROOT, SCHEME, SERIES, fill
from bench.server import running, say
from contracts.permissions import Role
from kernel.local.objectstore import ObjectStore
from kernel.local.postgres import PostgresServer
from kernel.settings import ServiceSettings
from kernel.testing.databases import Databases
from kernel.testing.people import grant, person
from kernel.testing.platform import Platform
from services.reporting.manifest import service

OFFICERS, MANY, ROUNDS, PAGE = 10_000, 100_000, 300, 50
_BARE = """
    SELECT s.subject_id, o.police_number, o.name, u.name AS unit_name, s.total_milli, s.entries
    FROM statement s JOIN officer o ON o.id = s.subject_id JOIN unit u ON u.id = s.unit_id
    WHERE s.period_id = $1 AND s.subject_kind = 'officer' ORDER BY s.total_milli DESC LIMIT 50
"""


@asynccontextmanager
async def bare(settings: ServiceSettings) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """The endpoint, and how to ask it."""
    pool = await asyncpg.create_pool(settings.database_url.get_secret_value(), min_size=2, max_size=5)
    app = FastAPI()

    @app.get("/board")
    async def lines() -> list[dict[str, Any]]:
        return [dict(row) for row in await pool.fetch(_BARE, PERIOD)]

    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bare.test") as client:

        async def ask() -> None:
            answer = await client.get("/board")
            assert len(answer.json()) == PAGE

        yield ask
    await pool.close()


async def looks(platform: Platform, officers: int) -> dict[str, float]:
    """Rounds of ours and of the bare one in turn, each asked one after another."""
    me = person(grant(Role.ASSESSMENT_OFFICE, ROOT, "R/"))
    caller = platform.caller("reporting", me)
    query = {"scheme_id": SCHEME, "period_id": PERIOD, "subject_kind": "officer", "series_id": SERIES}

    async def ours() -> None:
        found = await caller.get("/api/reporting/v1/boards", **query, limit=PAGE)
        assert len(found["items"]) == PAGE

    first = time.perf_counter()
    await ours()
    first = time.perf_counter() - first
    async with bare(platform.runtimes["reporting"].settings) as theirs:
        for ask in (ours, theirs):
            await timed(ask, 50)
        rounds = [(await timed(ours), await timed(theirs)) for _ in range(3)]
    mine = [one for found, _ in rounds for one in found]
    ratio = statistics.median(sum(other) / sum(found) for found, other in rounds)
    return {
        f"board of {officers:,}, first look of a process, ms": first * 1000,
        f"board of {officers:,}, p50 ms": statistics.median(mine) * 1000,
        f"board of {officers:,}, p99 ms": statistics.quantiles(mine, n=100)[98] * 1000,
        f"board of {officers:,}, throughput against the bare endpoint (at least a third)": ratio,
    }


async def timed(ask: Callable[[], Awaitable[None]], rounds: int = ROUNDS) -> list[float]:
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        found.append(time.perf_counter() - began)
    return found


async def measure(server: PostgresServer, store: ObjectStore, officers: int) -> dict[str, float]:
    say(f"{officers:,} officers …")
    async with Platform(Databases(server), store, [service]) as platform:
        await fill(platform.runtimes["reporting"].db, platform.owner_urls["reporting"], officers)
        return await looks(platform, officers)


async def _both(server: PostgresServer, sizes: list[int]) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-", ignore_cleanup_errors=True) as folder:
        store = ObjectStore(Path(folder) / "s3", log=Path(folder) / "s3.log")
        store.start()
        try:
            figures: dict[str, float] = {}
            for officers in sizes:
                figures |= await measure(server, store, officers)
            return figures
        finally:
            store.stop()


def main(sizes: list[int]) -> None:
    with running(durable=False) as server:
        figures = {name: round(value, 2) for name, value in asyncio.run(_both(server, sizes)).items()}
    record("boards", figures)
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main([int(sys.argv[1])] if len(sys.argv) > 1 else [OFFICERS, MANY])
