"""R9 combine: several rules over the same facts become one figure."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.facts import Facts, Result, State, Step, scored, without
from rules.nodes.node import Node, rounded, rounded_value, rounding_words
from rules.reading import Reader, text
from rules.rounding import exact, plain, points_text

METHODS = ("sum", "weighted_sum", "mean", "min", "max")
DROP, ZERO = "drop_rescale", "zero"
_WORDS = {
    "zh": {
        "sum": "各项之和",
        "weighted_sum": "各项加权之和",
        "mean": "各项平均",
        "min": "各项最低",
        "max": "各项最高(就高)",
    },
    "en": {
        "sum": "the sum",
        "weighted_sum": "the weighted sum",
        "mean": "the mean",
        "min": "the lowest",
        "max": "the highest",
    },
}


@dataclass(frozen=True, slots=True)
class Part:
    weight: Decimal
    rule: Node


@dataclass(frozen=True, slots=True)
class Combine:
    """Sum, weighted sum, mean, min, max. Weights of a weighted sum add up to exactly 1.

    Not-applicable parts are dropped (weights of the rest rescaled) or count as zero, as stated; missing is never
    silently zero.
    """

    method: str
    parts: tuple[Part, ...]
    not_applicable: str
    decimals: int | None

    def to_data(self) -> dict[str, Any]:
        parts = [
            {"rule": p.rule.to_data()} | ({"weight": text(p.weight)} if self.method == "weighted_sum" else {})
            for p in self.parts
        ]
        data: dict[str, Any] = {
            "type": "combine",
            "method": self.method,
            "parts": parts,
            "not_applicable": self.not_applicable,
        }
        return data | ({"decimals": self.decimals} if self.decimals is not None else {})

    def points(self, facts: Facts) -> Fraction | State:
        found = [(exact(part.weight), part.rule.points(facts)) for part in self.parts]
        counted = self._counted(found)
        if not counted:
            return next((value for _, value in found if isinstance(value, State)), State.NOT_APPLICABLE)
        return rounded_value(self._combined(counted), self.decimals)

    def evaluate(self, facts: Facts) -> Result:
        results = [(part, part.rule.evaluate(facts)) for part in self.parts]
        lines: list[Step] = [line for _, result in results for line in result.lines]
        counted = self._counted(
            [(exact(p.weight), r.state if r.value is None else r.value) for p, r in results]
        )
        if not counted:
            return without(results[0][1].state if results else State.NOT_APPLICABLE)
        value = self._combined(counted)
        zh = f"{points_text(value)} = {_WORDS['zh'][self.method]}({'、'.join(plain(v) for _, v in counted)})"
        en = (
            f"{points_text(value)} = {_WORDS['en'][self.method]} of {', '.join(plain(v) for _, v in counted)}"
        )
        return rounded(scored(value, zh, en, *lines), self.decimals)

    def _counted(self, found: list[tuple[Fraction, Fraction | State]]) -> list[tuple[Fraction, Fraction]]:
        """The parts that count; nothing at all when no part has a value."""
        counted = [(weight, value) for weight, value in found if isinstance(value, Fraction)]
        if counted and self.not_applicable == ZERO:
            counted += [(weight, Fraction(0)) for weight, value in found if isinstance(value, State)]
        return counted

    def _combined(self, counted: list[tuple[Fraction, Fraction]]) -> Fraction:
        values = [value for _, value in counted]
        match self.method:
            case "sum":
                return sum(values, Fraction(0))
            case "weighted_sum":
                whole = sum((weight for weight, _ in counted), Fraction(0))
                return sum((weight * value for weight, value in counted), Fraction(0)) / whole
            case "mean":
                return sum(values, Fraction(0)) / len(values)
            case "min":
                return min(values)
            case _:
                return max(values)

    def describe(self, language: str) -> str:
        end = rounding_words(self.decimals, language)
        inner = []
        for part in self.parts:
            weight = f"{plain(part.weight * 100)}% " if self.method == "weighted_sum" else ""
            inner.append(f"[{weight}{part.rule.describe(language)}]")
        return f"{_WORDS[language][self.method]}:" + " ".join(inner) + end


def check_parts(reader: Reader, method: str, parts: list[Part]) -> None:
    if method == "weighted_sum" and parts:
        total = sum((part.weight for part in parts), Decimal(0))
        if total != 1:
            zh, en = f"权重之和为 {plain(total)},应为 1", f"the weights add up to {plain(total)}, not 1"
            reader.refuse("parts", "weights-not-one", zh, en)
        if any(part.weight <= 0 for part in parts):
            reader.refuse("parts", "weight-not-positive", "权重应大于零", "a weight must be above zero")
