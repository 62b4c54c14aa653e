"""A whole scheme over a whole city: `python -m bench.cascade`. 200 indicators to 1,500 units in one request's transaction, and its board.

A database of its own on a local PostgreSQL, without fsync; the same actions and queries as the service.
"""

import asyncio
import time
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text

from bench import record
from bench.server import running, say, used_s
from contracts.permissions import Role
from kernel.clock import ManualClock
from kernel.db.engine import make_engine
from kernel.db.migrations import upgrade
from kernel.delivery.transaction import Database
from kernel.identity import GrantClaim, Principal
from kernel.local.postgres import PostgresServer
from kernel.local.provisioning import Credentials, database_name, provision
from services.targets.actions.cascading import Method, Split, split_targets
from services.targets.actions.issuing_set import Wanted, issue_set
from services.targets.queries.board import BoardFilter, board, counts, heat

CITY, SCHEME, PERIOD = UUID(int=1), UUID(int=2), UUID(int=3)
COUNTIES, STATIONS, INDICATORS, OFFICERS = 40, 1_459, 200, 8
NOW = datetime(2026, 11, 10, 2, tzinfo=UTC)
_FILL = """
INSERT INTO unit (id, version, code, name, level, kind, parent_id, path, valid_from)
VALUES (:city, 1, 'C', '市局', 1, 'city_bureau', NULL, 'C/', '2020-01-01');
INSERT INTO unit (id, version, code, name, level, kind, parent_id, path, valid_from)
SELECT ('00000000-0000-0000-0001-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'X' || n, '县局' || n, 2, 'county_bureau', :city,
       'C/X' || n || '/', '2020-01-01' FROM generate_series(0, :counties - 1) AS n;
INSERT INTO unit (id, version, code, name, level, kind, parent_id, path, valid_from)
SELECT ('00000000-0000-0000-0002-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'S' || n, '派出所' || n, 3, 'police_station',
       ('00000000-0000-0000-0001-' || lpad(to_hex(n % :counties), 12, '0'))::uuid,
       'C/X' || n % :counties || '/S' || n || '/', '2020-01-01' FROM generate_series(0, :stations - 1) AS n;
INSERT INTO officer (id, version, police_number, name, status)
SELECT ('00000000-0000-0000-0003-' || lpad(to_hex(n), 12, '0'))::uuid, 1, lpad(n::text, 6, '0'), '民警' || n, 'in_service'
FROM generate_series(0, :officers - 1) AS n;
INSERT INTO posting (id, version, officer_id, unit_id, kind, is_primary, role_coefficient, valid_from, deleted)
SELECT ('00000000-0000-0000-0004-' || lpad(to_hex(n), 12, '0'))::uuid, 1,
       ('00000000-0000-0000-0003-' || lpad(to_hex(n), 12, '0'))::uuid,
       '00000000-0000-0000-0002-000000000000', 'regular', true, 1, '2020-01-01', false
FROM generate_series(0, :officers - 1) AS n;
INSERT INTO scheme (id, version, code, name, year, scope_unit_id, status, revision, modules, module_combination, total_decimals,
                    roll_up, split_check)
VALUES (:scheme, 1, '2026', '方案', 2026, :city, 'published', 1, '[]', 'sum', 2, '{}', 'blocking');
INSERT INTO indicator (id, version, scheme_id, code, name, module, line, subject_kind, unit_of_measure, direction, evidence,
                       full_marks, rule, revision, basis, clause, active, position)
SELECT ('00000000-0000-0000-0005-' || lpad(to_hex(n), 12, '0'))::uuid, 1, :scheme, 'Z' || n, '指标' || n, 'mod_business', '治安', 'both',
       '件', 'higher_is_better', 'optional', 1, '{}', 1, '', '', true, n FROM generate_series(0, :indicators - 1) AS n;
INSERT INTO period (id, version, scheme_id, code, year, quarter, month, starts_on, ends_on, cutoff_at, review_until, appeal_days, status)
VALUES (:period, 1, :scheme, '2026-11', 2026, 4, 11, '2026-10-26', '2026-11-25', '2026-11-25T10:00Z', '2026-11-30T10:00Z', 5, 'open')
"""


async def measure(server: PostgresServer) -> dict[str, float]:
    await provision(server.url(), {"targets": Credentials("owner", "app")})
    url = server.url(database_name("targets"), user=f"{database_name('targets')}_owner", password="owner")  # noqa: S106 -- lives as long as the run
    await upgrade("targets", url)
    db = Database(make_engine(url, name="bench", pool_size=4), ManualClock(NOW))
    values = {
        "city": CITY, "scheme": SCHEME, "period": PERIOD, "counties": COUNTIES, "stations": STATIONS,
        "indicators": INDICATORS, "officers": OFFICERS,
    }  # fmt: skip
    async with db.transaction() as tx:
        for statement in _FILL.split(";\n"):
            await tx.session.execute(
                text(statement), {k: v for k, v in values.items() if f":{k}" in statement}
            )
        await tx.session.execute(text("SELECT 1"))
    return await _cascade(db, server.pid)


async def _cascade(db: Database, server: int) -> dict[str, float]:
    office = Principal(
        UUID(int=9), UUID(int=9), "office", grants=(GrantClaim(Role.ASSESSMENT_OFFICE, CITY, "C/"),)
    )
    found: dict[str, float] = {}
    async with db.reading() as session:
        units = list((await session.execute(text("SELECT id FROM unit"))).scalars())
        indicators = list((await session.execute(text("SELECT id FROM indicator"))).scalars())
    wanted = Wanted(PERIOD, dict.fromkeys(indicators, Decimal(16)), units, {})
    say(f"issuing {len(indicators)} indicators to {len(units):,} units …")
    began, own, both = time.perf_counter(), time.process_time(), used_s(server)
    async with db.transaction() as tx:
        issued = await issue_set(tx, SCHEME, wanted, by=office)
    found["issue_own_cpu_s"] = time.process_time() - own
    found["issue_server_cpu_s"] = used_s(server) - both - found["issue_own_cpu_s"]
    found["issue_s"] = time.perf_counter() - began
    found["targets"] = issued.issued
    async with db.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("ANALYZE"))
    say("boards, splits …")
    whole = BoardFilter(SCHEME, PERIOD, "C/")
    async with db.reading() as session:
        for name, read in (
            ("board_page_ms", board(session, whole, after=None, limit=51)),
            ("counts_ms", counts(session, whole)),
            ("heat_ms", heat(session, whole, level=2)),
        ):
            began = time.perf_counter()
            rows = await read
            found[name.replace("_ms", "_rows")] = len(rows)
            found[name] = (time.perf_counter() - began) * 1000
        station = text("SELECT id FROM target WHERE unit_id = '00000000-0000-0000-0002-000000000000'")
        ids = list((await session.execute(station)).scalars())
    began = time.perf_counter()
    async with db.transaction() as tx:
        outcomes = await split_targets(tx, [Split(t, Method.EVEN, None) for t in ids], by=office)
    found["split_200_over_8_s"] = time.perf_counter() - began
    if sum(len(one.made) for one in outcomes) != INDICATORS * OFFICERS:
        raise AssertionError("not everybody has a part")
    await db.engine.dispose()
    return found


def main() -> None:
    with running(durable=False) as server:
        found = asyncio.run(measure(server))
    record("cascade", {name: round(value, 1) for name, value in found.items()})
    for name, value in found.items():
        print(f"{name}: {value:.1f}")


if __name__ == "__main__":
    main()
