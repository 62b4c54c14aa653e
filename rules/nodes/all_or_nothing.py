"""R4 all-or-nothing: full marks when the condition holds, else none."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.facts import Result, State, scored, without
from rules.nodes.band import OPERATORS, compared
from rules.nodes.measured import Measurable
from rules.reading import Reader, text
from rules.rounding import exact, plain, points_text


@dataclass(frozen=True, slots=True)
class AllOrNothing:
    """97% where 100% is asked gives nothing (A7, D1, A12 of the published schemes)."""

    full: Decimal
    op: str
    threshold: Decimal | None  # None: the target

    @classmethod
    def read(cls, reader: Reader) -> "AllOrNothing":
        threshold = reader.raw("threshold")
        return cls(
            reader.number("full"),
            reader.choice("op", tuple(OPERATORS), ">="),
            None if threshold is None or threshold == "target" else reader.number("threshold"),
        )

    def to_data(self) -> dict[str, Any]:
        threshold = "target" if self.threshold is None else text(self.threshold)
        return {"type": "all_or_nothing", "full": text(self.full), "op": self.op, "threshold": threshold}

    def points(self, facts: Measurable) -> Fraction | State:
        if facts.missing:
            return State.NOT_SUBMITTED
        limit = facts.target if self.threshold is None else self.threshold
        if limit is None:
            return State.NOT_APPLICABLE
        return exact(self.full) if OPERATORS[self.op](facts.actual, exact(limit)) else Fraction(0)

    def evaluate(self, facts: Measurable) -> Result:
        value = self.points(facts)
        if isinstance(value, State):
            return without(value)
        limit = (facts.target if self.threshold is None else self.threshold) or Fraction(0)
        holds = OPERATORS[self.op](facts.actual, limit)
        wanted = compared(self.op, plain(limit))
        zh = f"{points_text(value)}:{plain(facts.actual)} {'符合' if holds else '不符合'}“{wanted.zh}”"
        en = f"{points_text(value)}: {plain(facts.actual)} {'is' if holds else 'is not'} {wanted.en}"
        return scored(value, zh, en)

    def describe(self, language: str) -> str:
        if language == "zh":
            goal = "目标" if self.threshold is None else plain(self.threshold)
            return f"{self.op} {goal} 得{plain(self.full)}分,否则不得分"
        goal = "the target" if self.threshold is None else plain(self.threshold)
        return f"{plain(self.full)} points if {self.op} {goal}, else none"
