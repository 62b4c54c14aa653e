"""A board as a workbook: title, what it is of, module columns, data bars; text never becomes a formula."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import xlsxwriter

from services.reporting.queries.boards import Board

NAMED = 50
WIDTHS = {"rank": 7, "code": 14, "name": 24, "unit": 24, "points": 12}


def score_table(board: Board, missing: Sequence[tuple[UUID, str, str]], made: datetime) -> bytes:
    """The bytes of the workbook; rows are written one by one to disk, so that memory does not grow with them."""
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder:
        file = Path(folder) / "table.xlsx"
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(file), options) as book:
            _write(book, board, missing, made)
        return file.read_bytes()


def _write(book: Any, board: Board, missing: Sequence[tuple[UUID, str, str]], made: datetime) -> None:
    modules = [(m["code"], m["name"]) for m in board.scheme.modules]
    heads = [
        "名次",
        "代码" if board.subject_kind == "unit" else "警号",
        "名称",
        "单位",
        "总分",
        *(n for _, n in modules),
        "台账条数",
    ]
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#DDE7F3", "align": "center", "text_wrap": True}
    )
    text, points = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "0.000"})
    sheet = book.add_worksheet("得分表")
    sheet.set_column(0, 0, WIDTHS["rank"])
    sheet.set_column(1, 1, WIDTHS["code"])
    sheet.set_column(2, 3, WIDTHS["name"])
    sheet.set_column(4, len(heads) - 1, WIDTHS["points"])
    sheet.merge_range(0, 0, 0, len(heads) - 1, f"{board.scheme.name} 得分表", title)
    series = board.series.name if board.series else "未分组"
    sheet.write(
        1,
        0,
        f"周期 {board.period.code}({board.period.starts_on} 至 {board.period.ends_on})  序列 {series}  制表 {made:%Y-%m-%d %H:%M}",
    )
    sheet.write_row(2, 0, heads, head)
    sheet.freeze_panes(3, 3)
    row = 3
    for line in board.lines:
        sheet.write_number(row, 0, line.rank.rank, text)
        for column, value in enumerate((line.code, line.name, line.unit_name or ""), start=1):
            sheet.write_string(row, column, value, text)
        sheet.write_number(row, 4, _number(line.total_milli), points)
        for column, (code, _) in enumerate(modules, start=5):
            if code in line.modules:
                sheet.write_number(row, column, _number(line.modules[code]), points)
            else:
                sheet.write_string(row, column, "—", text)
        sheet.write_number(row, 5 + len(modules), line.entries, text)
        row += 1
    if board.lines:
        sheet.conditional_format(
            3, 4, row - 1, 4, {"type": "data_bar", "bar_color": "#7FA6D6", "bar_solid": True}
        )
        sheet.autofilter(2, 0, row - 1, len(heads) - 1)
    if missing:
        sheet.write_string(
            row + 1,
            0,
            f"无得分数据、未参加排名 {len(missing)}:"
            + "、".join(n for _, _, n in missing[:NAMED])
            + ("…" if len(missing) > NAMED else ""),
        )


def _number(milli: int) -> float:
    """A spreadsheet has binary numbers only; three decimals survive them exactly as shown."""
    return float(Decimal(milli) / 1000)
