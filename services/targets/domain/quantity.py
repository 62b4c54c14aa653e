"""Quantities of targets: exact decimals, as fine as their unit of measure can be counted."""

from decimal import Decimal
from typing import Final

FINEST: Final = 4
_DECIMALS: Final = {
    "%": 2,
    "百分比": 2,
    "百分点": 2,
    "分": 2,
    "元": 2,
    "万元": 4,
    "亿元": 4,
    "小时": 1,
    "公里": 1,
}


def decimals_of(unit_of_measure: str) -> int:
    """Decimals in which a quantity is split; things and people (件, 人, 次, 起 …) are whole."""
    return _DECIMALS.get(unit_of_measure, 0)


def decimals_in(quantity: Decimal) -> int:
    """Decimals that the quantity itself needs."""
    exponent = quantity.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def trimmed(quantity: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    text = format(quantity, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal("0" if text in {"", "-0"} else text)


def trimmed_or_none(quantity: Decimal | None) -> Decimal | None:
    return None if quantity is None else trimmed(quantity)
