"""R5 event ledger, and R12 bonus and deduction by level: marks for each event, added up within limits."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.facts import Event, Facts, Result, State, Step, scored, without
from rules.nodes.node import clamp, rounded, rounded_value, rounding_words
from rules.reading import Reader, text
from rules.rounding import exact, plain, points_text


@dataclass(frozen=True, slots=True)
class Events:
    """每件0.5分,上限5分;国家级3、省级2;每次扣1分、最多扣5分 (A4, A8, A15, B2, B4, B5 of the published schemes).

    An event is worth its quantity times the marks of its level, or of `each` where the level has no entry. The item's
    cap and floor hold for each event, the category's for the events of one kind, `cap` and `floor` for the sum.
    """

    each: Decimal | None
    levels: tuple[tuple[str, Decimal], ...]
    item_cap: Decimal | None
    item_floor: Decimal | None
    kind_caps: tuple[tuple[str, Decimal], ...]
    cap: Decimal | None
    floor: Decimal | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader) -> "Events":
        node = cls(
            reader.optional_number("each"),
            tuple(sorted(reader.table("levels").items())),
            reader.optional_number("item_cap"),
            reader.optional_number("item_floor"),
            tuple(sorted(reader.table("kind_caps").items())),
            reader.optional_number("cap"),
            reader.optional_number("floor"),
            reader.decimals(),
        )
        if node.each is None and not node.levels:
            reader.refuse(
                "each",
                "no-marks",
                "没有写明每件分值或各级分值",
                "neither marks for each nor marks by level are given",
            )
        if node.cap is not None and node.floor is not None and node.floor > node.cap:
            reader.refuse("floor", "floor-above-cap", "下限高于上限", "the floor is above the cap")
        return node

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"type": "events"}
        for key in ("each", "item_cap", "item_floor", "cap", "floor"):
            value = getattr(self, key)
            if value is not None:
                data[key] = text(value)
        for key, table in (("levels", self.levels), ("kind_caps", self.kind_caps)):
            if table:
                data[key] = {name: text(marks) for name, marks in table}
        return data | ({"decimals": self.decimals} if self.decimals is not None else {})

    def points(self, facts: Facts) -> Fraction | State:
        if facts.missing:
            return State.NOT_SUBMITTED
        value = clamp(self._total(facts), _fraction(self.floor), _fraction(self.cap))
        return rounded_value(value, self.decimals)

    def evaluate(self, facts: Facts) -> Result:
        if facts.missing:
            return without(State.NOT_SUBMITTED)
        by_rate: dict[Fraction, Fraction] = defaultdict(Fraction)
        for event in facts.events:
            by_rate[self._rate(event)] += Fraction(event.quantity)
        if not by_rate:
            by_rate[exact(self.each or Decimal(0))] = Fraction(0)
        total = self._total(facts)
        value = clamp(total, _fraction(self.floor), _fraction(self.cap))
        sums_zh = " + ".join(f"{plain(q)}件 × {plain(r)}" for r, q in sorted(by_rate.items(), reverse=True))
        sums_en = " + ".join(f"{plain(q)} × {plain(r)}" for r, q in sorted(by_rate.items(), reverse=True))
        steps: tuple[Step, ...] = ()
        if value != total:
            steps = (
                Step(f"合计 {plain(total)},超出限额", f"the sum {plain(total)} is beyond the limit", total),
            )
        return rounded(
            scored(
                value,
                f"{points_text(value)} = {sums_zh}{self._limits('zh')}",
                f"{points_text(value)} = {sums_en}{self._limits('en')}",
                *steps,
            ),
            self.decimals,
        )

    def _total(self, facts: Facts) -> Fraction:
        """Item by item, then category by category."""
        by_kind: dict[str, Fraction] = defaultdict(Fraction)
        low, high = _fraction(self.item_floor), _fraction(self.item_cap)
        for event in facts.events:
            by_kind[event.kind or ""] += clamp(self._rate(event) * Fraction(event.quantity), low, high)
        caps = dict(self.kind_caps)
        return sum((clamp(v, None, _fraction(caps.get(kind))) for kind, v in by_kind.items()), Fraction(0))

    def _rate(self, event: Event) -> Fraction:
        for level, marks in self.levels:
            if level == event.level:
                return exact(marks)
        return exact(self.each or Decimal(0))

    def _limits(self, language: str) -> str:
        parts = []
        if self.cap is not None:
            parts.append(f",上限{plain(self.cap)}" if language == "zh" else f", at most {plain(self.cap)}")
        if self.floor is not None:
            parts.append(
                f",下限{plain(self.floor)}" if language == "zh" else f", not below {plain(self.floor)}"
            )
        return "".join(parts)

    def describe(self, language: str) -> str:
        zh = language == "zh"
        parts = []
        if self.each is not None:
            parts.append(f"每件{plain(self.each)}分" if zh else f"{plain(self.each)} points each")
        parts += [
            f"{name}:{plain(marks)}分" if zh else f"{name}: {plain(marks)} points"
            for name, marks in self.levels
        ]
        if self.item_cap is not None:
            parts.append(
                f"单件最多{plain(self.item_cap)}分" if zh else f"at most {plain(self.item_cap)} for one"
            )
        if self.item_floor is not None:
            parts.append(
                f"单件最低{plain(self.item_floor)}分" if zh else f"not below {plain(self.item_floor)} for one"
            )
        parts += [f"{k}类上限{plain(c)}分" if zh else f"{k}: at most {plain(c)}" for k, c in self.kind_caps]
        if self.cap is not None:
            parts.append(f"上限{plain(self.cap)}分" if zh else f"at most {plain(self.cap)} in all")
        if self.floor is not None:
            parts.append(f"下限{plain(self.floor)}分" if zh else f"not below {plain(self.floor)} in all")
        return (",".join(parts) if zh else ", ".join(parts)) + rounding_words(self.decimals, language)


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else exact(value)
