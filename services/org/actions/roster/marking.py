"""The user's own workbook back: wrong cells coloured, the reasons in one more column."""

import asyncio
import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import openpyxl
from openpyxl.styles import Font, PatternFill

from kernel.delivery.transaction import Transaction
from kernel.errands.asking import Produced, ask
from kernel.errands.running import Running
from kernel.identity import Principal
from kernel.workbooks.streaming import open_streams
from services.org.actions.roster.receiving import open_import
from services.org.queries import roster as queries

MARK = "roster-marked"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RED, _AMBER = PatternFill("solid", fgColor="F8CBAD"), PatternFill("solid", fgColor="FFE699")
_STATES = ("checked", "applied", "undone")

#: Sheet → row → (findings of the row).
Findings = Mapping[str, Mapping[int, Sequence[Mapping[str, Any]]]]


async def start(tx: Transaction, import_id: UUID, *, by: Principal) -> UUID:
    row = await open_import(tx, import_id, *_STATES)
    return await ask(tx, MARK, {"import": row.id}, by=by)


async def run(running: Running) -> None:
    """The errand `roster-marked`."""
    import_id = UUID(running.asked["import"])
    async with running.runtime.db.reading() as session:
        row = await queries.roster_import(session, import_id)
        content = await queries.workbook(session, import_id)
        findings = await queries.all_findings(session, import_id)
    marked = await asyncio.to_thread(mark, content, row.sheets, findings)
    name = row.file_name.rsplit(".", 1)[0]
    async with running.runtime.db.transaction() as tx:
        rows = sum(len(found) for found in findings.values())
        file = Produced(f"错误-{name}.xlsx", XLSX, marked)
        await running.finish(tx, {"import": import_id, "rows": rows}, file=file)


def mark(content: bytes, sheets: Sequence[Mapping[str, Any]], findings: Findings) -> bytes:
    """An xlsx as it was, with the marks; an xls or csv as an xlsx of the same values. Slow: call it in a thread."""
    book = openpyxl.load_workbook(io.BytesIO(content)) if content.startswith(b"PK") else _copied(content)
    for told in sheets:
        if rows := findings.get(told["sheet"]):
            _mark_sheet(book[told["sheet"]], told, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark_sheet(sheet: Any, told: Mapping[str, Any], rows: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    column = sheet.max_column + 1
    sheet.cell(told["header_row"], column, "错误原因").font = Font(bold=True)
    for number, found in rows.items():
        sheet.cell(number, column, ";".join(map(_sentence, found))).font = Font(color="B00000")
        for finding in found:
            place = told["places"].get(finding["field"])
            if place is not None:
                cell = sheet.cell(number, place + 1)
                cell.fill = _RED if finding["severity"] == "error" else _AMBER


def _sentence(finding: Mapping[str, Any]) -> str:
    maybe = "、".join(finding["suggestions"])
    return f"{finding['column']}:{finding['zh']}" + (f"(是否为:{maybe})" if maybe else "")


def _copied(content: bytes) -> Any:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for stream in open_streams(content):
        sheet = book.create_sheet(stream.name[:31])
        for row in stream.rows():
            sheet.append([value if isinstance(value, str | int | float) else str(value) for value in row])
    return book
