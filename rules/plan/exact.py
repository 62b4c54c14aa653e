"""Exact values as text: a decimal where it is one, else numerator/denominator."""

from fractions import Fraction

MOST_DIGITS = 30


def exact_text(value: Fraction) -> str:
    """A decimal where it is one, else numerator/denominator."""
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = 0
    while digits < MOST_DIGITS and (value * 10**digits).denominator != 1:
        digits += 1
    scaled = value * 10**digits
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    sign, number = ("-", -scaled.numerator) if scaled < 0 else ("", scaled.numerator)
    whole, rest = divmod(number, 10**digits)
    return f"{sign}{whole}" + (f".{rest:0{digits}d}" if digits else "")
