"""The score table (得分汇总表): heads over heads, one row a subject, streamed to disk so that memory does not grow with it."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from services.reporting.documents.workbook import Formats, for_print, sheet_name

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class Group:
    """A head over several columns, such as a module over its indicators; columns are (title, full marks or "")."""

    title: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """`cells`: thousandths in the order of the groups' columns; None is without a figure."""

    code: str
    name: str
    unit: str
    cells: Sequence[int | None]
    total_milli: int | None
    rank: int | None
    change: int | None
    note: str = ""
    low: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One series. Series are never mixed on a sheet."""

    series: str
    lines: Iterable[Line]
    mean_milli: int | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    issuer: str
    period: str
    made_on: str
    subject: str  # 单位 or 姓名
    groups: tuple[Group, ...]
    fingerprint: tuple[tuple[str, str], ...] = ()  # internal form only


_FIXED = ("序号", "代码", "", "单位")
_AFTER = ("总分", "名次", "较上期", "备注")


def score_table(head: Head, sheets: Sequence[Sheet]) -> bytes:
    """The bytes of the workbook."""
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder:
        file = Path(folder) / "table.xlsx"
        with xlsxwriter.Workbook(str(file), OPTIONS) as book:
            looks, names = Formats(book), set[str]()
            for sheet in sheets:
                _write(book.add_worksheet(sheet_name(names, sheet.series)), looks, head, sheet)
            if head.fingerprint:
                last = book.add_worksheet(sheet_name(names, "版本"))
                last.set_column(0, 1, 40)
                for number, (label, value) in enumerate(head.fingerprint):
                    last.write_string(number, 0, label, looks.head)
                    last.write_string(number, 1, value, looks.kinds["text", False])
        return file.read_bytes()


def _write(sheet: Any, looks: Formats, head: Head, found: Sheet) -> None:
    columns = [column for group in head.groups for column in group.columns]
    last = len(_FIXED) + len(columns) + len(_AFTER) - 1
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 3, 22)
    sheet.set_column(4, last - 1, 9)
    sheet.set_column(last, last, 18)
    sheet.set_row(0, 32)
    sheet.merge_range(0, 0, 0, last, head.title, looks.title)
    sheet.write_string(1, 0, f"制表单位:{head.issuer}  序列:{found.series}", looks.left)
    sheet.write_string(1, last, f"统计期间:{head.period}  制表日期:{head.made_on}", looks.right)
    _heads(sheet, looks, head)
    text, points = looks.kinds["text", False], looks.kinds["points", False]
    low_text, low_points = looks.kinds["text", True], looks.kinds["points", True]
    row = 4
    for number, line in enumerate(found.lines, start=1):
        words, figures = (low_text, low_points) if line.low else (text, points)
        sheet.write_number(row, 0, number, words)
        sheet.write_string(row, 1, line.code, words)
        sheet.write_string(row, 2, line.name, words)
        sheet.write_string(row, 3, line.unit, words)
        place = 4
        for cell in (*line.cells, line.total_milli):
            if cell is None:
                sheet.write_string(row, place, "—", figures)
            else:
                sheet.write_number(row, place, cell / 1000, figures)
            place += 1
        _or_dash(sheet, row, place, line.rank, figures)
        sheet.write_string(row, place + 1, _moved(line.change), words)
        sheet.write_string(row, place + 2, line.note, words)
        row += 1
    _foot(sheet, looks, found, row, len(columns))
    for_print(sheet, 4, landscape=True)


def _heads(sheet: Any, looks: Formats, head: Head) -> None:
    """Two rows: modules over indicators with their full marks."""
    for number, title in enumerate(_FIXED):
        sheet.merge_range(2, number, 3, number, title or head.subject, looks.head)
    place = len(_FIXED)
    for group in head.groups:
        if len(group.columns) == 1:
            title, marks = group.columns[0]
            sheet.merge_range(2, place, 3, place, f"{title}\n({marks})" if marks else title, looks.head)
            place += 1
            continue
        sheet.merge_range(2, place, 2, place + len(group.columns) - 1, group.title, looks.head)
        for title, marks in group.columns:
            sheet.write_string(3, place, f"{title}\n({marks})" if marks else title, looks.head)
            place += 1
    for title in _AFTER:
        sheet.merge_range(2, place, 3, place, title, looks.head)
        place += 1


def _foot(sheet: Any, looks: Formats, found: Sheet, row: int, columns: int) -> None:
    if found.mean_milli is not None:
        sheet.write_string(row, 2, "平均", looks.head)
        sheet.write_number(row, 4 + columns, found.mean_milli / 1000, looks.kinds["points", False])
        row += 1
    for note in found.notes:
        sheet.write_string(row, 0, note, looks.left)
        row += 1
    sheet.write_string(row + 1, 0, "制表人:            审核人:            签发人:", looks.left)


def _or_dash(sheet: Any, row: int, column: int, value: int | None, look: Any) -> None:
    if value is None:
        sheet.write_string(row, column, "—", look)
    else:
        sheet.write_number(row, column, value, look)


def _moved(change: int | None) -> str:
    if change is None:
        return "—"
    return "持平" if change == 0 else f"{'▲' if change > 0 else '▼'}{abs(change)}"
