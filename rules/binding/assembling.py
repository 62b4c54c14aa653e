"""Everybody's facts of a period, from what the platform recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from rules.binding.binding import Binding
from rules.binding.merging import mergers, without_rank
from rules.binding.people import Person
from rules.binding.postings import Merged
from rules.binding.records import Record
from rules.calendars.spans import Span
from rules.plan.facts import PlanFacts, PlanSubject
from rules.standing.records import Record as Past
from rules.standing.subjects import Context, Service, Subject


def assemble(
    binding: Binding,
    period: Span,
    people: Iterable[Person],
    records: Mapping[str, Record],
    history: Mapping[str, tuple[Past, ...]] | None = None,
) -> PlanFacts:
    """In order of id, so that the same records make the same facts. A unit that is not assessed itself is left out.

    `history`: the standing of earlier periods, oldest first, for runs and ladders.
    """
    listed = sorted(people, key=lambda person: person.id)
    known = {person.id: person.name for person in listed}
    ended = mergers(listed, period) if binding.people.merged is not Merged.SEPARATE else {}
    subjects = []
    for person in listed:
        record = replace(records.get(person.id, Record()).once(), person=person)
        figures = {figure: source.figure(record, period) for figure, source in binding.sources.items()}
        shares = shares_of(binding, person, period, known)
        parent = max(shares, key=lambda unit: (shares[unit], unit), default=None)
        if not shares and person.parent in known and not person.stints:
            parent = person.parent
        said = about(binding, person, period)
        if (successor := ended.get(person.id, person.id)) != person.id:
            said = without_rank(said, known[successor])
        subjects.append(
            PlanSubject(
                person.id, person.name, figures, said, parent, person.kind,
                shares if len(shares) > 1 else {}, record.corrected,
            )
        )  # fmt: skip
    about_all = {subject.id: subject.about for subject in subjects}
    context = Context(period, str(period.end.year), about_all, {}, {}, history or {})
    return PlanFacts(context, tuple(subjects))


def shares_of(binding: Binding, person: Person, period: Span, known: Iterable[str]) -> dict[str, Fraction]:
    """Unit → the part of the period that the officer counts there. What belongs to units that are not assessed is left out."""
    days = binding.people.shares(person.stints, period)
    whole = sum(days.values())
    return {unit: Fraction(count, whole) for unit, count in days.items() if unit in known}


def about(binding: Binding, person: Person, period: Span) -> Subject:
    """Groups, who answers for it, dates of service, and what follows from decisions that hold in the period."""
    since = person.since or min((s.since for s in person.stints), default=None)
    ends = [s.until for s in person.stints]
    last = None if not ends or None in ends else max(end for end in ends if end is not None)
    found = Subject(
        groups=person.groups,
        persons=tuple(Service(who, stint.since, stint.until) for who, stint in person.heads),
        service=None if since is None else Service(person.id, since, person.until or last),
    )
    for circumstance in sorted(person.circumstances, key=lambda c: (c.since, c.name, c.document)):
        effect = binding.circumstances.get(circumstance.name)
        if effect is not None and circumstance.touches(period):
            found = effect.on(found, circumstance)
    return found
