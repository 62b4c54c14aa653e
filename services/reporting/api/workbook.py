"""A board as a workbook: title, what it is of, module columns, data bars; text never becomes a formula."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from services.reporting.queries.boards import Board
from services.reporting.queries.unranked import Unranked

NAMED = 50
WIDTHS = {"rank": 7, "code": 14, "name": 24, "unit": 24, "points": 12}


def score_table(board: Board, missing: Sequence[Unranked], made: datetime) -> bytes:
    """The bytes of the workbook; rows are written one by one to disk, so that memory does not grow with them."""
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder:
        file = Path(folder) / "table.xlsx"
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(file), options) as book:
            _write(book, board, missing, made)
        return file.read_bytes()


def _write(book: Any, board: Board, missing: Sequence[Unranked], made: datetime) -> None:
    modules = [(m["code"], m["name"]) for m in board.stretch.scheme.modules]
    heads = [
        "名次",
        "代码" if board.choice.subject_kind == "unit" else "警号",
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
    sheet.merge_range(0, 0, 0, len(heads) - 1, f"{board.stretch.scheme.name} 得分表", title)
    series, period = board.series_name, board.stretch.period
    sheet.write(
        1,
        0,
        f"周期 {board.stretch.key}({period.starts_on} 至 {period.ends_on})  序列 {series}  制表 {made:%Y-%m-%d %H:%M}",
    )
    sheet.write_row(2, 0, heads, head)
    sheet.freeze_panes(3, 3)
    row = 3
    for rank in board.ordered.ranks:
        member, score = board.members[rank.subject], board.scores[rank.subject]
        unit = board.units.get(score.unit_id)
        sheet.write_number(row, 0, rank.rank, text)
        for column, value in enumerate((member.code, member.name, unit.name if unit else ""), start=1):
            sheet.write_string(row, column, value, text)
        sheet.write_number(row, 4, _number(board.ordered.milli[rank.subject]), points)
        for column, (code, _) in enumerate(modules, start=5):
            if code in score.modules:
                sheet.write_number(row, column, _number(score.modules[code]), points)
            else:
                sheet.write_string(row, column, "—", text)
        sheet.write_number(row, 5 + len(modules), score.entries, text)
        row += 1
    if board.ordered.ranks:
        sheet.conditional_format(
            3, 4, row - 1, 4, {"type": "data_bar", "bar_color": "#7FA6D6", "bar_solid": True}
        )
        sheet.autofilter(2, 0, row - 1, len(heads) - 1)
    if missing:
        sheet.write_string(
            row + 1,
            0,
            f"无得分数据、未参加排名 {len(missing)}:"
            + "、".join(found.member.name for found in missing[:NAMED])
            + ("…" if len(missing) > NAMED else ""),
        )


def _number(milli: int) -> float:
    """A spreadsheet has binary numbers only; three decimals survive them exactly as shown."""
    return float(Decimal(milli) / 1000)
