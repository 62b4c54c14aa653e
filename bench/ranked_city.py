"""The example for measurements of `reporting`: a scheme with one month, sixty units, and as many officers as are wanted."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from kernel.db.engine import async_url
from kernel.db.patience import take_time
from kernel.delivery.transaction import Database

UNITS = 60
SCHEME, PERIOD, SERIES, INDICATOR, ROOT = (UUID(int=n) for n in range(1, 6))
_NAMES = {
    "scheme": str(SCHEME), "period": str(PERIOD), "series": str(SERIES), "indicator": str(INDICATOR), "root": str(ROOT),
    "units": UNITS,
}  # fmt: skip
_CITY = (
    """
    CREATE FUNCTION pg_temp.key(n bigint) RETURNS uuid LANGUAGE sql AS $$ SELECT CAST(lpad(to_hex(n), 32, '0') AS uuid) $$
    """,
    "INSERT INTO series (id, version, code, name, subject_kind) VALUES (CAST(:series AS uuid), 1, 'S', '民警', 'officer')",
    """
    INSERT INTO unit (id, version, code, name, level, kind, parent_id, path, valid_from)
    SELECT CAST(:root AS uuid), 1, 'R', '市局', 1, 'other', CAST(NULL AS uuid), 'R/', DATE '2020-01-01'
    UNION ALL
    SELECT pg_temp.key(1000 + n), 1, 'U' || n, '单位' || n, 2, 'other', CAST(:root AS uuid), 'R/U' || n || '/', DATE '2020-01-01'
    FROM generate_series(1, CAST(:units AS bigint)) n
    """,
    """
    INSERT INTO officer (id, version, police_number, name, category, status, series_id)
    SELECT pg_temp.key(100000 + n), 1, lpad(CAST(n AS text), 6, '0'), '民警' || n, 'officer', 'in_service', CAST(:series AS uuid)
    FROM generate_series(1, CAST(:officers AS bigint)) n
    """,
    """
    INSERT INTO scheme (id, version, code, name, year, scope_unit_id, status, modules, module_combination, total_decimals, roll_up)
    VALUES (CAST(:scheme AS uuid), 1, 'S', '方案', 2026, CAST(:root AS uuid), 'published', '[]', 'sum', 3, '{}')
    """,
    """
    INSERT INTO period (id, version, scheme_id, code, year, quarter, month, starts_on, ends_on, cutoff_at, status)
    VALUES (CAST(:period AS uuid), 1, CAST(:scheme AS uuid), '2026-11', 2026, 4, 11, '2026-11-01', '2026-11-30', '2026-11-25', 'open')
    """,
    """
    INSERT INTO indicator (id, version, scheme_id, code, name, module, line, subject_kind, unit_of_measure, full_marks, rule,
                           basis, clause, active)
    VALUES (CAST(:indicator AS uuid), 1, CAST(:scheme AS uuid), 'I1', '走访', 'mod_business', 'security', 'officer', '户', 5, '{}',
            '', '', true)
    """,
    """
    INSERT INTO statement (id, version, scheme_id, period_id, subject_kind, subject_id, unit_id, modules, entries, entries_milli,
                           own_milli, members, total_milli)
    SELECT pg_temp.key(900000 + n), 1, CAST(:scheme AS uuid), CAST(:period AS uuid), 'officer', pg_temp.key(100000 + n),
           pg_temp.key(1001 + n % CAST(:units AS bigint)), '[]', 1, n * 7919 % 100000, n * 7919 % 100000, 0, n * 7919 % 100000
    FROM generate_series(1, CAST(:officers AS bigint)) n
    """,
)
_WORK = """
    INSERT INTO submission (id, version, number, period_id, indicator_id, target_id, subject_kind, subject_id, unit_id, event_date,
                            quantity, accepted_quantity, summary, evidence, status, late, submitted_at, decided_at)
    SELECT pg_temp.key(10000000 + n), 1, '2026-11-' || lpad(CAST(n AS text), 7, '0'), CAST(:period AS uuid),
           CAST(:indicator AS uuid), CAST(:indicator AS uuid), 'officer', pg_temp.key(100001 + n % CAST(:officers AS bigint)),
           pg_temp.key(1001 + n % CAST(:units AS bigint)), '2026-11-03', 2, 2, '走访群众', '[]', 'accepted', false, '2026-11-03',
           '2026-11-04'
    FROM generate_series(1, CAST(:rows AS bigint)) n
"""


async def fill(db: Database, owner_url: str, officers: int, rows: int = 0) -> None:
    """So many officers with a figure each, and `rows` pieces of accepted work; with statistics, as after a night."""
    async with db.transaction() as tx:
        await take_time(tx.session)
        for statement in (*_CITY, _WORK):
            await tx.session.execute(text(statement), _NAMES | {"officers": officers, "rows": rows})
    # As the tables' owner: for anybody else ANALYZE only warns, and statements would be planned without statistics.
    owner = create_async_engine(async_url(owner_url), isolation_level="AUTOCOMMIT")
    async with owner.connect() as connection:
        await connection.execute(text("VACUUM (ANALYZE)"))
    await owner.dispose()
