"""What the columns of a roster are called, in all the ways that offices call them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kernel.workbooks.cells import text

LOOK_AHEAD = 15


class SheetKind(StrEnum):
    UNITS = "units"
    PEOPLE = "people"


SYNONYMS: dict[SheetKind, dict[str, tuple[str, ...]]] = {
    SheetKind.UNITS: {
        "code": ("单位代码", "机构代码", "组织机构代码", "代码", "unit code", "code"),
        "name": ("单位名称", "机构名称", "单位全称", "名称", "unit name", "unit"),
        "parent": ("上级单位", "主管单位", "隶属单位", "上级机构", "所属上级", "parent", "parent unit"),
        "kind": ("单位类别", "机构类别", "单位性质", "单位类型", "类别", "性质", "kind", "unit kind"),
        "series": ("序列", "考核序列", "分组", "同类编组", "series"),
        "lines": ("业务条线", "警种", "条线", "归口业务", "lines", "business lines"),
    },
    SheetKind.PEOPLE: {
        "number": ("警号", "警员编号", "人员编号", "工号", "编号", "police number", "number"),
        "name": ("姓名", "人员姓名", "民警姓名", "name"),
        "unit": ("所属单位", "单位", "工作单位", "部门", "所在单位", "单位名称", "unit"),
        "post": ("职务", "岗位", "现任职务", "职务岗位", "post"),
        "category": ("人员类别", "身份", "人员性质", "人员类型", "类别", "category"),
        "series": ("序列", "考核序列", "分组", "series"),
        "since": ("到岗时间", "任职时间", "任现职时间", "到任时间", "since"),
        "coefficient": ("岗位系数", "系数", "考核系数", "coefficient"),
    },
}
REQUIRED = {SheetKind.UNITS: ("name", "kind"), SheetKind.PEOPLE: ("number", "name", "unit")}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header row is (0-based), which texts stand in it, which column holds which field."""

    kind: SheetKind
    row: int
    texts: tuple[str, ...]
    columns: Mapping[str, int]

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields without which no row can be taken, and for which no column was found."""
        return tuple(field for field in REQUIRED[self.kind] if field not in self.columns)

    def repeats(self, row: Sequence[object]) -> bool:
        """Whether `row` is the header once more, as printed at the top of each page."""
        return [_key(cell) for cell in row] == [_key(cell) for cell in self.texts]


def find_header(rows: Sequence[Sequence[object]], given: Mapping[str, str] | None = None) -> Header | None:
    """The row, among the first fifteen, that names most fields of one kind of sheet; None if no row names two.

    A row that names all required ones goes before any other. `given` maps a field to the header that the user says it
    has; it goes before the synonyms.
    """
    best: tuple[tuple[bool, int], Header] | None = None
    for index, row in enumerate(rows[:LOOK_AHEAD]):
        names = [_key(cell) for cell in row]
        for kind in (SheetKind.PEOPLE, SheetKind.UNITS):
            found = Header(kind, index, tuple(text(c) for c in row), _columns(kind, names, given or {}))
            worth = (not found.missing, len(found.columns))
            if len(found.columns) > 1 and (best is None or worth > best[0]):
                best = worth, found
    return best[1] if best else None


def fingerprint(header: Header) -> str:
    """The same for workbooks with the same headers in whatever order."""
    return hashlib.sha256("\x1f".join(sorted(_key(t) for t in header.texts if t)).encode()).hexdigest()


def _columns(kind: SheetKind, names: Sequence[str], given: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for field, synonyms in SYNONYMS[kind].items():
        wanted = (given[field],) if field in given else synonyms
        for synonym in wanted:
            key = _key(synonym)
            if key in names and names.index(key) not in columns.values():
                columns[field] = names.index(key)
                break
    return columns


def _key(cell: object) -> str:
    return text(cell).replace(" ", "").replace("*", "").split("(")[0].lower()
