"""What every node of a rule can do."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Protocol

from rules.facts import Facts, Result, State, Step
from rules.rounding import half_up, plain


class Node(Protocol):
    def to_data(self) -> dict[str, Any]: ...

    def points(self, facts: Facts) -> Fraction | State: ...

    def evaluate(self, facts: Facts) -> Result: ...

    def describe(self, language: str) -> str: ...


def rounded(result: Result, decimals: int | None) -> Result:
    """The node's stated rounding, as a step of its own when it changes anything."""
    if decimals is None or result.value is None:
        return result
    value = Fraction(half_up(result.value, decimals))
    if value == result.value:
        return result
    last = result.lines[-1]  # stays one sentence, so that the reason of an entry has the arithmetic in it
    zh = f"{last.zh};四舍五入到 {decimals} 位小数:{plain(value)}"
    en = f"{last.en}; rounded half up to {decimals} decimals: {plain(value)}"
    return replace(result, value=value, lines=(*result.lines[:-1], Step(zh, en, value)))


def rounded_value(value: Fraction, decimals: int | None) -> Fraction:
    """The same rounding of the bare value."""
    return value if decimals is None else Fraction(half_up(value, decimals))


def clamp(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    if high is not None and value > high:
        value = high
    return low if low is not None and value < low else value


def rounding_words(decimals: int | None, language: str) -> str:
    if decimals is None:
        return ""
    return f",保留 {decimals} 位小数" if language == "zh" else f", rounded to {decimals} decimals"
