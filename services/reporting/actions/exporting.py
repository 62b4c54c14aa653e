"""Work as a file: an errand, row by row to disk, with what its owner may see and nothing else."""

import asyncio
import csv
import io
import tempfile
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter
from pydantic import TypeAdapter

from kernel.bus.canonical import plain
from kernel.db.patience import take_time
from kernel.delivery.transaction import Transaction
from kernel.errands.asking import Produced, ask
from kernel.errands.running import Errand, Running
from kernel.identity import Principal
from services.reporting.domain.analysis import Content, Form, ReasonRequired, Side, View
from services.reporting.queries import analysis

EXPORT = "export-work"
BATCH = 2_000
_MEDIA = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "application/zip",
}
_VIEW: TypeAdapter[View] = TypeAdapter(View)
_TITLES = {
    "indicator": "指标", "branch": "二级单位", "unit": "单位", "officer": "姓名", "period": "周期", "state": "状态",
    "submissions": "件数", "quantity": "数量", "accepted": "认定数量", "points": "得分",
}  # fmt: skip


async def start(
    tx: Transaction,
    view: View,
    *,
    content: Content,
    form: Form,
    personal: bool,
    reason: str | None,
    by: Principal,
) -> UUID:
    """Raises ReasonRequired: what names people is exported for a reason, which stays in the audit log."""
    if personal_in(view, content, personal=personal) and not reason:
        raise ReasonRequired
    asked = {"view": plain(asdict(view)), "content": content, "form": form, "personal": personal}
    errand_id = await ask(tx, EXPORT, asked, by=by)
    tx.act("asked_for_export", "work", errand_id, by=by, reason=reason, after=asked)
    return errand_id


def personal_in(view: View, content: Content, *, personal: bool) -> bool:
    return personal if content is Content.ROWS else Side.OFFICER in (*view.rows, view.column)


async def run(running: Running) -> None:
    """The errand `export-work`."""
    asked = running.asked
    view, form, content = _VIEW.validate_python(asked["view"]), Form(asked["form"]), Content(asked["content"])
    now = running.runtime.clock.now().astimezone(running.runtime.zone)
    with tempfile.TemporaryDirectory(
        dir=running.runtime.settings.spool_dir, prefix="kaohe-export-"
    ) as folder:
        path = Path(folder) / f"工作明细-{now:%Y%m%d}.{form}"
        async with running.runtime.db.snapshot() as session:
            await take_time(session)
            if content is Content.ROWS:
                personal = bool(asked["personal"])
                head = (*analysis.ROWS, *(analysis.PERSONAL if personal else ()))
                pieces = analysis.rows(session, view.part, running.by, personal=personal, batch=BATCH)
            else:
                head, pieces = _head(view), _table(await analysis.groups(session, view, running.by))
            count = await write(path, form, head, pieces, running.runtime.zone, running)
        name = path.name if form is Form.XLSX else f"{path.name}.zip"
        made = Produced(name, _MEDIA[form], await asyncio.to_thread(path.read_bytes))
    async with running.runtime.db.transaction() as tx:
        tx.act("exported", "work", running.id, by=running.by, after={"rows": count})
        await running.finish(tx, {"rows": count}, file=made)


def _head(view: View) -> tuple[str, ...]:
    sides = [*view.rows, *([view.column] if view.column else [])]
    return tuple(_TITLES[name] for name in (*sides, *view.measures))


async def _table(groups: Sequence[analysis.Group]) -> AsyncIterator[Sequence[Sequence[Any]]]:
    yield [(*group.labels, *group.values) for group in groups]


class Sheet(Protocol):
    """Takes rows one after the other."""

    def add(self, rows: Sequence[Sequence[Any]]) -> None: ...

    def close(self) -> None: ...


async def write(
    path: Path, form: Form, head: Sequence[str], pieces: AsyncIterator[Sequence[Sequence[Any]]], zone: ZoneInfo,
    running: Running | None = None,
) -> int:  # fmt: skip
    """Rows into a file, a piece at a time; how many there were. Tells its progress every fifty pieces."""
    sheet: Sheet = (_Workbook if form is Form.XLSX else _Csv)(path, head, zone)
    count = 0
    async for number, rows in _numbered(pieces):
        await asyncio.to_thread(sheet.add, rows)
        count += len(rows)
        if running is not None and number % 50 == 0:
            await running.progress("writing", count)
    await asyncio.to_thread(sheet.close)
    return count


async def _numbered(pieces: AsyncIterator[Any]) -> AsyncIterator[tuple[int, Any]]:
    number = 0
    async for piece in pieces:
        yield number, piece
        number += 1


class _Workbook:
    """Up to the 1,048,576 rows of a sheet, then on the next. Texts stay texts: a name that begins with "=" is no formula."""

    _LAST = 1_048_575

    def __init__(self, path: Path, head: Sequence[str], zone: ZoneInfo) -> None:
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(path.parent),
        }  # fmt: skip
        self._book, self._head, self._zone = xlsxwriter.Workbook(str(path), options), head, zone
        self._bold = self._book.add_format({"bold": True, "bg_color": "#DDE7F3"})
        self._next_sheet()

    def _next_sheet(self) -> None:
        self._sheet, self._at = self._book.add_worksheet(), 1
        self._sheet.set_column(0, len(self._head), 14)
        self._sheet.write_row(0, 0, self._head, self._bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            if self._at > self._LAST:
                self._next_sheet()
            for column, value in enumerate(row):
                if isinstance(value, Decimal | int):
                    self._sheet.write_number(self._at, column, value)
                elif value is not None:
                    self._sheet.write_string(self._at, column, _text(value, self._zone))
            self._at += 1

    def close(self) -> None:
        self._book.close()


class _Csv:
    """UTF-8 with its mark, for Excel, packed; what a spreadsheet would take for a formula has a quote before it."""

    def __init__(self, path: Path, head: Sequence[str], zone: ZoneInfo) -> None:
        self._zone = zone
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._member = io.TextIOWrapper(self._archive.open(path.name, "w"), "utf-8-sig", newline="")
        self._writer = csv.writer(self._member)
        self._writer.writerow(head)

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        self._writer.writerows([[_cell(value, self._zone) for value in row] for row in rows])

    def close(self) -> None:
        self._member.close()
        self._archive.close()


def _cell(value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = _text(value, zone)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} and isinstance(value, str) else text


def _text(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    return str(value)


ERRAND = Errand(EXPORT, "导出工作明细或汇总", "export of work or of a table", run)
