"""R2 step: a base, and marks for each step above or below a threshold."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from rules.facts import Facts, Result, State, scored, without
from rules.facts import Step as Line
from rules.nodes.node import clamp, rounded, rounding_words
from rules.reading import Reader, text
from rules.rounding import plain, points_text

PERCENT, POINTS, COUNT = "percent_of_target", "points", "count"
WHOLE, STARTED, PROPORTIONAL = "whole", "started", "proportional"
_UNIT = {
    "zh": {PERCENT: "%", POINTS: "个百分点", COUNT: ""},
    "en": {PERCENT: "%", POINTS: " percentage points", COUNT: ""},
}
_MODE = {
    "zh": {WHOLE: "不足一档不计", STARTED: "不足一档按一档计", PROPORTIONAL: "按比例折算"},
    "en": {WHOLE: "whole steps only", STARTED: "a started step counts", PROPORTIONAL: "in proportion"},
}


@dataclass(frozen=True, slots=True)
class Segment:
    """From `beyond` steps on, each further step is worth `marks` (marginal: each rate on its own part)."""

    beyond: Decimal
    marks: Decimal


@dataclass(frozen=True, slots=True)
class StepRule:
    """每高(低)X加(扣)Y分: B2, B6, B8, A7 of the published schemes; marginal segments as in B8.

    `percent_of_target` and `points` are different units: 5 below 100 is 5% of target; 90% against 95% is 5 points.
    """

    base: Decimal
    threshold: Decimal | None  # None: the target
    step: Decimal
    unit: str
    above: Decimal
    below: Decimal
    mode: str
    segments_above: tuple[Segment, ...]
    segments_below: tuple[Segment, ...]
    cap_plus: Decimal | None
    cap_minus: Decimal | None
    floor: Decimal | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader) -> "StepRule":
        threshold = reader.raw("threshold")
        node = cls(
            reader.number("base", "0"),
            None if threshold is None or threshold == "target" else reader.number("threshold"),
            reader.number("step"),
            reader.choice("unit", (PERCENT, POINTS, COUNT), COUNT),
            reader.number("above", "0"),
            reader.number("below", "0"),
            reader.choice("mode", (WHOLE, STARTED, PROPORTIONAL), WHOLE),
            _segments(reader, "segments_above"),
            _segments(reader, "segments_below"),
            reader.optional_number("cap_plus", least=0),
            reader.optional_number("cap_minus", least=0),
            reader.optional_number("floor"),
            reader.decimals(),
        )
        if node.step <= 0:
            reader.refuse(
                "step", "step-not-positive", "每档大小应大于零", "the size of a step must be above zero"
            )
        if not (node.above or node.below or node.segments_above or node.segments_below):
            reader.refuse(
                "", "no-marks", "没有写明每档加分或扣分", "neither marks above nor marks below are given"
            )
        return node

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "type": "step", "base": text(self.base), "threshold": "target" if self.threshold is None else text(self.threshold),
            "step": text(self.step), "unit": self.unit, "above": text(self.above), "below": text(self.below), "mode": self.mode,
        }  # fmt: skip
        for key, segments in (
            ("segments_above", self.segments_above),
            ("segments_below", self.segments_below),
        ):
            if segments:
                data[key] = [{"beyond": text(s.beyond), "marks": text(s.marks)} for s in segments]
        for key in ("cap_plus", "cap_minus", "floor"):
            value = getattr(self, key)
            if value is not None:
                data[key] = text(value)
        return data | ({"decimals": self.decimals} if self.decimals is not None else {})

    def evaluate(self, facts: Facts) -> Result:
        if not facts.events:
            return without(State.NOT_SUBMITTED)
        limit = facts.target if self.threshold is None else self.threshold
        if limit is None or (self.unit == PERCENT and limit <= 0):
            return without(State.NOT_APPLICABLE)
        gap = facts.actual - Fraction(limit)
        distance = abs(gap) * 100 / Fraction(limit) if self.unit == PERCENT else abs(gap)
        steps = self._steps(distance)
        marks = self._marks(steps, above=gap > 0)
        change = clamp(marks, _minus(self.cap_minus), _fraction(self.cap_plus))
        value = clamp(Fraction(self.base) + change, _fraction(self.floor), None)
        side = ("高于", "above") if gap > 0 else ("低于", "below")
        unit_zh, unit_en = _UNIT["zh"][self.unit], _UNIT["en"][self.unit]
        line = Line(
            f"实际 {plain(facts.actual)},{side[0]} {plain(limit)} 达 {plain(distance)}{unit_zh},计 {plain(steps)} 档,{plain(marks)} 分",
            f"actual {plain(facts.actual)} is {plain(distance)}{unit_en} {side[1]} {plain(limit)}: {plain(steps)} steps, {plain(marks)} points",
            marks,
        )
        limited_zh = f"(限 {plain(change)})" if change != marks else ""
        limited_en = f" (limited to {plain(change)})" if change != marks else ""
        zh = f"{points_text(value)} = {plain(self.base)} {_signed(change)}{limited_zh}"
        en = f"{points_text(value)} = {plain(self.base)} {_signed(change)}{limited_en}"
        return rounded(scored(value, zh, en, line), self.decimals)

    def _steps(self, distance: Fraction) -> Fraction:
        exact = distance / Fraction(self.step)
        if self.mode == PROPORTIONAL:
            return exact
        return Fraction(floor(exact) if self.mode == WHOLE else ceil(exact))

    def _marks(self, steps: Fraction, *, above: bool) -> Fraction:
        rate = Fraction(self.above if above else self.below)
        segments = self.segments_above if above else self.segments_below
        total, start = Fraction(0), Fraction(0)
        for segment in segments:
            end = Fraction(segment.beyond)
            total += rate * max(min(steps, end) - start, Fraction(0))
            rate, start = Fraction(segment.marks), end
        return total + rate * max(steps - start, Fraction(0))

    def describe(self, language: str) -> str:
        unit, mode = _UNIT[language][self.unit], _MODE[language][self.mode]
        end = rounding_words(self.decimals, language)
        if language == "zh":
            goal = "目标" if self.threshold is None else plain(self.threshold)
            parts = [f"基础分{plain(self.base)}分"]
            for word, marks in (("高", self.above), ("低", self.below)):
                if marks:
                    parts.append(
                        f"较{goal}每{word}{plain(self.step)}{unit}{'加' if marks > 0 else '扣'}{plain(abs(marks))}分"
                    )
            for word, segments in (("高", self.segments_above), ("低", self.segments_below)):
                parts += [f"{word}出 {plain(s.beyond)} 档后每档 {plain(s.marks)} 分" for s in segments]
            parts.append(mode)
            parts += [f"最多加{plain(self.cap_plus)}分"] if self.cap_plus is not None else []
            parts += [f"最多扣{plain(self.cap_minus)}分"] if self.cap_minus is not None else []
            parts += [f"最低{plain(self.floor)}分"] if self.floor is not None else []
            return ",".join(parts) + end
        goal = "the target" if self.threshold is None else plain(self.threshold)
        parts = [f"{plain(self.base)} base points"]
        for word, marks in (("above", self.above), ("below", self.below)):
            if marks:
                parts.append(f"{_signed(Fraction(marks))} for each {plain(self.step)}{unit} {word} {goal}")
        for word, segments in (("above", self.segments_above), ("below", self.segments_below)):
            parts += [f"{plain(s.marks)} for each step {word} beyond {plain(s.beyond)}" for s in segments]
        parts.append(mode)
        parts += [f"at most {plain(self.cap_plus)} added"] if self.cap_plus is not None else []
        parts += [f"at most {plain(self.cap_minus)} deducted"] if self.cap_minus is not None else []
        parts += [f"not below {plain(self.floor)}"] if self.floor is not None else []
        return ", ".join(parts) + end


def _segments(reader: Reader, key: str) -> tuple[Segment, ...]:
    if reader.raw(key) is None:
        return ()
    found = []
    for item in reader.objects(key):
        found.append(Segment(item.number("beyond", least=0), item.number("marks")))
        item.close()
    if any(a.beyond >= b.beyond for a, b in pairwise(found)):
        reader.refuse(key, "segments-unordered", "各段起点应逐段增大", "segments must begin ever further out")
    return tuple(found)


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _minus(value: Decimal | None) -> Fraction | None:
    return None if value is None else -Fraction(value)


def _signed(value: Fraction) -> str:
    return f"- {plain(-value)}" if value < 0 else f"+ {plain(value)}"
