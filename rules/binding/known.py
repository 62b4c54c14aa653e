"""Figures about a person or a unit itself: how long in service, with what coefficient, in what status."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from rules.binding.people import Person
from rules.binding.postings import main_unit
from rules.calendars.months import completed
from rules.calendars.spans import Span
from rules.facts import State
from rules.plan.facts import Figure


class Trait(StrEnum):
    """What a plan may ask about its subjects."""

    SERVICE_MONTHS = "service_months"  # whole months since the first posting, or since the unit was set up
    UNIT_MONTHS = "unit_months"  # whole months in the unit of the period's last day
    DAYS = "days"  # days in service within the period
    MONTHS = "months"  # whole months in service within the period
    COEFFICIENT = "coefficient"  # of the main post on the last day
    HIGHEST_COEFFICIENT = (
        "highest_coefficient"  # of all posts held on the last day (several identities: the highest)
    )
    POSTS = "posts"  # names of the posts held on the last day
    POSTING = "posting"  # kinds of posting on the last day: regular, concurrent, secondment, leave …
    STATUS = "status"  # in_service, probation, left, retired
    SORT = "sort"  # officer, auxiliary, civilian; or the kind of unit


def trait(person: Person, what: Trait, period: Span) -> Figure:
    return _FOUND[what](person, period)


def _since(person: Person) -> date | None:
    return person.since or min((s.since for s in person.stints), default=None)


def _until(person: Person) -> date | None:
    """The last day: of a unit its closing, of an officer that of the last posting, if none is without end."""
    if person.until is not None or not person.stints:
        return person.until
    ends = [s.until for s in person.stints]
    return None if None in ends else max(end for end in ends if end is not None)


def _within(person: Person, period: Span) -> Span | None:
    since, until = _since(person), _until(person)
    if since is None:
        return None
    start, end = max(since, period.start), period.end if until is None else min(until, period.end)
    return Span(period.key, start, end) if start <= end else None


def _service_months(person: Person, period: Span) -> Figure:
    since, until = _since(person), _until(person)
    if since is None:
        return State.NOT_SUBMITTED
    end = period.end if until is None else min(until, period.end)
    return Fraction(max(completed(since, end), 0))


def _unit_months(person: Person, period: Span) -> Figure:
    """Over postings that follow each other in the same unit without a day between them, up to the last day there."""
    unit, until = main_unit(person.stints, period.end), _until(person)
    if unit is None:
        return _service_months(person, period)
    end = period.end if until is None else min(until, period.end)
    since = end + timedelta(days=1)
    for stint in sorted(
        (s for s in person.stints if s.primary and s.since <= end), key=lambda s: s.since, reverse=True
    ):
        if stint.unit != unit or (stint.until is not None and stint.until < since - timedelta(days=1)):
            break
        since = stint.since
    return Fraction(max(completed(since, end), 0))


def _days(person: Person, period: Span) -> Figure:
    within = _within(person, period)
    return Fraction(0) if within is None else Fraction((within.end - within.start).days + 1)


def _months(person: Person, period: Span) -> Figure:
    within = _within(person, period)
    return Fraction(0) if within is None else Fraction(completed(within.start, within.end))


def _coefficient(person: Person, period: Span) -> Figure:
    held = [s.coefficient for s in person.stints if s.on(period.end) and s.primary]
    return held[0] if held else State.NOT_APPLICABLE


def _highest(person: Person, period: Span) -> Figure:
    """Of all posts; a coefficient of zero is one, and not the lack of any."""
    return max((s.coefficient for s in person.stints if s.on(period.end)), default=State.NOT_APPLICABLE)


_FOUND: dict[Trait, Callable[[Person, Span], Figure]] = {
    Trait.SERVICE_MONTHS: _service_months,
    Trait.UNIT_MONTHS: _unit_months,
    Trait.DAYS: _days,
    Trait.MONTHS: _months,
    Trait.COEFFICIENT: _coefficient,
    Trait.HIGHEST_COEFFICIENT: _highest,
    Trait.POSTS: lambda person, period: frozenset(s.post for s in person.stints if s.on(period.end)),
    Trait.POSTING: lambda person, period: frozenset(s.kind for s in person.stints if s.on(period.end)),
    Trait.STATUS: lambda person, _: person.status or State.NOT_APPLICABLE,
    Trait.SORT: lambda person, _: person.groups.get("sort", State.NOT_APPLICABLE),
}
