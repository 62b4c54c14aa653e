"""R3 look-up of a word: what a grade, a level or a class stands for in marks (D6: excellent 3, good 2, fair 1, poor -1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import name
from rules.plan.naming import named
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Lookup(Own):
    """A word that the table does not have is `otherwise`; without one it is not assessed."""

    of: str
    table: Mapping[str, Fraction]
    otherwise: Fraction | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Lookup":
        del nodes
        found = {label: Fraction(value) for label, value in reader.table("table").items()}
        if not found:
            reader.refuse("table", "missing", "应写明对照表", "the table is needed")
        otherwise = reader.optional_number("otherwise")
        return cls(
            name(reader, "of"), found, None if otherwise is None else Fraction(otherwise), reader.decimals()
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        return ()

    @property
    def figures(self) -> tuple[str, ...]:
        return (self.of,)

    def evaluate(self, view: View) -> Outcome:
        word = view.figures.get(self.of)
        if isinstance(word, State):
            return without(word)
        if word is None:
            return without(State.NOT_SUBMITTED)
        found = self.table.get(word, self.otherwise) if isinstance(word, str) else self.otherwise
        if found is None:
            return without(State.NOT_ASSESSED)
        value, shown = found, named(word) if isinstance(word, str) else "-"
        text = points_text(value)
        return scored(
            value,
            lambda: Sentence(f"{text}:“{shown}”的分值", f"{text}: what “{shown}” stands for"),
            self.decimals,
        )

    def describe(self, language: str) -> str:
        shown = "、".join(f"{label}{plain(value)}" for label, value in self.table.items())
        return f"“{self.of}”对照:{shown}" if language == "zh" else f"{self.of} stands for: {shown}"
