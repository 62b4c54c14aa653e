"""The template that offices fill in: blank, or with what the system has now; instructions and drop-downs on sheet 2."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from services.org.domain.roster.headers import REQUIRED, SYNONYMS, SheetKind
from services.org.domain.roster.reading import CATEGORIES, KINDS

#: Written into a hidden cell, so that a template of long ago is known by what it is.
VERSION = "kaohe-roster-1"
ROWS_WITH_LISTS = 20_000
_SHEETS = ((SheetKind.UNITS, "单位"), (SheetKind.PEOPLE, "人员"))
_TOLD = {
    "code": "字母、数字,最多 32 位;可不填,由系统生成",
    "name": "必填。单位填全称;人员填姓名",
    "parent": "上级单位的名称或代码;一级单位不填",
    "kind": "必填,从下拉列表中选",
    "series": "同一序列的单位(人员)一起排名;可不填",
    "lines": "多个条线用顿号分开",
    "number": "必填,不重复;辅警、文职填人员编号",
    "unit": "必填,单位名称或代码;有重名单位时填代码",
    "post": "可不填",
    "category": "从下拉列表中选,不填为民警",
    "since": "年-月-日;不填为当年 1 月 1 日",
    "coefficient": "0.01 至 5,不填为 1",
}


def template(filled: Mapping[SheetKind, Sequence[Sequence[Any]]]) -> bytes:
    """`filled` holds rows in the order of the columns; none makes a blank one. Call it in a thread."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"constant_memory": False, "in_memory": True, "strings_to_formulas": False}
    ) as book:
        head = book.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1})
        must = book.add_format({"bold": True, "bg_color": "#F8CBAD", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheets = {kind: book.add_worksheet(name) for kind, name in _SHEETS}
        _instructions(book.add_worksheet("填写说明"), head)
        lists = {
            "kind": [w for w in KINDS if w not in KINDS.values()],
            "category": list(dict.fromkeys(_chinese(CATEGORIES))),
        }
        for kind, _ in _SHEETS:
            sheet = sheets[kind]
            for column, (field, names) in enumerate(SYNONYMS[kind].items()):
                sheet.set_column(column, column, 18, text)
                sheet.write(0, column, names[0], must if field in REQUIRED[kind] else head)
                if field in lists:
                    source = f"=填写说明!${'F' if field == 'kind' else 'G'}$2:${'F' if field == 'kind' else 'G'}${len(lists[field]) + 1}"
                    sheet.data_validation(
                        1, column, ROWS_WITH_LISTS, column, {"validate": "list", "source": source}
                    )
            for number, row in enumerate(filled.get(kind, ()), 1):
                sheet.write_row(number, 0, row)
            sheet.freeze_panes(1, 0)
        page = book.get_worksheet_by_name("填写说明")
        for column, field in ((5, "kind"), (6, "category")):
            page.write_column(0, column, [{"kind": "单位类别", "category": "人员类别"}[field], *lists[field]])
        page.write(0, 25, VERSION)
        page.set_column(25, 25, None, None, {"hidden": True})
    return out.getvalue()


def _instructions(page: Any, head: Any) -> None:
    page.set_column(0, 2, 16)
    page.set_column(3, 3, 60)
    page.write_row(0, 0, ["工作表", "列", "必填", "怎样填"], head)
    row = 1
    for kind, name in _SHEETS:
        for field, names in SYNONYMS[kind].items():
            must = "是" if field in REQUIRED[kind] else ""
            page.write_row(row, 0, [name, names[0], must, _TOLD[field]])
            row += 1
    page.write(row + 1, 3, "表头在前 15 行内即可,列的顺序不限;标题行、空行、合并单元格不影响导入。")


def _chinese(words: Mapping[str, str]) -> list[str]:
    """The first word of each meaning."""
    first: dict[str, str] = {}
    for word, meaning in words.items():
        first.setdefault(meaning, word)
    return list(first.values())
