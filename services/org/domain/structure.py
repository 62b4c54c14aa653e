"""The shape of the tree of units: four levels, and which kinds stand where."""

import re
from collections.abc import Iterable

from kernel.errors import Conflict, Invalid, NotFound

DEEPEST = 4
CODE = re.compile(r"[A-Za-z0-9_-]{1,32}")

#: kind → the levels it may stand on.
LEVELS: dict[str, frozenset[int]] = {
    "city_bureau": frozenset({1}),
    "county_bureau": frozenset({1, 2}),
    "sub_bureau": frozenset({2}),
    "detachment": frozenset({2}),
    "assessment_office": frozenset({2, 3}),
    "internal_department": frozenset({2, 3}),
    "custody_unit": frozenset({2, 3}),
    "police_station": frozenset({2, 3}),
    "brigade": frozenset({2, 3}),
    "task_force": frozenset({2, 3, 4}),
    "section": frozenset({3, 4}),
    "squadron": frozenset({3, 4}),
    "police_post": frozenset({3, 4}),
}


class UnitMissing(NotFound):
    code = "unit-not-found"
    zh = "没有这个单位,或您无权查看"
    en = "There is no such unit, or you may not see it"


class CodeTaken(Conflict):
    code = "unit-code-taken"
    zh = "单位代码 {unit_code} 已被使用"
    en = "The unit code {unit_code} is taken"


class LevelWrong(Invalid):
    code = "unit-level-wrong"
    zh = "{kind} 不能设在第 {level} 级"
    en = "A {kind} cannot stand on level {level}"


class TooDeep(Invalid):
    code = "unit-too-deep"
    zh = "单位最多四级,第五级是民警个人"
    en = "Units have at most four levels; the fifth is the officer"


class RootExists(Conflict):
    code = "root-exists"
    zh = "已有一级单位,其余单位须有上级单位"
    en = "There is a first-level unit already; every other unit needs a parent"


class StillInUse(Conflict):
    code = "unit-in-use"
    zh = "单位仍有下级单位或在职人员,不能撤销"
    en = "The unit still has sub-units or postings and cannot be closed"


def place(kind: str, parent_level: int | None) -> int:
    """The level of a unit of `kind` under a parent of that level; raises LevelWrong or TooDeep."""
    level = 1 if parent_level is None else parent_level + 1
    if level > DEEPEST:
        raise TooDeep
    if level not in LEVELS[kind]:
        raise LevelWrong(kind=kind, level=level)
    return level


def path_of(code: str, parent_path: str | None) -> str:
    return f"{parent_path or ''}{code}/"


def codes_above(path: str) -> Iterable[str]:
    """The codes from the root to the unit."""
    return path.rstrip("/").split("/")
