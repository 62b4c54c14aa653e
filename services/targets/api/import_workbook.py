"""The workbook to begin with: an empty table, lists to choose from, a page that explains it."""

import io

import xlsxwriter

from services.targets.domain.workbook.headers import SYNONYMS

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
