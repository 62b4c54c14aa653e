"""Grades as settings: thresholds, what a grade requires, what leads to the lowest, vetoes and standing bounds."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from rules.fields import name, optional_name, some
from rules.nodes.band import OPERATORS
from rules.reading import Reader, text
from rules.rounding import plain
from rules.sentences import Sentence
from rules.standing.conditions import Condition, read_all, read_one

LOWER_BAND, ERROR = "lower_band", "error"
NOT_ABOVE, NOT_BELOW = "not_above", "not_below"


@dataclass(frozen=True, slots=True)
class Grade:
    """`op bound` opens the grade; `to` is the far end where the source prints one (90-94). Both None: given by a body."""

    name: str
    op: str
    bound: Decimal | None
    to: Decimal | None
    requires: tuple[Condition, ...]
    falls_to: str | None

    @classmethod
    def read(cls, reader: Reader) -> "Grade":
        bound = reader.optional_number("bound")
        grade = cls(
            name(reader, "name"),
            reader.choice("op", tuple(OPERATORS)) if bound is not None else ">=",
            bound,
            reader.optional_number("to"),
            read_all(reader, "requires"),
            optional_name(reader, "falls_to"),
        )
        reader.close()
        return grade

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"name": self.name}
        if self.bound is not None:
            data |= {"op": self.op, "bound": text(self.bound)}
        if self.to is not None:
            data["to"] = text(self.to)
        if self.requires:
            data["requires"] = [condition.to_data() for condition in self.requires]
        return data | ({"falls_to": self.falls_to} if self.falls_to else {})


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决: any of the conditions gives the label, and the grade under it (the lowest unless stated)."""

    label: str
    when: tuple[Condition, ...]
    grade: str | None

    @classmethod
    def read(cls, reader: Reader) -> "Veto":
        veto = cls(name(reader, "label"), read_all(reader, "when"), optional_name(reader, "grade"))
        if not veto.when and reader.raw("when") is None:
            reader.refuse("when", "missing", "缺少条件", "the conditions are missing")
        reader.close()
        return veto

    def to_data(self) -> dict[str, Any]:
        data = {"label": self.label, "when": [condition.to_data() for condition in self.when]}
        return data | ({"grade": self.grade} if self.grade else {})


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound for everybody of whom the condition holds, such as fewer than 12 months of service."""

    kind: str
    grade: str
    when: Condition
    reason: str

    @classmethod
    def read(cls, reader: Reader) -> "Limit":
        limit = cls(
            reader.choice("kind", (NOT_ABOVE, NOT_BELOW)),
            name(reader, "grade"),
            read_one(reader, "when"),
            name(reader, "reason"),
        )
        reader.close()
        return limit

    def to_data(self) -> dict[str, Any]:
        when = self.when.to_data()
        return {"kind": self.kind, "grade": self.grade, "when": when, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Grades:
    """Best first. `lowest` is for values that reach no threshold; in schemes by proposal it is the last of the list."""

    grades: tuple[Grade, ...]
    otherwise: str | None
    gaps: str | None
    lowest_when: tuple[Condition, ...]
    vetoes: tuple[Veto, ...]
    limits: tuple[Limit, ...]

    @classmethod
    def read(cls, reader: Reader) -> "Grades":
        found = cls(
            tuple(Grade.read(item) for item in reader.objects("grades")),
            optional_name(reader, "otherwise"),
            reader.choice("gaps", (LOWER_BAND, ERROR)) if reader.raw("gaps") is not None else None,
            read_all(reader, "lowest_when"),
            tuple(Veto.read(item) for item in some(reader, "vetoes")),
            tuple(Limit.read(item) for item in some(reader, "limits")),
        )
        reader.close()
        if found.grades:
            _check_names(reader, found)
            _check_thresholds(reader, found)
        return found

    @property
    def names(self) -> tuple[str, ...]:
        listed = tuple(grade.name for grade in self.grades)
        return listed if self.otherwise is None else (*listed, self.otherwise)

    @property
    def lowest(self) -> str:
        return self.names[-1]

    @property
    def by_threshold(self) -> bool:
        return self.grades[0].bound is not None

    def below(self, grade: str) -> str:
        """The next lower grade; the lowest is its own."""
        return self.names[min(self.names.index(grade) + 1, len(self.names) - 1)]

    def worse(self, one: str, other: str) -> bool:
        return self.names.index(one) > self.names.index(other)

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"grades": [grade.to_data() for grade in self.grades]}
        for key, value in (("otherwise", self.otherwise), ("gaps", self.gaps)):
            data |= {key: value} if value is not None else {}
        for key, items in (
            ("lowest_when", self.lowest_when),
            ("vetoes", self.vetoes),
            ("limits", self.limits),
        ):
            data |= {key: [item.to_data() for item in items]} if items else {}
        return data

    def describe(self, language: str) -> str:
        zh = language == "zh"
        parts = [_words(grade, language) for grade in self.grades]
        if self.otherwise is not None:
            parts.append(f"其余{self.otherwise}" if zh else f"otherwise {self.otherwise}")
        for condition in self.lowest_when:
            said = condition.words().say(language)
            parts.append(f"{said}的直接定为{self.lowest}" if zh else f"{said}: directly {self.lowest}")
        for veto in self.vetoes:
            said = (" 或 " if zh else " or ").join(condition.words().say(language) for condition in veto.when)
            parts.append(f"{said}的{veto.label}" if zh else f"{said}: {veto.label}")
        for limit in self.limits:
            said = limit.when.words().say(language)
            bound = limit_words(limit.kind, limit.grade).say(language)
            parts.append(f"{said}的{bound}({limit.reason})" if zh else f"{said}: {bound} ({limit.reason})")
        return (";" if zh else "; ").join(parts)


def limit_words(kind: str, grade: str) -> Sentence:
    if kind == NOT_ABOVE:
        return Sentence(f"不高于{grade}", f"not above {grade}")
    return Sentence(f"不低于{grade}", f"not below {grade}")


def _words(grade: Grade, language: str) -> str:
    said = grade.name if grade.bound is None else f"{grade.name} {grade.op} {plain(grade.bound)}"
    if grade.requires:
        needed = ", ".join(condition.words().say(language) for condition in grade.requires)
        said += f"(须 {needed})" if language == "zh" else f" (requires {needed})"
    return said


def _check_names(reader: Reader, found: Grades) -> None:
    known = found.names
    if len(set(known)) < len(known):
        reader.refuse("grades", "grade-twice", "等次名称重复", "a grade is named twice")
        return
    wanted = [(f"vetoes.{i}.grade", veto.grade) for i, veto in enumerate(found.vetoes)]
    wanted += [(f"limits.{i}.grade", limit.grade) for i, limit in enumerate(found.limits)]
    wanted += [(f"grades.{i}.falls_to", grade.falls_to) for i, grade in enumerate(found.grades)]
    for place, wanted_name in wanted:
        if wanted_name and wanted_name not in known:
            reader.refuse(place, "grade-unknown", "没有这个等次", "there is no such grade")
    for index, grade in enumerate(found.grades):
        lower = grade.falls_to
        if lower is not None and lower in known and not found.worse(lower, grade.name):
            reader.refuse(f"grades.{index}.falls_to", "not-lower", "应为更低的等次", "must be a lower grade")


def _check_thresholds(reader: Reader, found: Grades) -> None:
    """Values that are covered twice, or by no printed band, are found before anybody is graded."""
    bounded = [grade for grade in found.grades if grade.bound is not None]
    if not bounded:
        return
    if len(bounded) < len(found.grades) or len({grade.op[0] for grade in bounded}) > 1:
        zh = "各等次应都有分数线,且同为“以上”或同为“以下”"
        reader.refuse(
            "grades", "thresholds-mixed", zh, "all have a threshold and look the same way, or none has"
        )
        return
    if found.otherwise is None:
        zh, en = "未达到最低分数线的没有规定等次", "values that reach no threshold have no grade"
        reader.refuse("otherwise", "band-uncovered", zh, en)
    for index, (upper, lower) in enumerate(pairwise(found.grades), start=1):
        _check_pair(reader, found, index, (upper, lower))


def _check_pair(reader: Reader, found: Grades, index: int, pair: tuple[Grade, Grade]) -> None:
    upper, lower = pair
    sign = 1 if upper.op[0] == ">" else -1
    top, floor = sign * (upper.bound or Decimal(0)), sign * (lower.bound or Decimal(0))
    if floor >= top or (lower.to is not None and sign * lower.to >= top):
        zh, en = "与上一等次重叠", "overlaps with the grade before it"
        reader.refuse(f"grades.{index}", "band-doubly-covered", zh, en)
    elif lower.to is not None and found.gaps is None:
        between = f"{plain(lower.to)} – {plain(upper.bound or Decimal(0))}"
        zh = f"{between} 之间没有规定等次,应写明 gaps"
        reader.refuse(f"grades.{index}", "band-gap", zh, f"{between} has no grade: say what happens in gaps")
