"""When a grade's requirement, a veto or a bound holds: a named fact, or a figure compared with a bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.fields import inner, name, optional_name, some
from rules.nodes.band import OPERATORS
from rules.reading import Reader, text
from rules.rounding import plain
from rules.sentences import Sentence

#: The figure that is the subject's total itself.
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Condition:
    """`mark` is a fact that is recorded as holding or not; else `figure op bound` is compared exactly."""

    mark: str | None
    figure: str = TOTAL
    op: str = ">="
    bound: Decimal = Decimal(0)

    @classmethod
    def read(cls, reader: Reader) -> "Condition":
        mark = optional_name(reader, "mark")
        if mark is not None:
            condition = cls(mark)
        else:
            figure = name(reader, "figure", TOTAL)
            condition = cls(None, figure, reader.choice("op", tuple(OPERATORS)), reader.number("bound"))
        reader.close()
        return condition

    def to_data(self) -> dict[str, Any]:
        if self.mark is not None:
            return {"mark": self.mark}
        return {"figure": self.figure, "op": self.op, "bound": text(self.bound)}

    def holds(self, marks: Mapping[str, bool], figures: Mapping[str, Fraction]) -> bool | None:
        """None when nothing is known of it: unknown is neither yes nor no."""
        if self.mark is not None:
            return marks.get(self.mark)
        value = figures.get(self.figure)
        return None if value is None else bool(OPERATORS[self.op](value, self.bound))

    def words(self) -> Sentence:
        if self.mark is not None:
            return Sentence(f"“{self.mark}”", f"“{self.mark}”")
        zh = "总分" if self.figure == TOTAL else f"“{self.figure}”"
        en = "the total" if self.figure == TOTAL else f"“{self.figure}”"
        return Sentence(f"{zh} {self.op} {plain(self.bound)}", f"{en} {self.op} {plain(self.bound)}")


def read_all(reader: Reader, key: str) -> tuple[Condition, ...]:
    return tuple(Condition.read(item) for item in some(reader, key))


def read_one(reader: Reader, key: str) -> Condition:
    item = inner(reader, key)
    if item is not None:
        return Condition.read(item)
    if reader.raw(key) is None:
        reader.refuse(key, "missing", "缺少该条件", "the condition is missing")
    return Condition("")
