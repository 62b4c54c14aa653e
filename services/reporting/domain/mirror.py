"""An assessor beside his peers: rates with their uncertainty, so that a few cases do not look like a habit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from rules.rounding import half_up
from services.reporting.domain.spread import quantile

#: With fewer cases than these a rate is shown and not compared.
SMALL = 20
SMALL_APPEALS = 5
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Rate:
    """`percent` and its bounds (Wilson's interval, 95 %), one decimal; None where there is no case."""

    of: int
    hits: int
    small: bool

    @property
    def percent(self) -> Decimal | None:
        return half_up(Fraction(self.hits * 100, self.of), 1) if self.of else None

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """For judging only: worked out in floating point."""
        if not self.of:
            return None
        n, p = self.of, self.hits / self.of
        middle = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        half = _Z * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
        low, high = max(middle - half, 0.0), min(middle + half, 1.0)
        return Decimal(f"{100 * low:.1f}"), Decimal(f"{100 * high:.1f}")

    def apart(self, peers: "Rate") -> bool:
        """Whether the peers' rate lies outside of the bounds, with enough cases on both sides."""
        if self.small or peers.small or self.bounds is None or peers.percent is None:
            return False
        return not self.bounds[0] <= peers.percent <= self.bounds[1]


@dataclass(frozen=True, slots=True)
class Decided:
    """One piece of work decided: whether it passed, how long it took, which share of the claim was accepted.

    `appeal`: None without a decided one; else whether it overturned the decision. After an appeal the first decision is
    no longer told by the work itself, so that `passed`, `minutes` and `share` are then None.
    """

    passed: bool | None
    minutes: int | None
    share: Fraction | None
    appeal: bool | None


@dataclass(frozen=True, slots=True)
class Figures:
    """`hours` and `shares` (per cent of the claim): lower quartile, median, upper quartile; one decimal."""

    decided: int
    passed: Rate
    overturned: Rate
    hours: tuple[Decimal, Decimal, Decimal] | None
    shares: tuple[Decimal, Decimal, Decimal] | None


def figures(found: Sequence[Decided]) -> Figures:
    known = [one.passed for one in found if one.passed is not None]
    appeals = [one.appeal for one in found if one.appeal is not None]
    minutes = [one.minutes for one in found if one.minutes is not None]
    shares = [int(half_up(one.share * 1000, 0)) for one in found if one.share is not None]
    return Figures(
        len(found), Rate(len(known), sum(known), len(known) < SMALL),
        Rate(len(appeals), sum(appeals), len(appeals) < SMALL_APPEALS), _quartiles(minutes, 60), _quartiles(shares, 10),
    )  # fmt: skip


def _quartiles(values: Sequence[int], unit: int) -> tuple[Decimal, Decimal, Decimal] | None:
    if not values:
        return None
    ordered = sorted(values)
    low, middle, high = (half_up(Fraction(quantile(ordered, Fraction(n, 4)), unit), 1) for n in (1, 2, 3))
    return low, middle, high
