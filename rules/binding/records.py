"""What the platform recorded of a period, as the facts that a plan is applied to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from rules.binding.binding import Binding
from rules.binding.sources import How, Source
from rules.calendars.spans import Span
from rules.facts import State
from rules.plan.facts import Deed, Figure, PlanFacts, PlanSubject
from rules.standing.subjects import Context, Subject


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of accepted work; its id makes it the same event wherever it is met."""

    id: str
    quantity: Fraction
    day: date


@dataclass(frozen=True, slots=True)
class Record:
    """Of one subject, by indicator code: live targets and accepted work; readings by their name."""

    goals: Mapping[str, Fraction] = field(default_factory=dict)
    work: Mapping[str, tuple[Work, ...]] = field(default_factory=dict)
    readings: Mapping[str, Fraction | State] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is assessed, an officer or a unit; `parent` is the unit it belongs to on the period's last day."""

    id: str
    name: str
    kind: str
    parent: str | None
    groups: Mapping[str, str]


def assemble(
    binding: Binding, period: Span, people: Iterable[Person], records: Mapping[str, Record]
) -> PlanFacts:
    """In order of id, so that the same records make the same facts. A parent that is not assessed itself is left out."""
    listed = sorted(people, key=lambda person: person.id)
    known = {person.id for person in listed}
    subjects = []
    for person in listed:
        record = records.get(person.id, Record())
        figures = {figure: _figure(source, record) for figure, source in binding.sources.items()}
        parent = person.parent if person.parent in known else None
        about = Subject(groups=person.groups)
        subjects.append(PlanSubject(person.id, person.name, figures, about, parent, person.kind))
    about_all = {subject.id: subject.about for subject in subjects}
    return PlanFacts(Context(period, str(period.end.year), about_all, {}, {}), tuple(subjects))


def _figure(source: Source, record: Record) -> Figure:
    """Missing is not zero: without a target the indicator does not apply, without accepted work nothing was submitted.

    Events are counted one by one, and none is a count.
    """
    if source.reading is not None:
        return record.readings.get(source.reading, State.NOT_ASSESSED)
    code = source.indicator or ""
    goal, work = record.goals.get(code), record.work.get(code, ())
    if source.how is How.TARGET:
        return State.NOT_APPLICABLE if goal is None else goal
    if source.how is How.EVENTS:
        return tuple(
            Deed(id=item.id, kind=source.event, on=item.day, quantity=item.quantity, evidence=1)
            for item in work
        )
    if not work:
        return State.NOT_APPLICABLE if goal is None else State.NOT_SUBMITTED
    if source.how is How.COUNT:
        return Fraction(len(work))
    return sum((item.quantity for item in work), Fraction(0))
