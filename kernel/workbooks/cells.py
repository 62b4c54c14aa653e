"""Cells as people fill them in, made orderly."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

#: Excel's day 0, with its leap-year mistake of 1900 counted in.
EPOCH = date(1899, 12, 30)
#: 2199-12-31 as Excel counts days; today's dates have one digit less.
LAST_SERIAL = 109_574
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})?)?\s*日?")


def text(value: object) -> str:
    """NFKC (full-width digits become plain), stripped, no control characters, inner white space single."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    plain = unicodedata.normalize("NFKC", str(value))
    plain = "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else " " for c in plain)
    return re.sub(r"\s+", " ", plain).strip()


def name(value: object) -> str:
    """A name of a person or unit: Chinese names are sometimes spaced out to align."""
    plain = text(value)
    return plain.replace(" ", "") if any("\u4e00" <= c <= "\u9fff" for c in plain) else plain


def day(value: object) -> date | None:
    """A date in any of the usual forms, a year and month meaning its first day. Raises ValueError for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        if not 1 <= value <= LAST_SERIAL:
            raise ValueError(value)
        return EPOCH + timedelta(days=int(value))
    plain = text(value)
    if not plain:
        return None
    if plain.isdigit() and len(plain) == len(str(LAST_SERIAL)) - 1:
        return day(int(plain))
    found = _DATE.fullmatch(plain)
    if found is None:
        raise ValueError(plain)
    return date(int(found[1]), int(found[2]), int(found[3] or 1))


def number(value: object) -> Decimal | None:
    """A decimal; raises ValueError if it is none."""
    plain = text(value)
    if not plain:
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(plain) from error
    if not found.is_finite():
        raise ValueError(plain)
    return found


def words(value: object) -> tuple[str, ...]:
    """Several values in one cell, parted by comma, semicolon or the Chinese marks."""
    return tuple(part for part in re.split(r"[,;、\s]+", text(value)) if part)
