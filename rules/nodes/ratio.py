"""R1 ratio: full × clamp(actual / target, floor, cap)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.facts import Result, State, scored, without
from rules.nodes.measured import Measurable
from rules.nodes.node import clamp, rounded, rounded_value, rounding_words
from rules.reading import Reader, text
from rules.rounding import exact, plain, points_text

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

    def points(self, facts: Measurable) -> Fraction | State:
        if facts.missing:
            return State.NOT_SUBMITTED
        if facts.target is None or facts.target <= 0:
            return State.NOT_APPLICABLE
        return rounded_value(exact(self.full) * self._share(facts), self.decimals)

    def evaluate(self, facts: Measurable) -> Result:
        found = self.points(facts)
        if isinstance(found, State):
            return without(found)
        target, actual = exact(facts.target or 0), facts.actual
        share, rate = self._share(facts), self._rate(facts)
        if self.direction == HIGHER:
            sign = f"{plain(actual)}/{plain(target)}"
        else:
            sign = f"{plain(target)}/{plain(actual)}" if actual > 0 else "0"
        limits_zh = f",完成率按 {plain(share * 100)}% 计" if share != rate else ""
        limits_en = f", completion counted as {plain(share * 100)}%" if share != rate else ""
        value = exact(self.full) * share
        zh = f"{points_text(value)} = {plain(self.full)}分 × {sign}{limits_zh}"
        en = f"{points_text(value)} = {plain(self.full)} points × {sign}{limits_en}"
        return rounded(scored(value, zh, en), self.decimals)

    def _rate(self, facts: Measurable) -> Fraction:
        target = exact(facts.target or 0)
        if self.direction == HIGHER:
            return facts.actual / target
        return target / facts.actual if facts.actual > 0 else exact(self.cap)

    def _share(self, facts: Measurable) -> Fraction:
        return clamp(self._rate(facts), exact(self.floor), exact(self.cap))

    def describe(self, language: str) -> str:
        end = rounding_words(self.decimals, language)
        cap, floor = plain(self.cap * 100), plain(self.floor * 100)
        if language == "zh":
            lower = "(越低越好,按目标÷实际)" if self.direction == LOWER else ""
            return f"按完成比例得分{lower},满分{plain(self.full)}分,完成率上限{cap}%、下限{floor}%{end}"
        lower = " (lower is better: target ÷ actual)" if self.direction == LOWER else ""
        return f"in proportion to completion{lower}, {plain(self.full)} points in full, completion from {floor}% to {cap}%{end}"
