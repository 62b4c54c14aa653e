"""Quantities as they are shown and sent."""

from decimal import Decimal


def trimmed(quantity: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 3.5000 is 3.5, and 3E+2 is 300."""
    whole = quantity.normalize()
    return whole.quantize(Decimal(1)) if whole.as_tuple().exponent > 0 else whole  # type: ignore[operator]


def trimmed_or_none(quantity: Decimal | None) -> Decimal | None:
    return None if quantity is None else trimmed(quantity)
