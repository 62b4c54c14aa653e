"""What an import would do: which units and officers are new, which are known, which rows cannot be taken."""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from kernel.errors import Finding
from services.org.domain.roster.reading import PersonLine, Reading, UnitLine
from services.org.domain.structure import CODE, DEEPEST, LEVELS


@dataclass(frozen=True, slots=True)
class Known:
    """What the database has: unit name → (code, level), police numbers with name and unit name."""

    units: Mapping[str, tuple[str, int]]
    officers: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class NewUnit:
    line: UnitLine
    code: str
    level: int


@dataclass
class Plan:
    """`units` in an order in which each parent comes first."""

    units: list[NewUnit] = field(default_factory=list)
    units_known: int = 0
    officers: list[PersonLine] = field(default_factory=list)
    officers_known: int = 0


def plan(reading: Reading, known: Known) -> Plan:
    """Adds its findings to `reading.errors`. A row with a finding is not in the plan."""
    result = Plan()
    levels = {name: level for name, (_, level) in known.units.items()}
    _plan_units(reading, known, result, levels)
    _plan_people(reading, known, result, levels)
    reading.errors.sort(key=lambda e: (str(e["sheet"]), int(str(e["row"]))))
    return result


def _plan_units(reading: Reading, known: Known, result: Plan, levels: dict[str, int]) -> None:
    by_name: dict[str, UnitLine] = {}
    for line in reading.units:
        if line.name in by_name:
            first = by_name[line.name].place
            zh, en = f"与第 {first.row} 行的单位重名", f"the same unit name as in row {first.row}"
            reading.refuse(line.place, Finding("单位名称", "unit-twice", zh, en), value=line.name)
        else:
            by_name[line.name] = line
    waiting = dict(by_name)
    while waiting:
        ready = [
            line
            for line in waiting.values()
            if not line.parent or line.parent in levels or line.parent not in waiting
        ]
        if not ready:
            for line in waiting.values():
                reading.refuse(
                    line.place,
                    Finding("上级单位", "unit-cycle", "上级单位互相循环", "the parents form a circle"),
                    value=line.parent,
                )
            return
        for line in ready:
            del waiting[line.name]
            _plan_unit(reading, known, result, levels, line)


def _plan_unit(reading: Reading, known: Known, result: Plan, levels: dict[str, int], line: UnitLine) -> None:
    if line.name in known.units:
        result.units_known += 1
        return
    if line.parent and line.parent not in levels:
        zh, en = f"没有名为“{line.parent}”的上级单位", f"there is no parent unit '{line.parent}'"
        reading.refuse(
            line.place,
            Finding("上级单位", "parent-unknown", zh, en),
            value=line.parent,
            suggestion=_near(line.parent, levels),
        )
        return
    level = levels[line.parent] + 1 if line.parent else 1
    if level == 1 and any(found == 1 for found in levels.values()):
        reading.refuse(
            line.place,
            Finding(
                "上级单位",
                "root-exists",
                "已有一级单位,请填写上级单位",
                "there is a first-level unit already; name the parent",
            ),
        )
        return
    if level > DEEPEST or level not in LEVELS[line.kind]:
        zh, en = f"该类单位不能设在第 {level} 级", f"a unit of this kind cannot stand on level {level}"
        reading.refuse(line.place, Finding("单位类别", "unit-level-wrong", zh, en), value=line.kind)
        return
    code = line.code or derived_code(line.name)
    if not CODE.fullmatch(code) or code in {c for c, _ in known.units.values()} | {
        u.code for u in result.units
    }:
        reading.refuse(
            line.place,
            Finding(
                "单位代码",
                "unit-code-invalid",
                "单位代码不合规或已被使用",
                "the code is not valid or is taken",
            ),
            value=code,
        )
        return
    levels[line.name] = level
    result.units.append(NewUnit(line, code, level))


def _plan_people(reading: Reading, known: Known, result: Plan, levels: Mapping[str, int]) -> None:
    first_row: dict[str, int] = {}
    for line in reading.people:
        if line.number in first_row:
            zh = f"警号 {line.number} 与第 {first_row[line.number]} 行重复"
            en = f"police number {line.number} stands in row {first_row[line.number]} already"
            reading.refuse(line.place, Finding("警号", "duplicate-police-number", zh, en), value=line.number)
            continue
        first_row[line.number] = line.place.row
        if line.unit not in levels:
            zh, en = f"没有名为“{line.unit}”的单位", f"there is no unit '{line.unit}'"
            reading.refuse(
                line.place,
                Finding("所属单位", "unknown-unit", zh, en),
                value=line.unit,
                suggestion=_near(line.unit, levels),
            )
            continue
        there = known.officers.get(line.number)
        if there is None:
            result.officers.append(line)
        elif there[0] == line.name:
            result.officers_known += 1
        else:
            zh = f"警号 {line.number} 已属于 {there[0]}"
            en = f"police number {line.number} belongs to {there[0]}"
            reading.refuse(line.place, Finding("警号", "police-number-of-another", zh, en), value=line.number)


def _near(name: str, names: Mapping[str, int]) -> str:
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return found[0] if found else ""


def derived_code(name: str) -> str:
    """The same name always gives the same code."""
    return "U" + hashlib.sha256(name.encode()).hexdigest()[:10].upper()
