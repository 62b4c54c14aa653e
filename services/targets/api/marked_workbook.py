"""The user's own workbook back, bad cells coloured and the reasons in a last column."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError

from kernel.workbooks.opening import open_workbook
from services.targets.domain.workbook.places import cell_of

_RED = PatternFill("solid", start_color="FCEBE9")
_HEAD = "问题 / problems"


def marked(
    content: bytes, errors: Sequence[Mapping[str, Any]], columns: Mapping[str, Mapping[str, int]]
) -> bytes:
    """The sheets, formats and formulas stay as they are; an .xls or .csv comes back as a plain .xlsx of its values."""
    book: Any = openpyxl.load_workbook(io.BytesIO(content)) if content.startswith(b"PK") else _plain(content)
    by_sheet: dict[str, dict[int, list[str]]] = {}
    for error in errors:
        cell = cell_of(error["place"])
        if cell is None or cell.sheet not in book.sheetnames:
            continue
        by_sheet.setdefault(cell.sheet, {}).setdefault(cell.row, []).append(error["zh"])
        at = columns.get(cell.sheet, {}).get(cell.column or "")
        target = book[cell.sheet].cell(cell.row, at + 1) if at is not None else None
        if target is not None and not isinstance(target, openpyxl.cell.cell.MergedCell):
            target.fill = _RED
    for name, rows in by_sheet.items():
        sheet = book[name]
        last = sheet.max_column + 1
        sheet.cell(max(1, min(rows) - 1), last, _HEAD).font = Font(bold=True)
        for row, reasons in rows.items():
            sheet.cell(row, last, ";".join(dict.fromkeys(reasons))).font = Font(color="A93226")
        sheet.column_dimensions[openpyxl.utils.get_column_letter(last)].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(content: bytes) -> Any:
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for found in open_workbook(content):
        sheet = book.create_sheet(found.name)
        for row in found.rows:
            try:
                sheet.append(
                    [
                        value if value is None or isinstance(value, int | float) else str(value)
                        for value in row
                    ]
                )
            except IllegalCharacterError:
                sheet.append(["".join(c for c in str(value) if c.isprintable()) for value in row])
    return book
