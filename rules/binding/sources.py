"""Where a figure of a plan comes from: the work, targets, awards, attendance and readings that the platform records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from rules.attendance import DAYS, KINDS
from rules.binding.known import Trait, trait
from rules.binding.records import Record
from rules.calendars.spans import Span
from rules.facts import State
from rules.fields import inner, name, optional_name
from rules.plan.facts import Deed, Figure
from rules.reading import Reader


class Source(Protocol):
    def figure(self, record: Record, period: Span) -> Figure:
        """What it is for one subject in one period. Missing is not zero: what is not there is a state."""
        ...


class How(StrEnum):
    """What of an indicator becomes the figure."""

    QUANTITY = "quantity"  # the accepted quantities, added up
    COUNT = "count"  # how many pieces of accepted work
    TARGET = "target"  # the quantity of the live target
    EVENTS = "events"  # each piece of accepted work as an event


@dataclass(frozen=True, slots=True)
class FromIndicator:
    """`event`: the kind that its events have in the plan; the indicator's code unless said otherwise."""

    indicator: str
    how: How
    event: str

    def figure(self, record: Record, period: Span) -> Figure:
        """Without a target the indicator does not apply, without accepted work nothing was submitted.

        Events are counted one by one, and none is a count.
        """
        goal, work = record.goals.get(self.indicator), record.work.get(self.indicator, ())
        if self.how is How.TARGET:
            return State.NOT_APPLICABLE if goal is None else goal
        if self.how is How.EVENTS:
            return tuple(
                Deed(id=item.id, kind=self.event, on=item.day, quantity=item.quantity, evidence=1)
                for item in work
            )
        here = [item for item in work if item.day in period]
        if not here:
            return State.NOT_APPLICABLE if goal is None else State.NOT_SUBMITTED
        if self.how is How.COUNT:
            return Fraction(len(here))
        return sum((item.quantity for item in here), Fraction(0))


@dataclass(frozen=True, slots=True)
class FromReading:
    """A figure from outside that somebody enters."""

    reading: str

    def figure(self, record: Record, _: Span) -> Figure:
        return record.readings.get(self.reading, State.NOT_ASSESSED)


class AwardKind(StrEnum):
    BONUS = "bonus"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class FromAwards:
    """Bonuses or penalties as events; their kind in the plan is their category, unless `event` says otherwise."""

    awards: AwardKind
    event: str | None

    def figure(self, record: Record, _: Span) -> Figure:
        return tuple(self.deed(award.deed) for award in record.awards if award.kind == self.awards)

    def deed(self, deed: Deed) -> Deed:
        return deed if self.event is None else replace(deed, kind=self.event)


class Attended(StrEnum):
    FAULTS = "faults"  # each fault as an event; protected leave never is one
    LEAVE_DAYS = "leave_days"  # the days of protected leave in the period, added up


@dataclass(frozen=True, slots=True)
class FromAttendance:
    attendance: Attended

    def figure(self, record: Record, period: Span) -> Figure:
        if self.attendance is Attended.FAULTS:
            return tuple(
                Deed(id=item.id, kind=item.kind, on=item.day, quantity=item.quantity, evidence=1)
                for item in record.attendance
                if not KINDS[item.kind].protected
            )
        leave = (item for item in record.attendance if _is_leave(item.kind) and item.day in period)
        return sum((item.quantity for item in leave), Fraction(0))


@dataclass(frozen=True, slots=True)
class FromPrevious:
    """What a node was in the period before, to a thousandth; `otherwise` where there is none, else it does not apply."""

    previous: str
    otherwise: Fraction | None

    def figure(self, record: Record, _: Span) -> Figure:
        found = record.carried.get(self.previous, self.otherwise)
        return State.NOT_APPLICABLE if found is None else found


@dataclass(frozen=True, slots=True)
class FromPerson:
    """What is known of the subject itself, from its postings."""

    person: Trait

    def figure(self, record: Record, period: Span) -> Figure:
        return State.NOT_APPLICABLE if record.person is None else trait(record.person, self.person, period)


@dataclass(frozen=True, slots=True)
class FromCircumstance:
    """Whether such a decision holds of the subject on any day of the period, and was not lifted."""

    circumstance: str

    def figure(self, record: Record, period: Span) -> Figure:
        found = () if record.person is None else record.person.circumstances
        return any(c.name == self.circumstance and c.touches(period) and not c.lifted for c in found)


@dataclass(frozen=True, slots=True)
class FromVotes:
    """Votes for each option, each entered as a reading; without any, nothing was submitted."""

    votes: Mapping[str, str]

    def figure(self, record: Record, _: Span) -> Figure:
        found = {option: record.readings.get(reading) for option, reading in self.votes.items()}
        numbers = {option: count for option, count in found.items() if isinstance(count, Fraction)}
        states = (state for state in found.values() if isinstance(state, State))
        return numbers or next(states, State.NOT_SUBMITTED)


def read_sources(reader: Reader) -> dict[str, Source]:
    """Figure → source. Findings for what is not exactly one of the ways."""
    table = inner(reader, "sources")
    if table is None:
        return {}
    found = {}
    for figure in table.data:
        item = inner(table, str(figure))
        source = _source(item) if item is not None else None
        if source is not None:
            found[str(figure)] = source
    return found


def indicators_of(sources: Mapping[str, Source], figures: frozenset[str]) -> frozenset[str]:
    """The indicators behind these figures."""
    found = (sources[figure] for figure in figures if figure in sources)
    return frozenset(source.indicator for source in found if isinstance(source, FromIndicator))


def _source(reader: Reader) -> Source | None:
    named = [key for key in _READERS if reader.data.get(key) is not None]
    if len(named) != 1:
        listed = "、".join(_READERS), ", ".join(_READERS)
        reader.refuse("", "source-unclear", f"应写明 {listed[0]} 之一", f"must name one of {listed[1]}")
        return None
    found = _READERS[named[0]](reader)
    reader.close()
    return found


def _votes(reader: Reader) -> Source:
    table = inner(reader, "votes")
    found = {} if table is None else {str(option): name(table, str(option)) for option in table.data}
    if table is not None:
        table.close()
    return FromVotes(found)


def _indicator(reader: Reader) -> Source:
    code = name(reader, "indicator")
    how = How(reader.choice("how", tuple(How), How.QUANTITY))
    return FromIndicator(code, how, optional_name(reader, "event") or code)


def _awards(reader: Reader) -> Source:
    kind = AwardKind(reader.choice("awards", tuple(AwardKind), AwardKind.BONUS))
    return FromAwards(kind, optional_name(reader, "event"))


def _attendance(reader: Reader) -> Source:
    return FromAttendance(Attended(reader.choice("attendance", tuple(Attended), Attended.FAULTS)))


def _previous(reader: Reader) -> Source:
    otherwise = reader.optional_number("otherwise")
    return FromPrevious(name(reader, "previous"), None if otherwise is None else Fraction(otherwise))


_READERS: Mapping[str, Callable[[Reader], Source]] = {
    "indicator": _indicator,
    "reading": lambda reader: FromReading(name(reader, "reading")),
    "awards": _awards,
    "attendance": _attendance,
    "previous": _previous,
    "person": lambda reader: FromPerson(Trait(reader.choice("person", tuple(Trait)))),
    "circumstance": lambda reader: FromCircumstance(name(reader, "circumstance")),
    "votes": _votes,
}


def _is_leave(code: str) -> bool:
    return KINDS[code].protected and KINDS[code].unit == DAYS
