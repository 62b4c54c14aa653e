"""A city's period in the database of scoring, as event logs and ledger would have left it: 10,000 officers, 1,500 units."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.server import say
from contracts.scoring import EntryKind
from kernel.delivery.transaction import Database
from services.scoring.actions.adding_up import statement_id
from services.scoring.actions.posting import Draft, entry_id, facts_of_draft
from services.scoring.actions.rolling_up import roll_up_due
from services.scoring.domain.ledger import GENESIS, entry_hash

OFFICERS, COUNTIES, STATIONS = 10_000, 40, 1_459
INDICATORS = 20
CITY = UUID(int=1)
SCHEME, PERIOD = UUID(int=2), UUID(int=3)
DAY = date(2026, 11, 10)
CUTOFF = datetime(2026, 11, 25, 10, tzinfo=UTC)
BATCH, TOLD = 20_000, 200_000

_SCHEME = """
INSERT INTO unit (id, version, code, name, level, kind, parent_id, path) VALUES (:city, 1, 'C', '市局', 1, 'city_bureau', NULL, 'C/');
INSERT INTO unit (id, version, code, name, level, kind, parent_id, path)
SELECT ('00000000-0000-0000-0001-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'X' || n, '县局' || n, 2, 'county_bureau', :city, 'C/X' || n || '/'
FROM generate_series(0, :counties - 1) AS n;
INSERT INTO unit (id, version, code, name, level, kind, parent_id, path)
SELECT ('00000000-0000-0000-0002-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'S' || n, '派出所' || n, 3, 'station',
       ('00000000-0000-0000-0001-' || lpad(to_hex(n % :counties), 12, '0'))::uuid, 'C/X' || n % :counties || '/S' || n || '/'
FROM generate_series(0, :stations - 1) AS n;
INSERT INTO officer (id, version, police_number, name, category, status)
SELECT ('00000000-0000-0000-0003-' || lpad(to_hex(n), 12, '0'))::uuid, 1, lpad(n::text, 6, '0'), '民警' || n, 'officer', 'in_service'
FROM generate_series(0, :officers - 1) AS n;
INSERT INTO posting (id, version, officer_id, unit_id, kind, post, role_coefficient, is_primary, valid_from, valid_to, deleted)
SELECT ('00000000-0000-0000-0004-' || lpad(to_hex(n), 12, '0'))::uuid, 1,
       ('00000000-0000-0000-0003-' || lpad(to_hex(n), 12, '0'))::uuid,
       ('00000000-0000-0000-0002-' || lpad(to_hex(n % :stations), 12, '0'))::uuid, 'regular', '民警', 1, true, '2020-01-01', NULL, false
FROM generate_series(0, :officers - 1) AS n;
INSERT INTO scheme (id, version, name, scope_unit_id, status, revision, modules, module_combination, total_decimals, roll_up)
VALUES (:scheme, 1, '方案', :city, 'published', 1,
        '[{"code": "mod_business", "weight": "1", "cap": null, "floor": null}]', 'sum', 3,
        '{"own_weight": "0", "members_weight": "1", "members": "mean", "decimals": 3}');
INSERT INTO indicator (id, version, scheme_id, code, name, module, line, rule, revision)
SELECT ('00000000-0000-0000-0005-' || lpad(to_hex(n), 12, '0'))::uuid, 1, :scheme, 'Z' || n, '指标' || n, 'mod_business', 'public_order',
       '{"type": "events", "each": "0.5"}', 1
FROM generate_series(0, :indicators - 1) AS n;
INSERT INTO period (id, version, scheme_id, code, starts_on, ends_on, cutoff_at, status)
VALUES (:period, 1, :scheme, '2026-11', '2026-11-01', '2026-11-30', '2026-11-25T10:00:00Z', 'open');
INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers, created_at, state)
SELECT 'scoring', 'targets', id, 1, row_number() OVER (), '', '', 'targets.indicator.v1', 'i' || id,
       jsonb_build_object('id', id, 'version', 1, 'rule', rule)::text, '{}', now(), 'applied'
FROM indicator
"""
# Everything that a submission says travels in its event; the file lists and words make it as long as real ones are.
_WORK = """
INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers, created_at, state)
SELECT 'scoring', 'submissions', ('00000000-0000-0000-0007-' || lpad(to_hex(n), 12, '0'))::uuid, 1, n + 1, '', '',
  'submissions.submission.v1', 's' || n, jsonb_build_object(
    'id', '00000000-0000-0000-0006-' || lpad(to_hex(n), 12, '0'), 'version', 3, 'scheme_id', :scheme, 'period_id', :period,
    'indicator_id', '00000000-0000-0000-0005-' || lpad(to_hex(n % :indicators), 12, '0'),
    'subject_id', '00000000-0000-0000-0003-' || lpad(to_hex(n / :each), 12, '0'), 'subject_kind', 'officer',
    'event_date', '2026-11-10', 'quantity', '1', 'accepted_quantity', '1', 'status', 'accepted',
    'summary', repeat('破获一起案件', 8), 'evidence', jsonb_build_array(jsonb_build_object(
      'sha256', encode(sha256(n::text::bytea), 'hex'), 'name', '材料.pdf', 'size', 100000, 'media_type', 'application/pdf')))::text,
  '{}', now(), 'applied'
FROM generate_series(:from, :to - 1) AS n;
INSERT INTO submission (id, version, scheme_id, period_id, indicator_id, target_id, subject_kind, subject_id, unit_id,
                        event_date, accepted_quantity, status)
SELECT ('00000000-0000-0000-0006-' || lpad(to_hex(n), 12, '0'))::uuid, 3, :scheme, :period,
  ('00000000-0000-0000-0005-' || lpad(to_hex(n % :indicators), 12, '0'))::uuid, :scheme, 'officer',
  ('00000000-0000-0000-0003-' || lpad(to_hex(n / :each), 12, '0'))::uuid,
  ('00000000-0000-0000-0002-' || lpad(to_hex((n / :each) % :stations), 12, '0'))::uuid, '2026-11-10', 1, 'accepted'
FROM generate_series(:from, :to - 1) AS n
"""
_STATEMENTS = """
INSERT INTO statement (id, version, scheme_id, period_id, subject_kind, subject_id, unit_id, modules, entries, entries_milli,
                       own_milli, members_milli, members, total_milli)
SELECT named.id, 1, :scheme, :period, 'officer', subject_id, min(unit_id::text)::uuid,
       jsonb_build_object('mod_business', sum(points_milli)), count(*), sum(points_milli), sum(points_milli), NULL, 0, sum(points_milli)
FROM ledger_entry JOIN named USING (subject_id) GROUP BY subject_id, named.id;
INSERT INTO roll_up_due (unit_id, period_id) SELECT id, :period FROM unit WHERE level = 3
"""


async def fill(db: Database, facts: int) -> None:
    """`facts` pieces of accepted work, spread evenly over officers and indicators."""
    known: dict[str, Any] = {
        "city": CITY, "scheme": SCHEME, "period": PERIOD, "officers": OFFICERS, "counties": COUNTIES,
        "stations": STATIONS, "indicators": INDICATORS, "each": facts // OFFICERS,
    }  # fmt: skip
    async with db.engine.begin() as connection:
        await _run(connection, _SCHEME, known)
    for start in range(0, facts, BATCH):
        async with db.engine.begin() as connection:
            await _run(connection, _WORK, {**known, "from": start, "to": min(start + BATCH, facts)})
        if not (start + BATCH) % TOLD:
            say(f"{start + BATCH:,} of {facts:,} facts")
    say("ledger, statements …")
    await _post(db, facts)
    async with db.engine.begin() as connection:
        await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        await connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE named (subject_id uuid, id uuid) ON COMMIT DROP"
        )
        named = [(_id(3, n), statement_id(_id(3, n), PERIOD)) for n in range(OFFICERS)]
        await (await _driver(connection)).copy_records_to_table("named", records=named)
        await _run(connection, _STATEMENTS, known)
    while True:
        async with db.transaction() as tx:
            if not await roll_up_due(tx):
                break
    async with db.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("SET statement_timeout = 0")
        await connection.execute(text("VACUUM ANALYZE"))


async def _run(connection: AsyncConnection, script: str, known: dict[str, Any]) -> None:
    """Numbers and ids are put into the text: the statements are ours, and COPY-like speed matters more than plans."""
    for name, value in sorted(known.items(), key=lambda item: -len(item[0])):
        script = script.replace(f":{name}", str(value) if isinstance(value, int) else f"'{value}'")
    for statement in script.split(";\n"):
        await connection.exec_driver_sql(statement)


_COLUMNS = (
    "id", "seq", "scheme_id", "period_id", "subject_kind", "subject_id", "unit_id", "module", "indicator_id", "kind",
    "points_milli", "rule_revision", "rule_key", "line_no", "source_event_id", "submission_id", "award_id", "reason_zh",
    "reason_en", "actor_id", "occurred_on", "prev_hash", "hash",
)  # fmt: skip


async def _post(db: Database, facts: int) -> None:
    rows = _entries(facts)
    async with db.engine.begin() as connection:
        await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        raw = await _driver(connection)
        await raw.copy_records_to_table("ledger_entry", columns=list(_COLUMNS), records=rows)
        await connection.execute(
            text(
                "INSERT INTO ledger_head (one, seq, hash) SELECT true, seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1"
            )
        )


async def _driver(connection: AsyncConnection) -> Any:
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        raise RuntimeError("no connection")
    return raw


def _entries(facts: int) -> Iterator[tuple[Any, ...]]:
    previous = GENESIS
    each = facts // OFFICERS
    for n in range(facts):
        draft = Draft(
            SCHEME, PERIOD, "officer", _id(3, n // each), _id(2, (n // each) % STATIONS), "mod_business",
            _id(5, n % INDICATORS), EntryKind.TASK, 500, 1, "rule", _id(7, n), _id(6, n), None,
            "0.50 = 1件 × 0.5", "0.50 = 1 × 0.5", None, DAY,
        )  # fmt: skip
        digest = entry_hash(previous, n + 1, facts_of_draft(draft))
        values = {name: getattr(draft, name) for name in Draft.__slots__} | {
            "id": entry_id(draft), "seq": n + 1, "kind": "task", "prev_hash": previous, "hash": digest,
        }  # fmt: skip
        yield tuple(values[name] for name in _COLUMNS)
        previous = digest


def _id(kind: int, n: int) -> UUID:
    return UUID(f"00000000-0000-0000-{kind:04x}-{n:012x}")
