"""What R1 to R4 are applied to: an actual figure, and a target where the rule needs one."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from rules.facts import Result, State


class Measurable(Protocol):
    """`Facts` of an indicator are one; so is a figure of a plan. `missing`: nothing was submitted, and may still be."""

    @property
    def target(self) -> Decimal | Fraction | None: ...

    @property
    def missing(self) -> bool: ...

    @property
    def actual(self) -> Fraction: ...


class Measured:
    """A figure that was given, whatever the events behind it."""

    __slots__ = ("actual", "missing", "target")

    def __init__(self, actual: Fraction, target: Fraction | None) -> None:
        self.actual, self.target = actual, target
        self.missing = False


class Measure(Protocol):
    """A rule over one figure. `points` is the exact value alone; `evaluate` the same value with its sentences."""

    def to_data(self) -> dict[str, Any]: ...

    def points(self, facts: Measurable) -> Fraction | State: ...

    def evaluate(self, facts: Measurable) -> Result: ...

    def describe(self, language: str) -> str: ...
