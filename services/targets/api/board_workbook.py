"""The coverage board as a workbook: what it is of, who made it when, one row a target; text never becomes a formula."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from services.targets.api.board_schemas import WORDS, BoardRowOut
from services.targets.queries.board import BoardState

_HEADS = (
    "层级", "单位代码", "单位", "对象", "警号", "指标编码", "指标", "目标", "已分解", "未分解", "超出", "下级份数", "下级未签收", "状态", "天数",
    "拒收理由", "失去承接日期",
)  # fmt: skip
_WIDTHS = (6, 14, 22, 22, 12, 12, 30, 10, 10, 10, 10, 9, 10, 14, 7, 30, 14)


def board_workbook(
    rows: Sequence[BoardRowOut],
    *,
    title: str,
    scope: str,
    states: Sequence[BoardState],
    made_by: str,
    made: datetime,
) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("分解进度")
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDE7F3", "text_wrap": True})
        number = book.add_format({"num_format": "0.####"})
        shown = "、".join(WORDS[state][0] for state in states) or "全部"
        sheet.write_string(0, 0, title, bold)
        sheet.write_string(
            1,
            0,
            f"范围 {scope}  筛选 {shown}  导出人 {made_by}  时间 {made:%Y-%m-%d %H:%M}  共 {len(rows)} 条",
        )
        sheet.write_row(2, 0, _HEADS, head)
        sheet.freeze_panes(3, 0)
        sheet.autofilter(2, 0, 2 + max(len(rows), 1), len(_HEADS) - 1)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        for at, row in enumerate(rows, 3):
            _write(sheet, at, row, number)
    return out.getvalue()


def _write(sheet: Any, at: int, row: BoardRowOut, number: Any) -> None:
    texts = {
        1: row.unit_code, 2: row.unit_name, 3: row.subject_name, 4: row.police_number or "", 5: row.indicator_code,
        6: row.indicator_name, 13: row.state_word["zh"], 15: row.refusal_reason or "",
        16: row.orphaned_on.isoformat() if row.orphaned_on else "",
    }  # fmt: skip
    numbers = {
        0: row.level, 7: row.quantity, 8: row.handed_down, 9: row.uncovered, 10: row.above, 11: row.parts,
        12: row.parts_waiting, 14: row.days,
    }  # fmt: skip
    for column, text in texts.items():
        sheet.write_string(at, column, text)
    for column, value in numbers.items():
        sheet.write_number(at, column, value, number)
