"""The one place where a number loses digits."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

#: The ledger's unit is a thousandth of a point.
LEDGER_DECIMALS = 3


@lru_cache(maxsize=16384)
def exact(number: Decimal | Fraction | int) -> Fraction:
    """The same number as a fraction. Parameters are few and asked for often: they are converted once."""
    return Fraction(number)


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum. What has the same denominator is added up in whole numbers first: most figures have few decimals."""
    numerators: dict[int, int] = {}
    for value in values:
        denominator = value.denominator
        numerators[denominator] = numerators.get(denominator, 0) + value.numerator
    found = Fraction(0)
    for denominator, numerator in numerators.items():
        found += Fraction(numerator, denominator)
    return found


def half_up(value: Fraction, decimals: int) -> Decimal:
    """Round half away from zero (四舍五入) to that many decimals; the result has exactly as many."""
    scale = 10**decimals
    scaled = abs(value) * scale
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    return Decimal(-whole if value < 0 else whole).scaleb(-decimals)


def plain(value: Fraction | Decimal) -> str:
    """For people: as short as it can be said exactly, else with three decimals."""
    number = Fraction(value)
    rounded = half_up(number, LEDGER_DECIMALS)
    text = format(rounded, "f").rstrip("0").rstrip(".")
    exact = "" if Fraction(rounded) == number else "≈"
    return exact + ("0" if text in {"", "-0"} else text)


def points_text(value: Fraction) -> str:
    """Points as they are shown: at least two decimals."""
    rounded = format(half_up(value, LEDGER_DECIMALS), "f")
    return rounded.removesuffix("0")
