"""What people wait for in `reporting`: `python -m bench.reporting [rows]`.

A board of 10,000 officers against a bare read of a maintained aggregate, and one of 100,000; a bulletin of 60 units in its three
forms, first and again; a score table of 10,000 lines and 40 columns; an export of so many rows (1,000,000), and the memory it takes.
Processor seconds beside the clock: the machine may be busy. The server's own are not counted.
"""

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bench import record
from bench.server import running, say
from contracts.permissions import Role
from kernel.db.engine import make_engine
from kernel.db.patience import take_time
from kernel.delivery.transaction import Database
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases
from kernel.testing.people import grant, person
from services.reporting.actions.exporting import write
from services.reporting.documents.score_table import Group, Head, Line, Sheet, score_table
from services.reporting.domain.analysis import Form, Part
from services.reporting.domain.figures import Combine, SpanKind
from services.reporting.domain.report import Block, BulletinKind, Chart, ChartKind, Column, Report, Table
from services.reporting.queries import analysis, boards

OFFICERS, MANY, UNITS, ROUNDS = 10_000, 100_000, 60, 200
INDICATORS = 40
SCHEME, PERIOD, SERIES, INDICATOR, ROOT = (UUID(int=n) for n in range(1, 6))
ZONE = ZoneInfo("Asia/Shanghai")
_NAMES = {
    "scheme": str(SCHEME), "period": str(PERIOD), "series": str(SERIES), "indicator": str(INDICATOR), "root": str(ROOT),
    "units": UNITS, "officers": OFFICERS,
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


async def board(db: Database, officers: int) -> dict[str, float]:
    """The first page of a board is asked for; nothing changes between two looks, as nearly always."""
    choice = boards.Choice(SCHEME, PERIOD, "officer", SERIES, None, SpanKind.MONTH, Combine.MEAN)
    bare = text(
        "SELECT subject_id, total_milli FROM statement WHERE period_id = :period AND subject_kind = 'officer' "
        "ORDER BY total_milli DESC LIMIT 50"
    )

    async def ours() -> None:
        async with db.reading() as session:
            found = await boards.board(session, choice)
            assert len(found.ordered.ranks[:50]) == 50

    async def theirs() -> None:
        async with db.reading() as session:
            assert len((await session.execute(bare, {"period": PERIOD})).all()) == 50

    first = time.perf_counter()
    await ours()
    first = time.perf_counter() - first
    used = time.process_time()
    mine = await _times(ours)
    used, other = time.process_time() - used, await _times(theirs)
    return {
        f"board of {officers:,}, processor ms a look": used * 1000 / ROUNDS,
        f"board of {officers:,}, first look, ms": first * 1000,
        f"board of {officers:,}, p99 ms": statistics.quantiles(mine, n=100)[98] * 1000,
        f"board of {officers:,}, bare read of the aggregate / ours (at least a third)": sum(other)
        / sum(mine),
    }


async def _times(work: Callable[[], Awaitable[None]]) -> list[float]:
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await work()
        found.append(time.perf_counter() - began)
    return found


def bulletin() -> dict[str, float]:
    """Of 60 units: processor seconds of the first of a process, and of the next one."""
    names = tuple(f"第{n}派出所城关分局" for n in range(UNITS))
    points = tuple(f"{99 - n * 0.7:.2f}" for n in range(UNITS))
    columns = (Column("名次", "count"), Column("单位"), Column("得分", "points"), Column("较上期", "count"))
    table = Table(columns, tuple((str(n + 1), names[n], points[n], "▲1") for n in range(UNITS)), "注")
    chart = Chart(ChartKind.BAR, "得分排名", "分", names, {"得分": points}, "80.00", "70.00")
    blocks = (
        Block("h", "heading", "一、总体情况", 1), Block("t", "text", "总体平稳。" * 40), Block("a", "table", table=table),
        Block("c", "chart", chart=chart),
    )  # fmt: skip
    report = Report(
        BulletinKind.MONTH, "市局关于2026年3月目标责任考核情况的通报", "市局", "各单位", "2026-03", "2026-03-01", "2026-03-31",
        "封存数据", (), blocks, table, "得分表",
    )  # fmt: skip
    figures = {}
    for time_ in ("first", "next"):
        began = time.process_time()
        from services.reporting.documents.heads import Imprint  # noqa: PLC0415 -- its loading is what the first one takes
        from services.reporting.documents.pdf import bulletin_pdf  # noqa: PLC0415
        from services.reporting.documents.word import bulletin_docx  # noqa: PLC0415
        from services.reporting.documents.workbook import bulletin_xlsx  # noqa: PLC0415

        imprint = Imprint("市局文件", "公考〔2026〕3号", "2026年4月3日", "KH", draft=False)
        if time_ == "first":
            figures["documents loaded, processor s"] = time.process_time() - began
        forms: dict[str, Callable[[], object]] = {
            "PDF": partial(bulletin_pdf, report, imprint, at=datetime(2026, 4, 3, tzinfo=UTC)),
            "Word": partial(bulletin_docx, report, imprint),
            "Excel": partial(bulletin_xlsx, report, imprint, fingerprint=True),
        }
        for name, make in forms.items():
            began = time.process_time()
            make()
            figures[f"{name} of 60 units, {time_}, processor s"] = time.process_time() - began
    return figures


def table() -> dict[str, float]:
    """10,000 lines of 40 indicators in eight modules, as a workbook."""
    groups = tuple(
        Group(f"模块{module}", tuple((f"指标{module}-{n}", "5") for n in range(INDICATORS // 8)))
        for module in range(8)
    )
    head = Head("得分汇总表", "市局", "2026-11", "2026-12-01", "姓名", groups)
    lines = (
        Line(
            f"{n:06}",
            f"民警{n}",
            f"单位{n % UNITS}",
            [n * 7919 % 5000] * INDICATORS,
            n * 7919 % 100_000,
            n + 1,
            0,
        )
        for n in range(OFFICERS)
    )
    began, used = time.perf_counter(), time.process_time()
    content = score_table(head, [Sheet("民警", lines, 50_000)])
    return {
        "score table of 10,000 × 40, s": time.perf_counter() - began,
        "score table of 10,000 × 40, processor s": time.process_time() - used,
        "score table of 10,000 × 40, MiB": len(content) / 2**20,
    }


async def export(db: Database, rows: int) -> dict[str, float]:
    """To disk, row by row; the peak of memory is that of the whole process."""
    me = person(grant(Role.ASSESSMENT_OFFICE, ROOT, "R/"))
    figures: dict[str, float] = {"export rows": rows}
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-") as folder:
        for form in (Form.CSV, Form.XLSX):
            before, began, used = _peak(), time.perf_counter(), time.process_time()
            async with db.snapshot() as session:
                await take_time(session)
                pieces = analysis.rows(session, Part((PERIOD,)), me, personal=True, batch=2_000)
                path = Path(folder) / f"work.{form}"
                assert await write(path, form, (*analysis.ROWS, *analysis.PERSONAL), pieces, ZONE) == rows
            figures |= {
                f"{form} s": time.perf_counter() - began, f"{form} processor s": time.process_time() - used,
                f"{form} file MiB": path.stat().st_size / 2**20, f"{form} memory more, MiB": _peak() - before,
            }  # fmt: skip
    return figures


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(server: PostgresServer, rows: int) -> dict[str, Any]:
    databases = Databases(server)
    say(f"{rows:,} rows …")
    db = await _filled(databases, OFFICERS, rows)
    say("a board …")
    figures = await board(db, OFFICERS)
    say("exports …")
    figures |= await export(db, rows)
    await db.engine.dispose()
    say(f"a board of {MANY:,} …")
    db = await _filled(databases, MANY, 0)
    figures |= await board(db, MANY)
    await db.engine.dispose()
    return figures


async def _filled(databases: Databases, officers: int, rows: int) -> Database:
    name = await databases.clone("reporting")
    db = Database(make_engine(databases.url(name, "reporting"), name="bench", pool_size=2))
    async with db.transaction() as tx:
        await take_time(tx.session)
        for statement in (*_CITY, _WORK):
            await tx.session.execute(text(statement), _NAMES | {"officers": officers, "rows": rows})
    async with db.transaction() as tx:
        await tx.session.execute(text("ANALYZE"))
    return db


def main(rows: int) -> None:
    say("a bulletin and a table …")
    figures: dict[str, Any] = bulletin() | table()
    with running(durable=False) as server:
        figures |= asyncio.run(measure(server, rows))
    figures = {
        name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()
    }
    record("reporting", figures)
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
