"""R1 ratio: full × clamp(actual / target, floor, cap)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.facts import Facts, Result, State, scored, without
from rules.nodes.node import clamp, rounded, rounding_words
from rules.reading import Reader, text
from rules.rounding import plain, points_text

HIGHER, LOWER = "higher_is_better", "lower_is_better"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Full marks in proportion to completion (budget execution sheets; A12, B8 of the published schemes).

    Lower-is-better uses target / actual; nothing at all is then full completion up to the cap.
    """

    full: Decimal
    cap: Decimal
    floor: Decimal
    direction: str
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader) -> "Ratio":
        node = cls(
            reader.number("full"),
            reader.number("cap", "1", least=0),
            reader.number("floor", "0"),
            reader.choice("direction", (HIGHER, LOWER), HIGHER),
            reader.decimals(),
        )
        if node.floor > node.cap:
            reader.refuse("floor", "floor-above-cap", "下限高于上限", "the floor is above the cap")
        return node

    def to_data(self) -> dict[str, Any]:
        data = {
            "type": "ratio",
            "full": text(self.full),
            "cap": text(self.cap),
            "floor": text(self.floor),
            "direction": self.direction,
        }
        return data | ({"decimals": self.decimals} if self.decimals is not None else {})

    def evaluate(self, facts: Facts) -> Result:
        if not facts.events:
            return without(State.NOT_SUBMITTED)
        if facts.target is None or facts.target <= 0:
            return without(State.NOT_APPLICABLE)
        target, actual = Fraction(facts.target), facts.actual
        low, high = Fraction(self.floor), Fraction(self.cap)
        if self.direction == HIGHER:
            rate, sign = actual / target, f"{plain(actual)}/{plain(target)}"
        else:
            rate = target / actual if actual > 0 else high
            sign = f"{plain(target)}/{plain(actual)}" if actual > 0 else "0"
        share = clamp(rate, low, high)
        value = Fraction(self.full) * share
        limits_zh = f",完成率按 {plain(share * 100)}% 计" if share != rate else ""
        limits_en = f", completion counted as {plain(share * 100)}%" if share != rate else ""
        zh = f"{points_text(value)} = {plain(self.full)}分 × {sign}{limits_zh}"
        en = f"{points_text(value)} = {plain(self.full)} points × {sign}{limits_en}"
        return rounded(scored(value, zh, en), self.decimals)

    def describe(self, language: str) -> str:
        end = rounding_words(self.decimals, language)
        cap, floor = plain(self.cap * 100), plain(self.floor * 100)
        if language == "zh":
            lower = "(越低越好,按目标÷实际)" if self.direction == LOWER else ""
            return f"按完成比例得分{lower},满分{plain(self.full)}分,完成率上限{cap}%、下限{floor}%{end}"
        lower = " (lower is better: target ÷ actual)" if self.direction == LOWER else ""
        return f"in proportion to completion{lower}, {plain(self.full)} points in full, completion from {floor}% to {cap}%{end}"
