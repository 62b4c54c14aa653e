"""R7 a figure of the whole group: its mean, best, sum, median, number. What the group has, for arithmetic with one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import optional_name, optional_whole
from rules.plan.nodes.grouping import group_values
from rules.plan.operands import Operand, operand
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.view import EVERYBODY, View, group_of
from rules.reading import Reader
from rules.rounding import plain, points_text, total
from rules.sentences import Sentence

METHODS = ("mean", "median", "min", "max", "sum", "count")
_WORDS = {
    "mean": ("平均", "mean"),
    "median": ("中位数", "median"),
    "min": ("最低", "lowest"),
    "max": ("最高", "highest"),
    "sum": ("合计", "sum"),
    "count": ("个数", "number"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Over those of the group who have a number; `trim` highest and lowest are left out. The same for everybody in it."""

    of: Operand
    scope: str
    method: str
    trim: int
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Group":
        return cls(
            operand(reader, "of").bound(nodes), optional_name(reader, "scope") or EVERYBODY,
            reader.choice("method", METHODS, "mean"), optional_whole(reader, "trim") or 0, reader.decimals(),
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.of.inputs

    @property
    def figures(self) -> tuple[str, ...]:
        return self.of.figures

    def evaluate(self, view: View) -> Outcome:
        group = view.group(self.scope)
        if group is None:
            return without(State.NOT_APPLICABLE)
        values = group_values(view, self.of, group)
        kept = len(values) - 2 * self.trim
        if kept < 1:
            return without(State.NOT_APPLICABLE)
        key = ("group", self.method, str(self.trim), self.of.words(), *group)
        value = view.board.once(key, lambda: self._worked_out(sorted(values)[self.trim : self.trim + kept]))

        def say() -> Sentence:
            zh, en = _WORDS[self.method]
            text = plain(value)
            return Sentence(
                f"{points_text(value)}:“{self.scope}”内 {kept} 个的{zh} {text}",
                f"{points_text(value)}: the {en} of {kept} in {self.scope} is {text}",
            )

        return scored(value, say, self.decimals)

    def _worked_out(self, values: list[Fraction]) -> Fraction:
        """Of values in rising order."""
        match self.method:
            case "mean":
                return total(values) / len(values)
            case "median":
                return (values[len(values) // 2] + values[(len(values) - 1) // 2]) / 2
            case "sum":
                return total(values)
            case "count":
                return Fraction(len(values))
            case _:
                return values[0] if self.method == "min" else values[-1]

    def touched(self, view: View) -> Iterable[View]:
        return group_of(view, self.scope)

    def describe(self, language: str) -> str:
        zh, en = _WORDS[self.method]
        if language == "zh":
            return f"“{self.scope}”内{self.of.words()}的{zh}"
        return f"the {en} of {self.of.words()} in {self.scope}"
