"""Everybody's facts of a period, from what the platform recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.binding.binding import Binding
from rules.binding.records import Record
from rules.calendars.spans import Span
from rules.plan.facts import PlanFacts, PlanSubject
from rules.standing.subjects import Context, Subject


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
        figures = {figure: source.figure(record, period) for figure, source in binding.sources.items()}
        parent = person.parent if person.parent in known else None
        about = Subject(groups=person.groups)
        subjects.append(PlanSubject(person.id, person.name, figures, about, parent, person.kind))
    about_all = {subject.id: subject.about for subject in subjects}
    return PlanFacts(Context(period, str(period.end.year), about_all, {}, {}), tuple(subjects))
