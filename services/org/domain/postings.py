"""Where an officer serves, and when."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from kernel.errors import Conflict, Invalid

COEFFICIENT_MIN, COEFFICIENT_MAX = Decimal("0.01"), Decimal(5)


class PrimaryTwice(Conflict):
    code = "posting-primary-twice"
    zh = "该民警在此期间已有主要任职"
    en = "The officer has a primary posting in that time already"


class DatesReversed(Invalid):
    code = "dates-reversed"
    zh = "结束日期早于开始日期"
    en = "The end is before the beginning"


class PrimaryMustBeRegular(Invalid):
    code = "posting-primary-not-regular"
    zh = "主要任职须为正式任职"
    en = "A primary posting is a regular one"


class CoefficientOut(Invalid):
    code = "coefficient-invalid"
    zh = "岗位系数应在 0.01 至 5 之间"
    en = "A role coefficient lies between 0.01 and 5"


def check_coefficient(coefficient: Decimal) -> None:
    if not COEFFICIENT_MIN <= coefficient <= COEFFICIENT_MAX:
        raise CoefficientOut


def check_dates(start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise DatesReversed


def check_primary(kind: str, *, primary: bool) -> None:
    if primary and kind != "regular":
        raise PrimaryMustBeRegular


def overlap(start: date, end: date | None, others: Iterable[tuple[date, date | None]]) -> bool:
    """Whether [start, end] shares a day with any of the others; no end means for ever."""
    return any((end is None or other <= end) and (until is None or start <= until) for other, until in others)
