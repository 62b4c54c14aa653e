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


class DepartureAhead(Invalid):
    code = "departure-ahead"
    zh = "离岗在最后一个在岗日当天或之后登记,日期不能晚于今天"
    en = "A departure is entered on the last day of service or later, not ahead of it"


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


def check_departure(on: date, today: date) -> None:
    """The status has no date of its own: who is said to have left has left."""
    if on > today:
        raise DepartureAhead


def check_primary(kind: str, *, primary: bool) -> None:
    if primary and kind != "regular":
        raise PrimaryMustBeRegular


#: Kinds of which an officer has one at a time: somebody is lent to one place, on one leave, in one course.
EXCLUSIVE = (
    frozenset({"secondment", "loan", "task_detail"}),
    frozenset({"leave"}),
    frozenset({"training"}),
    frozenset({"probation"}),
)


class PostingClashes(Conflict):
    code = "posting-clashes"
    zh = "该民警在此期间已有同类任职(借调、抽调、休假或培训)"
    en = "The officer has a posting of this kind (secondment, leave, training …) in that time already"


class MainMissing(Conflict):
    code = "posting-needs-main"
    zh = "须先有主要任职,才能登记其他任职"
    en = "Other postings need a main posting on their first day"


def rivals(kind: str) -> frozenset[str]:
    """The kinds that may not share a day with one of this kind."""
    return next((group for group in EXCLUSIVE if kind in group), frozenset())


def overlap(start: date, end: date | None, others: Iterable[tuple[date, date | None]]) -> bool:
    """Whether [start, end] shares a day with any of the others; no end means for ever."""
    return any((end is None or other <= end) and (until is None or start <= until) for other, until in others)
