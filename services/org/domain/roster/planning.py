"""What an import would do with units: which are new, which change, which rows cannot be taken."""

import difflib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kernel.errors import Finding
from kernel.workbooks.sheets import Place
from services.org.domain.roster.reading import UnitLine, finding_of
from services.org.domain.structure import CODE, DEEPEST, LEVELS


@dataclass(frozen=True, slots=True)
class KnownUnit:
    code: str
    name: str
    level: int
    parent: str
    series: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """`effect` is new, changed or same; `parent` is the code of the parent, "" for the root."""

    effect: str
    code: str
    name: str
    level: int
    kind: str
    parent: str
    series: str
    lines: tuple[str, ...]


@dataclass
class Refused:
    line: UnitLine
    finding: dict[str, object]


@dataclass
class UnitPlan:
    """`units` in an order in which each parent comes first."""

    units: list[PlannedUnit] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def count(self, effect: str) -> int:
        return sum(unit.effect == effect for unit in self.units)


class _Tree:
    """Units by code and by name, those planned included."""

    def __init__(self, known: Iterable[KnownUnit]) -> None:
        self.by_code: dict[str, tuple[str, int]] = {}
        self.by_name: dict[str, list[str]] = {}
        self.known: dict[str, KnownUnit] = {}
        for unit in known:
            self.known[unit.code] = unit
            self.add(unit.code, unit.name, unit.level)

    def add(self, code: str, name: str, level: int) -> None:
        self.by_code[code] = (name, level)
        self.by_name.setdefault(name, []).append(code)

    def code_of(self, said: str) -> str | None:
        """The code of the unit that a cell means by its name or its code; None if it is none, or could be several."""
        named = self.by_name.get(said, [])
        if len(named) == 1:
            return named[0]
        return said if said in self.by_code else None

    def own(self, line: UnitLine) -> KnownUnit | None:
        if line.code in self.known:
            return self.known[line.code]
        same = [self.known[c] for c in self.by_name.get(line.name, []) if c in self.known]
        if len(same) > 1 and line.parent:
            parent = self.code_of(line.parent)
            same = [unit for unit in same if unit.parent == parent]
        return same[0] if len(same) == 1 and not line.code else None


def plan_units(lines: Sequence[UnitLine], known: Iterable[KnownUnit]) -> UnitPlan:
    result, tree = UnitPlan(), _Tree(known)
    waiting = _without_doubles(lines, result)
    while waiting:
        names = {line.name for line in waiting}
        ready = [w for w in waiting if not w.parent or w.parent not in names or tree.code_of(w.parent)]
        if not ready:
            zh, en = "上级单位互相循环", "the parents form a circle"
            for line in waiting:
                _refuse(result, line, "parent", Finding("上级单位", "unit-cycle", zh, en), line.parent)
            break
        for line in ready:
            waiting.remove(line)
            _plan_unit(result, tree, line)
    return result


def _without_doubles(lines: Sequence[UnitLine], result: UnitPlan) -> list[UnitLine]:
    first: dict[tuple[str, str], Place] = {}
    kept = []
    for line in lines:
        key = (line.name, line.parent)
        if key in first:
            zh, en = f"与第 {first[key].row} 行的单位重名", f"the same unit name as in row {first[key].row}"
            _refuse(result, line, "name", Finding("单位名称", "unit-twice", zh, en), line.name)
        else:
            first[key] = line.place
            kept.append(line)
    return kept


def _plan_unit(result: UnitPlan, tree: _Tree, line: UnitLine) -> None:
    own = tree.own(line)
    parent = tree.code_of(line.parent) if line.parent else None
    if line.parent and parent is None:
        zh, en = f"没有名为“{line.parent}”的上级单位", f"there is no parent unit '{line.parent}'"
        finding = Finding("上级单位", "parent-unknown", zh, en)
        _refuse(result, line, "parent", finding, line.parent, near(line.parent, tree.by_name))
        return
    if own is not None:
        _known_unit(result, line, own, parent)
        return
    level = tree.by_code[parent][1] + 1 if parent else 1
    problem = _misplaced(line, level, tree)
    if problem is not None:
        _refuse(result, line, *problem)
        return
    code = line.code or derived_code(line.name, parent or "")
    if not CODE.fullmatch(code) or code in tree.by_code:
        zh, en = "单位代码不合规或已被使用", "the code is not valid or is taken"
        _refuse(result, line, "code", Finding("单位代码", "unit-code-invalid", zh, en), code)
        return
    tree.add(code, line.name, level)
    result.units.append(
        PlannedUnit("new", code, line.name, level, line.kind, parent or "", line.series, line.lines)
    )


def _misplaced(line: UnitLine, level: int, tree: _Tree) -> tuple[str, Finding, str] | None:
    if level == 1 and any(found == 1 for _, found in tree.by_code.values()):
        zh, en = "已有一级单位,请填写上级单位", "there is a first-level unit already; name the parent"
        return "parent", Finding("上级单位", "root-exists", zh, en), ""
    if level > DEEPEST or level not in LEVELS[line.kind]:
        zh, en = f"该类单位不能设在第 {level} 级", f"a unit of this kind cannot stand on level {level}"
        return "kind", Finding("单位类别", "unit-level-wrong", zh, en), line.kind
    return None


def _known_unit(result: UnitPlan, line: UnitLine, own: KnownUnit, parent: str | None) -> None:
    """A new name, series or lines are taken over; another parent is a reorganisation, which has its own page."""
    if line.parent and parent != own.parent:
        zh = "上级单位与系统中的不同;机构调整请在“机构管理”中办理,此行其余内容照常导入"
        en = "another parent than in the system; reorganise units on their own page, the rest of this row is taken"
        finding = Finding("上级单位", "unit-parent-differs", zh, en)
        _refuse(result, line, "parent", finding, line.parent, severity="warning")
    series, lines = line.series or own.series, line.lines or own.lines
    same = (line.name, series, set(lines)) == (own.name, own.series, set(own.lines))
    effect = "same" if same else "changed"
    result.units.append(
        PlannedUnit(effect, own.code, line.name, own.level, line.kind, own.parent, series, lines)
    )


def _refuse(
    result: UnitPlan,
    line: UnitLine,
    cell: str,
    finding: Finding,
    value: str,
    suggestions: Sequence[str] = (),
    *,
    severity: str = "error",
) -> None:
    told = finding_of(cell, finding, value, severity=severity, suggestions=suggestions)
    result.refused.append(Refused(line, told))


def near(name: str, names: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)


def derived_code(name: str, parent: str = "") -> str:
    """The same name under the same parent always gives the same code."""
    return "U" + hashlib.sha256(f"{parent}/{name}".encode()).hexdigest()[:10].upper()


#: More than this share of people more or less than before is probably the wrong file, or half of it.
JUMP_PERCENT = 20


def jump(before: int, after: int) -> Mapping[str, object]:
    """How much the head count changes, in whole percent, and whether that is to be confirmed."""
    percent = round((after - before) * 100 / before) if before else 0
    return {"before": before, "after": after, "percent": percent, "confirm": abs(percent) > JUMP_PERCENT}
