"""A million submissions: lists, and sending with everything on: `python -m bench.submissions [rows]`.

Lists are asked through the application in this process, so that what is measured is server time; each list's plan is printed
and may not read the whole table. Sending is compared, in the same run, with a bare FastAPI endpoint that runs the same
statements with asyncpg: recorded from a real request, replayed with identifiers of their own.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

from bench import record
from bench.replaying import Recording, bare_app
from contracts.permissions import Role
from kernel.clock import ManualClock
from kernel.db.engine import async_url
from kernel.identity import Principal
from kernel.local.objectstore import ObjectStore
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.submissions.manifest import service
from tests.services.submissions.bureau import NOON, Bureau

API = "/api/submissions/v1"
ROUNDS = 60
_FILL = text(
    """
    INSERT INTO submission (id, version, number, scheme_id, period_id, indicator_id, target_id, line, subject_kind, subject_id,
      unit_id, event_date, quantity, accepted_quantity, summary, evidence, status, late, created_by, created_by_account,
      submitted_by, submitted_at, authority_unit_id, routed_to_office, on_behalf)
    SELECT uuidv7(make_interval(secs => n - :rows)), 3, 'B-' || n, p.scheme_id, p.id, i.id, gen_random_uuid(), i.line, 'officer',
      o.id, g.unit_id, p.starts_on, 3, CASE WHEN n % 50 = 0 THEN NULL ELSE 3 END, 'x', '[]',
      CASE WHEN n % 50 = 0 THEN 'submitted' WHEN n % 7 = 0 THEN 'returned' ELSE 'accepted' END,
      false, o.id, o.id, o.id, now() - make_interval(secs => (:rows - n)), :authority, false, false
    FROM generate_series(1, CAST(:rows AS int)) n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM officer) o ON o.k = n % (SELECT count(*) FROM officer)
    JOIN posting g ON g.officer_id = o.id
    JOIN (SELECT id, scheme_id, starts_on, row_number() OVER (ORDER BY code) - 1 AS k FROM period) p ON p.k = n % (SELECT count(*) FROM period)
    JOIN (SELECT id, line, row_number() OVER (ORDER BY code) - 1 AS k FROM indicator) i ON i.k = n % (SELECT count(*) FROM indicator)
    """
)
#: 1,500 units in three levels and 10,000 officers, as the replicas hold them.
_CITY = (
    (
        "INSERT INTO unit (id, version, code, name, level, kind, parent_id, path, valid_from) SELECT gen_random_uuid(), 1, 'U' || n, "
        "'U' || n, 2, 'county_bureau', :city, 'CITY/U' || n || '/', '2020-01-01' FROM generate_series(1, 45) n"
    ),
    (
        "INSERT INTO unit (id, version, code, name, level, kind, parent_id, path, valid_from) SELECT gen_random_uuid(), 1, u.code || 'S' || n, "
        "u.code || 'S' || n, 3, 'police_station', u.id, u.path || u.code || 'S' || n || '/', '2020-01-01' "
        "FROM unit u, generate_series(1, 32) n WHERE u.code LIKE 'U%'"
    ),
    (
        "INSERT INTO officer (id, version, police_number, name, status) SELECT gen_random_uuid(), 1, 'P' || n, 'P' || n, 'in_service' "
        "FROM generate_series(1, 10000) n"
    ),
    (
        "INSERT INTO posting (id, version, officer_id, unit_id, kind, is_primary, valid_from, deleted) "
        "SELECT gen_random_uuid(), 1, o.id, u.id, 'regular', true, '2020-01-01', false FROM "
        "(SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM officer WHERE police_number LIKE 'P%') o "
        "JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS k FROM unit WHERE level = 3 AND code LIKE 'U%') u ON u.k = o.k % 1440"
    ),
    (
        "INSERT INTO period SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'code', 'M' || n))).* "
        "FROM period p, generate_series(1, 119) n"
    ),
    (
        "INSERT INTO indicator SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'code', 'I' || n))).* "
        "FROM indicator i, generate_series(1, 198) n WHERE i.code = 'A2'"
    ),
)


async def filled(platform: Platform, bureau: Bureau, rows: int) -> None:
    await platform.tell("submissions", *bureau.events)
    async with platform.runtimes["submissions"].db.transaction() as tx:
        await tx.session.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in _CITY:
            wanted = {"city": bureau.units["CITY"].id} if ":city" in statement else {}
            await tx.session.execute(text(statement), wanted)
        await tx.session.execute(_FILL, {"rows": rows, "authority": bureau.units["XJ"].id})
    # As the tables' owner: for anybody else ANALYZE only warns, and lists would be planned without statistics.
    owner = create_async_engine(async_url(platform.owner_urls["submissions"]), isolation_level="AUTOCOMMIT")
    async with owner.connect() as connection:
        await connection.execute(text("VACUUM (ANALYZE)"))
    await owner.dispose()


async def somebody(platform: Platform, *roles: Role) -> Principal:
    """An officer in the middle of the filled table, with these roles over the own station."""
    async with platform.runtimes["submissions"].db.reading() as session:
        row = (
            await session.execute(
                text("SELECT o.id, u.id AS unit_id, u.path FROM officer o JOIN posting g ON g.officer_id = o.id "
                     "JOIN unit u ON u.id = g.unit_id WHERE o.police_number = 'P5000'")
            )
        ).one()  # fmt: skip
    grants = [grant(role, row.unit_id, row.path) for role in roles]
    return person(*grants, officer_id=row.id, unit_id=row.unit_id, unit_path=row.path, name="P5000")


async def timed(ask: Callable[[], Awaitable[Any]], rounds: int = ROUNDS) -> list[float]:
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def p(times: list[float], share: float) -> float:
    return round(times[min(int(len(times) * share), len(times) - 1)], 1)


async def plan_of(platform: Platform, caller: Caller, path: str, query: dict[str, Any]) -> str:
    """The plan of the longest statement of the request, as PostgreSQL gives it for these very values."""
    engine = platform.runtimes["submissions"].db.engine
    seen: list[tuple[str, Any]] = []

    def keep(_c: Any, _k: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", keep)
    await caller.get(path, **query)
    event.remove(engine.sync_engine, "before_cursor_execute", keep)
    statement, parameters = max(seen, key=lambda pair: len(pair[0]))
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return "\n".join(row[0] for row in rows)


async def lists(platform: Platform, bureau: Bureau) -> dict[str, Any]:
    officer, leader = await somebody(platform), await somebody(platform, Role.UNIT_LEADER)
    some = {
        name: platform.caller("submissions", who) for name, who in (("officer", officer), ("leader", leader))
    }
    some |= {name: platform.caller("submissions", bureau.people[name]) for name in ("assessor", "office")}
    period = str(bureau.period.id)
    figures: dict[str, Any] = {}
    for name, who, path, query in (
        ("officer: mine", "officer", "submissions", {"mine": "true"}),
        ("officer: mine, returned", "officer", "submissions", {"mine": "true", "status": "returned"}),
        ("leader: own station", "leader", "submissions", {}),
        ("leader: own station, one period", "leader", "submissions", {"period_id": period}),
        ("office: everything", "office", "submissions", {}),
        (
            "office: waiting in one period",
            "office",
            "submissions",
            {"period_id": period, "status": "submitted"},
        ),
        ("assessor: queue", "assessor", "reviews/queue", {}),
        ("assessor: queue, nobody's", "assessor", "reviews/queue", {"claimed": "false"}),
    ):
        address = f"{API}/{path}"
        await some[who].get(address, **query)
        times = await timed(lambda a=address, w=who, q=query: some[w].get(a, **q))  # type: ignore[misc]
        plan = await plan_of(platform, some[who], address, query)
        whole = "Seq Scan on submission" in plan
        print(
            f"{name}: p50 {p(times, 0.5)} ms, p95 {p(times, 0.95)} ms{'  WHOLE TABLE READ' if whole else ''}"
        )
        print("\n".join(f"    {line}" for line in plan.splitlines()[:14]))
        figures[name] = {"p50_ms": p(times, 0.5), "p95_ms": p(times, 0.95), "reads_whole_table": whole}
    return figures


async def sending(platform: Platform, bureau: Bureau, seconds: float) -> dict[str, Any]:
    """Requests a second with four at a time, ours and the bare ones in turn; then 20 a second for a while."""
    target = bureau.target("author")
    await platform.tell("submissions", target)
    caller = platform.caller("submissions", bureau.people["author"])

    def body() -> dict[str, Any]:
        return {
            "target_id": str(target.id), "event_date": "2026-11-10", "quantity": "3", "summary": "抓获一名",
            "client_key": str(uuid4()),
        }  # fmt: skip

    async def ours() -> None:
        await caller.post(f"{API}/submissions/send", body())

    for _ in range(20):
        await ours()
    engine = platform.runtimes["submissions"].db.engine
    recording = await Recording.of(engine, ours)
    async with bare_app(recording, platform.runtimes["submissions"].settings) as bare:
        for _ in range(20):
            await bare()
        rounds = [(await rate(ours, seconds), await rate(bare, seconds)) for _ in range(3)]
    ratio = statistics.median(mine / other for mine, other in rounds)
    print(f"sending: {len(recording.statements)} statements, ratio {ratio:.2f} of bare, rounds {rounds}")
    paced = sorted(await at_pace(ours, per_second=20, seconds=seconds * 2))
    figures = {
        "statements": len(recording.statements),
        "ours_per_s": round(statistics.median(mine for mine, _ in rounds), 1),
        "bare_per_s": round(statistics.median(other for _, other in rounds), 1),
        "ratio": round(ratio, 3),
        "at_20_per_s_p50_ms": p(paced, 0.5),
        "at_20_per_s_p99_ms": p(paced, 0.99),
    }
    print(figures)
    return figures


async def rate(ask: Callable[[], Awaitable[None]], seconds: float, side_by_side: int = 4) -> float:
    count, end = 0, time.perf_counter() + seconds

    async def one() -> None:
        nonlocal count
        while time.perf_counter() < end:
            await ask()
            count += 1

    await asyncio.gather(*(one() for _ in range(side_by_side)))
    return count / seconds


async def at_pace(ask: Callable[[], Awaitable[None]], *, per_second: int, seconds: float) -> list[float]:
    """Milliseconds from when each was due, so that a queue counts."""
    loop, found = asyncio.get_running_loop(), []
    start = loop.time()

    room = asyncio.Semaphore(
        8
    )  # as many as there are connections; who waits longer is late, and is counted so

    async def one(due: float) -> None:
        await asyncio.sleep(max(due - loop.time(), 0))
        async with room:
            await ask()
        found.append((loop.time() - due) * 1000)

    await asyncio.gather(*(one(start + n / per_second) for n in range(int(per_second * seconds))))
    return found


async def main(rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for part in ("pg", "s3"):
            (folder / part).mkdir()
        server = PostgresServer(folder / "pg", log=folder / "pg.log", durable=False)
        store = ObjectStore(folder / "s3", log=folder / "s3.log")
        server.start()
        store.start()
        try:
            clock = ManualClock(NOON)
            async with Platform(Databases(server), store, [service], clock=clock) as platform:
                bureau = Bureau()
                began = time.perf_counter()
                await filled(platform, bureau, rows)
                print(f"{rows} rows in {time.perf_counter() - began:.0f} s")
                figures = {"rows": rows, "lists": await lists(platform, bureau)}
                record("submissions", figures | {"sending": await sending(platform, bureau, 5)})
        finally:
            store.stop()
            server.stop()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
