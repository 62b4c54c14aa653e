"""Marks in a workbook that somebody else made: its sheets, formats and formulas stay as they are."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.styles import Font, PatternFill

from kernel.workbooks.streaming import open_streams

_RED, _AMBER = PatternFill("solid", fgColor="F8CBAD"), PatternFill("solid", fgColor="FFE699")

#: Sheet → row → (findings of the row).
Findings = Mapping[str, Mapping[int, Sequence[Mapping[str, Any]]]]


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
