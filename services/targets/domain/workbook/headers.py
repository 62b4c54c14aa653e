"""Which column of a 目标责任细则 means what, whatever the bureau calls it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: field -> header texts, without spaces and brackets, lower case. The first is the name in the template.
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "code": ("指标编码", "编码", "编号", "序号", "指标编号", "指标代码", "code", "no"),
    "name": (
        "指标名称",
        "名称",
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
_GROUPS: Final = frozenset({"二级指标", "考核类目", "考核项目", "项目", "类目"})
_MIN_KNOWN: Final = 4
_MOST_LEVELS: Final = 3
_SEARCHED_ROWS: Final = 30
_BY_TEXT: Final = {text: field for field, texts in SYNONYMS.items() for text in texts}
_DROPPED: Final = str.maketrans("", "", " \t\r\n　*:：_-/.()（）[]【】")


def squeezed(text: str) -> str:
    """A header or keyword without what people add for looks."""
    return unicodedata.normalize("NFKC", text).translate(_DROPPED).lower()


@dataclass(frozen=True, slots=True)
class Header:
    """`last` is the index of its lowest row; `columns` is the column of each field, `texts` what stands over each column."""

    last: int
    columns: dict[str, int]
    texts: list[str]


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """The header, of one row or of up to three levels; None if no rows look like one.

    Under a head that spans several columns, what stands lower counts: of 考核内容 over 一级指标 | 二级指标 the latter.
    """
    best: Header | None = None
    for index in range(min(len(rows), _SEARCHED_ROWS)):
        for depth in range(1, _MOST_LEVELS + 1):
            texts = _lowest(rows[index : index + depth])
            columns = columns_of(texts)
            if len(columns) >= _MIN_KNOWN and (best is None or len(columns) > len(best.columns)):
                best = Header(index + depth - 1, columns, texts)
    return best


def _lowest(rows: Sequence[Sequence[str]]) -> list[str]:
    width = max((len(row) for row in rows), default=0)
    cells = [[row[column] if column < len(row) else "" for row in rows] for column in range(width)]
    return [next((text for text in reversed(levels) if text), "") for levels in cells]


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
    columns = {field: column for field, (column, _) in found.items()}
    return columns | _group(row, columns)


def _group(row: Sequence[str], columns: dict[str, int]) -> dict[str, int]:
    """Where the names of indicators stand in another column, 二级指标 is the group that they are in."""
    taken = set(columns.values())
    for column, cell in enumerate(row):
        if column not in taken and squeezed(cell) in _GROUPS:
            return {"group": column}
    return {}


def _without_note(cell: str) -> str:
    """分值(分) → 分值"""
    normal = unicodedata.normalize("NFKC", cell)
    return squeezed(normal.split("(", 1)[0].split("\n", 1)[0])
