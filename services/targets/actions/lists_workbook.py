"""Lists as workbooks: what they are of, who made them when, one row an item; text never becomes a formula."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from services.targets.domain.quantity import trimmed
from services.targets.domain.workbook.headers import SYNONYMS
from services.targets.models import IndicatorRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MODULES = {
    "mod_team": "队伍建设", "mod_business": "业务工作", "mod_special": "专项工作", "mod_attendance": "考勤考核",
    "mod_bonus": "激励加分", "mod_deduction": "减分考核",
}  # fmt: skip
_WORDS = {
    "subject_kind": {"unit": "单位", "officer": "民警", "both": "单位和个人"},
    "direction": {"higher_is_better": "越高越好", "lower_is_better": "越低越好"},
    "evidence": {"required": "必须", "optional": "可选", "none": "不需要"},
}
_STATUS = {
    "draft": "草拟", "issued": "已下达", "acknowledged": "已签收", "revised": "已修订", "withdrawn": "已撤回",
}  # fmt: skip
_FIELDS = tuple(name for name in SYNONYMS if name != "standard")


@dataclass(frozen=True, slots=True)
class Made:
    """What a sheet says above its table."""

    title: str
    scope: str
    by: str
    at: datetime


def indicators_workbook(rows: Sequence[IndicatorRow], made: Made) -> bytes:
    """In the columns of the import: what is exported here can be corrected and read in again."""
    heads = [SYNONYMS[name][0] for name in _FIELDS]
    lines = Lines("考核细则", heads, made)
    lines.add([_cell(row, name) for name in _FIELDS] for row in rows)
    return lines.whole()


class Lines:
    """A sheet that is written line by line and kept on disk until it is whole: what it is of, who made it when, its heads."""

    def __init__(self, name: str, heads: Sequence[str], made: Made) -> None:
        self._out, self._at = io.BytesIO(), 3
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._out, options)
        bold = self._book.add_format({"bold": True, "font_size": 14})
        framed = self._book.add_format({"bold": True, "border": 1, "bg_color": "#DDE7F3"})
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(3, 0)
        self._sheet.set_column(0, len(heads) - 1, 16)
        self._sheet.write_string(0, 0, made.title, bold)
        said = f"范围 {made.scope}  导出人 {made.by}  时间 {made.at:%Y-%m-%d %H:%M}"
        self._sheet.write_string(1, 0, said)
        self._sheet.write_row(2, 0, heads, framed)

    def add(self, lines: Iterable[Sequence[Any]]) -> None:
        for line in lines:
            for column, value in enumerate(line):
                if isinstance(value, Decimal):
                    self._sheet.write_number(self._at, column, trimmed(value))
                else:
                    self._sheet.write_string(self._at, column, str(value))
            self._at += 1

    def whole(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


def targets_lines(made: Made) -> Lines:
    heads = (
        "周期", "指标编码", "指标", "对象", "警号", "单位", "目标", "计量单位", "状态", "下达", "签收", "拒收理由", "失去承接",
    )  # fmt: skip
    return Lines("目标", heads, made)


def target_line(row: Mapping[str, Any], made: Made) -> Sequence[Any]:
    return (
        row["period_code"], row["indicator_code"], row["indicator_name"], row["subject_name"],
        row["police_number"] or "", row["unit_name"], row["quantity"], row["unit_of_measure"],
        _STATUS[row["status"]], _minute(row["issued_at"], made), _minute(row["acknowledged_at"], made),
        row["refusal_reason"] or "", row["orphaned_on"].isoformat() if row["orphaned_on"] else "",
    )  # fmt: skip


def _cell(row: IndicatorRow, name: str) -> Any:
    value = getattr(row, name)
    if name == "module":
        return _MODULES.get(value, value)
    if name in _WORDS:
        return _WORDS[name].get(value, value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def _minute(moment: datetime | None, made: Made) -> str:
    return moment.astimezone(made.at.tzinfo).strftime("%Y-%m-%d %H:%M") if moment else ""
