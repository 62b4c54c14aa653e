"""R2 step: a base, and marks for each step above or below a threshold."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from rules.facts import Result, State, scored, without
from rules.facts import Step as Line
from rules.nodes.measured import Measurable
from rules.nodes.node import clamp, rounded, rounded_value, rounding_words
from rules.reading import Reader, text
from rules.rounding import exact, plain, points_text

PERCENT, POINTS, COUNT = "percent_of_target", "points", "count"
UNITS = (PERCENT, POINTS, COUNT, "minutes", "hours", "days")
WHOLE, STARTED, PROPORTIONAL = "whole", "started", "proportional"
#: How several rates go together: each on its own part (rules.md 2.2.5), the reached one on the whole distance, or the
#: reached one on its own part only.
MARGINAL, WHOLE_AT_RATE, LAST_PART = SEGMENT_MODES = ("marginal", "whole_at_rate", "last_part")
_UNIT = {
    "zh": {PERCENT: "%", POINTS: "个百分点", COUNT: "", "minutes": "分钟", "hours": "小时", "days": "天"},
    "en": {
        PERCENT: "%",
        POINTS: " percentage points",
        COUNT: "",
        "minutes": " minutes",
        "hours": " hours",
        "days": " days",
    },
}
_SEGMENT_MODE = {
    "zh": {WHOLE_AT_RATE: "全部按所达档的标准", LAST_PART: "只计所达档以外的部分"},
    "en": {WHOLE_AT_RATE: "all at the rate reached", LAST_PART: "only the part beyond counts"},
}
_MODE = {
    "zh": {WHOLE: "不足一档不计", STARTED: "不足一档按一档计", PROPORTIONAL: "按比例折算"},
    "en": {WHOLE: "whole steps only", STARTED: "a started step counts", PROPORTIONAL: "in proportion"},
}


_NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Segment:
    """From `beyond` steps on, each further step is worth `marks`."""

    beyond: Decimal
    marks: Decimal


@dataclass(frozen=True, slots=True)
class _Taken:
    """From `limit` to `value`: the gap (signed), the distance in units, the steps, what they are worth, that limited."""

    limit: Fraction
    gap: Fraction
    distance: Fraction
    steps: Fraction
    marks: Fraction
    change: Fraction
    value: Fraction


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
    segment_mode: str = MARGINAL

    @classmethod
    def read(cls, reader: Reader) -> "StepRule":
        threshold = reader.raw("threshold")
        node = cls(
            reader.number("base", "0"),
            None if threshold is None or threshold == "target" else reader.number("threshold"),
            reader.number("step"),
            reader.choice("unit", UNITS, COUNT),
            reader.number("above", "0"),
            reader.number("below", "0"),
            reader.choice("mode", (WHOLE, STARTED, PROPORTIONAL), WHOLE),
            _segments(reader, "segments_above"),
            _segments(reader, "segments_below"),
            reader.optional_number("cap_plus", least=0),
            reader.optional_number("cap_minus", least=0),
            reader.optional_number("floor"),
            reader.decimals(),
            reader.choice("segment_mode", SEGMENT_MODES, MARGINAL),
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
        if self.segment_mode != MARGINAL:
            data["segment_mode"] = self.segment_mode
        return data | ({"decimals": self.decimals} if self.decimals is not None else {})

    def points(self, facts: Measurable) -> Fraction | State:
        found = self._taken(facts)
        return found if isinstance(found, State) else rounded_value(found.value, self.decimals)

    def evaluate(self, facts: Measurable) -> Result:
        found = self._taken(facts)
        if isinstance(found, State):
            return without(found)
        side = ("高于", "above") if found.gap > 0 else ("低于", "below")
        unit_zh, unit_en = _UNIT["zh"][self.unit], _UNIT["en"][self.unit]
        unit_en = unit_en.removesuffix("s") if found.distance == 1 else unit_en
        actual, limit, distance = plain(facts.actual), plain(found.limit), plain(found.distance)
        steps, marks = plain(found.steps), plain(found.marks)
        line = Line(
            f"实际 {actual},{side[0]} {limit} 达 {distance}{unit_zh},计 {steps} 档,{marks} 分",
            f"actual {actual} is {distance}{unit_en} {side[1]} {limit}: {steps} {'step' if steps == '1' else 'steps'}, {marks} points",
            found.marks,
        )
        if found.gap == 0:
            line = Line(
                f"实际 {actual},正好 {limit},不加不扣", f"actual {actual} is exactly {limit}", found.marks
            )
        limited_zh = f"(限 {plain(found.change)})" if found.change != found.marks else ""
        limited_en = f" (limited to {plain(found.change)})" if found.change != found.marks else ""
        if self.base == 0 and found.value == found.change == found.marks:
            zh, en = f"{points_text(found.value)}:{line.zh}", f"{points_text(found.value)}: {line.en}"
            return rounded(scored(found.value, zh, en), self.decimals)
        zh = f"{points_text(found.value)} = {plain(self.base)} {_signed(found.change)}{limited_zh}"
        en = f"{points_text(found.value)} = {plain(self.base)} {_signed(found.change)}{limited_en}"
        return rounded(scored(found.value, zh, en, line), self.decimals)

    def _taken(self, facts: Measurable) -> "_Taken | State":
        """Every figure of the arithmetic, before the node's rounding."""
        if facts.missing:
            return State.NOT_SUBMITTED
        limit = facts.target if self.threshold is None else self.threshold
        if limit is None or (self.unit == PERCENT and limit <= 0):
            return State.NOT_APPLICABLE
        gap = facts.actual - exact(limit)
        distance = abs(gap) * 100 / exact(limit) if self.unit == PERCENT else abs(gap)
        steps = self._steps(distance)
        marks = self._marks(steps, above=gap > 0)
        change = clamp(marks, _minus(self.cap_minus), _fraction(self.cap_plus))
        value = clamp(exact(self.base) + change, _fraction(self.floor), None)
        return _Taken(exact(limit), gap, distance, steps, marks, change, value)

    def _steps(self, distance: Fraction) -> Fraction:
        steps = distance / exact(self.step)
        if self.mode == PROPORTIONAL:
            return steps
        return Fraction(floor(steps) if self.mode == WHOLE else ceil(steps))

    def _marks(self, steps: Fraction, *, above: bool) -> Fraction:
        rate = exact(self.above if above else self.below)
        segments = self.segments_above if above else self.segments_below
        taken, start = _NONE, _NONE
        for segment in segments:
            end = exact(segment.beyond)
            if steps > end:
                taken = taken + rate * (end - start) if self.segment_mode == MARGINAL else _NONE
                rate, start = exact(segment.marks), end
        if self.segment_mode == WHOLE_AT_RATE:
            return rate * steps
        return taken + rate * (steps - start) if segments else rate * steps

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
        parts += [_SEGMENT_MODE["en"][self.segment_mode]] if self.segment_mode != MARGINAL else []
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
    return None if value is None else exact(value)


def _minus(value: Decimal | None) -> Fraction | None:
    return None if value is None else -exact(value)


def _signed(value: Fraction) -> str:
    return f"- {plain(-value)}" if value < 0 else f"+ {plain(value)}"
