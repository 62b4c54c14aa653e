"""Which column of a 目标责任细则 means what, whatever the bureau calls it."""

import unicodedata
from collections.abc import Sequence
from typing import Final

#: field -> header texts, without spaces and brackets, lower case. The first is the name in the template.
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "code": ("指标编码", "编码", "编号", "序号", "指标编号", "指标代码", "code", "no"),
    "name": (
        "指标名称",
        "考核项目",
        "考核指标",
        "指标",
        "考核内容",
        "三级指标",
        "二级指标",
        "项目",
        "name",
        "indicator",
    ),
    "module": ("模块", "一级指标", "考核模块", "类别", "考核类别", "module"),
    "line": ("条线", "归口部门", "业务条线", "警种", "牵头部门", "责任条线", "归口", "line"),
    "subject_kind": ("考核对象", "适用对象", "被考核对象", "对象", "subject"),
    "unit_of_measure": ("计量单位", "单位", "量纲", "unitofmeasure", "unit"),
    "direction": ("方向", "指标方向", "指标性质", "direction"),
    "full_marks": ("分值", "标准分", "满分", "满分值", "权重分", "fullmarks", "marks"),
    "rule": ("评分方式", "计分方式", "评分规则", "rule"),
    "standard": ("评分标准", "计分办法", "评分办法", "考核标准", "计分标准", "standard"),
    "basis": ("目标依据", "依据", "文件依据", "制定依据", "basis"),
    "clause": ("条款", "依据条款", "clause"),
    "evidence": ("佐证要求", "佐证", "佐证材料", "证明材料", "evidence"),
    "example": ("示例", "计分示例", "算例", "举例", "example"),
}
REQUIRED: Final = ("code", "name", "module", "line", "full_marks")
RULE_COLUMNS: Final = ("rule", "standard")
_MIN_KNOWN: Final = 4
_SEARCHED_ROWS: Final = 30
_BY_TEXT: Final = {text: field for field, texts in SYNONYMS.items() for text in texts}
_DROPPED: Final = str.maketrans("", "", " \t\r\n　*:：_-/.()（）[]【】")


def squeezed(text: str) -> str:
    """A header or keyword without what people add for looks."""
    return unicodedata.normalize("NFKC", text).translate(_DROPPED).lower()


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """The index of the header row, and the column of each field; None if no row looks like one."""
    best: tuple[int, dict[str, int]] | None = None
    for index, row in enumerate(rows[:_SEARCHED_ROWS]):
        columns = columns_of(row)
        if len(columns) >= _MIN_KNOWN and (best is None or len(columns) > len(best[1])):
            best = index, columns
    return best


def columns_of(row: Sequence[str]) -> dict[str, int]:
    """Of two columns with synonyms of one field, the one whose header comes first in the list of synonyms."""
    found: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        text = squeezed(cell) or ""
        field = _BY_TEXT.get(text) or _BY_TEXT.get(_without_note(cell))
        if field is None:
            continue
        rank = SYNONYMS[field].index(text) if text in SYNONYMS[field] else len(SYNONYMS[field])
        if field not in found or rank < found[field][1]:
            found[field] = column, rank
    return {field: column for field, (column, _) in found.items()}


def _without_note(cell: str) -> str:
    """分值(分) → 分值"""
    normal = unicodedata.normalize("NFKC", cell)
    return squeezed(normal.split("(", 1)[0].split("\n", 1)[0])
