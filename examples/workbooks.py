"""Writes the schemes as the workbooks that an assessment office hands out, and how to set the schemes up."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import xlsxwriter

from examples.schemes import ALL, Scheme

HEADS = (
    ("序号", 9), ("考核项目", 24), ("模块", 12), ("归口部门", 24), ("考核对象", 12), ("计量单位", 9), ("方向", 10),
    ("标准分", 8), ("评分方式", 46), ("目标依据", 44), ("条款", 44), ("佐证要求", 22), ("示例", 28),
)  # fmt: skip


def write(folder: Path) -> None:
    for scheme in ALL:
        _workbook(scheme, folder / scheme.workbook)
    text = json.dumps([setup(scheme) for scheme in ALL], ensure_ascii=False, indent=2) + "\n"
    (folder / "schemes.json").write_text(text, encoding="utf-8")


def setup(scheme: Scheme) -> dict[str, Any]:
    """What the platform is told before the workbook is imported, with the workbook, its source and its lines."""
    return {
        "code": scheme.code,
        "name": scheme.name,
        "modules": list(scheme.modules),
        "module_combination": "sum",
        "total_decimals": 3,
        "roll_up": {"own_weight": "0.4", "members_weight": "0.6", "members": "mean", "decimals": 3},
        "second_signature_above": "5",
        "workbook": scheme.workbook,
        "source": scheme.source,
        "lines": sorted({indicator.line for indicator in scheme.indicators}),
        **({"plan": scheme.plan} if scheme.plan is not None else {}),
    }


def _workbook(scheme: Scheme, path: Path) -> None:
    last = len(HEADS) - 1
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": scheme.name, "created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001 -- Excel knows no zones
        title = book.add_format({"bold": True, "align": "center", "font_size": 14})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDE7F3"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        sheet = book.add_worksheet("目标责任细则")
        for column, (_, width) in enumerate(HEADS):
            sheet.set_column(column, column, width)
        sheet.merge_range(0, 0, 0, last, f"{scheme.name} 目标责任细则(演示数据 / demonstration data)", title)
        sheet.merge_range(1, 0, 1, last, "分值取自所列依据,文字为自行概括;标明演示约定的,原文未载")
        sheet.write_row(2, 0, [name for name, _ in HEADS], head)
        row = 3
        for module in scheme.modules:
            row = _module(sheet, scheme, module, row, wrapped)
        sheet.freeze_panes(3, 2)


def _module(sheet: Any, scheme: Scheme, module: dict[str, Any], start: int, wrapped: Any) -> int:
    """The rows of one module under one merged cell, then its subtotal; returns the next free row."""
    inside = [indicator for indicator in scheme.indicators if indicator.module == module["name"]]
    for row, i in enumerate(inside, start):
        texts = [
            i.code, i.name, i.module if row == start else "", i.line, i.subject, i.measure, i.direction,
        ]  # fmt: skip
        sheet.write_row(row, 0, texts, wrapped)
        sheet.write_number(row, 7, float(i.marks), wrapped)
        sheet.write_row(row, 8, [i.rule, scheme.source, i.clause, i.evidence, i.example], wrapped)
    end = start + len(inside)
    if len(inside) > 1:
        sheet.merge_range(start, 2, end - 1, 2, module["name"], wrapped)
    if float(module["full_marks"]):
        sheet.write(end, 1, "小计")
        sheet.write_number(end, 7, float(module["full_marks"]))
        end += 1
    return end
