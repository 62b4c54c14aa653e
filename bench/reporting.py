"""What people wait for in `reporting`: `python -m bench.reporting [rows]`.

A bulletin of 60 units in its three forms, first and again; a score table of 10,000 lines and 40 columns; an export of so many
rows (1,000,000), and the memory it takes. Boards have a measurement of their own, `bench.boards`.
Processor seconds beside the clock: the machine may be busy. The server's own are not counted.
"""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench import record
from bench.ranked_city import PERIOD, ROOT, UNITS, fill
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
from services.reporting.domain.report import Block, BulletinKind, Chart, ChartKind, Column, Report, Table
from services.reporting.queries import analysis

OFFICERS = 10_000
INDICATORS = 40
ZONE = ZoneInfo("Asia/Shanghai")


def _report(first: float) -> Report:
    names = tuple(f"第{n}派出所城关分局" for n in range(UNITS))
    points = tuple(f"{first - n * 0.7:.2f}" for n in range(UNITS))
    columns = (Column("名次", "count"), Column("单位"), Column("得分", "points"), Column("较上期", "count"))
    table = Table(columns, tuple((str(n + 1), names[n], points[n], "▲1") for n in range(UNITS)), "注")
    chart = Chart(ChartKind.BAR, "得分排名", "分", names, {"得分": points}, "80.00", "70.00")
    blocks = (
        Block("h", "heading", "一、总体情况", 1), Block("t", "text", "总体平稳。" * 40), Block("a", "table", table=table),
        Block("c", "chart", chart=chart),
    )  # fmt: skip
    return Report(
        BulletinKind.MONTH, "市局关于2026年3月目标责任考核情况的通报", "市局", "各单位", "2026-03", "2026-03-01", "2026-03-31",
        "封存数据", (), blocks, table, "得分表",
    )  # fmt: skip


def bulletin() -> dict[str, float]:
    """Of 60 units: processor seconds of the first of a process, and of the next one, which has other figures."""
    figures = {}
    for time_, report in (("first", _report(99)), ("next", _report(98.5))):
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


async def measure(server: PostgresServer, rows: int) -> dict[str, float]:
    databases = Databases(server)
    say(f"{rows:,} rows …")
    name = await databases.clone("reporting")
    db = Database(make_engine(databases.url(name, "reporting"), name="bench", pool_size=2))
    await fill(db, databases.url(name, "reporting", owner=True), OFFICERS, rows)
    say("exports …")
    figures = await export(db, rows)
    await db.engine.dispose()
    return figures


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
