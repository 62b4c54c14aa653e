"""The user's own workbook back, bad cells coloured and the reasons in a last column; and the template to begin with."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError

from kernel.workbooks.opening import open_workbook
from services.targets.domain.workbook.headers import SYNONYMS
from services.targets.domain.workbook.places import cell_of

_RED = PatternFill("solid", start_color="FCEBE9")
_HEAD = "问题 / problems"
_SAMPLE = {
    "code": "YW-01", "name": "矛盾纠纷排查化解", "module": "业务工作", "line": "治安", "subject_kind": "民警",
    "unit_of_measure": "件", "direction": "越高越好", "full_marks": "10", "rule": "按比例;满分10;封顶100%",
    "basis": "年度目标责任书", "clause": "第三条", "evidence": "必须", "example": "目标10;完成8;得8分",
}  # fmt: skip
_CHOICES = {
    "subject_kind": ["单位", "民警", "单位和个人"],
    "direction": ["越高越好", "越低越好"],
    "evidence": ["必须", "可选", "不需要"],
}
_HELP = (
    ("一行一个指标", "编码在方案内不重复;模块、归口部门、分值必填。合并单元格按所覆盖的每一行计。"),
    ("多级表头", "可以有一级、二级、三级指标的多级表头;三级指标为指标名称,二级指标为分组。"),
    ("评分方式", "按比例、阶梯、分档、全有或全无、逐件、扣分;写法见使用手册“评分方式的写法”。"),
    ("示例", "每条规则写一个算例,如:目标10;完成8;得8分。发布前会核算。"),
)


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


def template() -> bytes:
    """An empty table with one sample row, lists to choose from, and a page that explains it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDE7F3"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("考核细则")
        names = [name for name in SYNONYMS if name != "standard"]
        sheet.write_row(0, 0, [SYNONYMS[name][0] for name in names], head)
        sheet.write_row(1, 0, [_SAMPLE[name] for name in names])
        sheet.set_column(0, len(names) - 1, 16)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            if name in _CHOICES:
                sheet.data_validation(1, column, 5000, column, {"validate": "list", "source": _CHOICES[name]})
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 16)
        notes.set_column(1, 1, 80, wrap)
        for row, line in enumerate(_HELP):
            notes.write_row(row, 0, line)
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
