"""Grades that were held and are filled in once an investigation is closed (C5): by reference, without reopening the quota."""

from collections.abc import Iterable
from dataclasses import replace

from rules.binding.binding import Binding
from rules.binding.merging import put_together
from rules.binding.people import Person
from rules.binding.postings import Merged
from rules.calendars.spans import Span
from rules.plan.evaluation import Evaluation
from rules.standing.grading import GradeState, fill, grade
from rules.standing.settlement import Settlement
from rules.standing.subjects import NoGrade


def settle(binding: Binding, evaluation: Evaluation, people: Iterable[Person]) -> Settlement:
    """The standing of the period, with what has been filled in since."""
    people = tuple(people)
    settled, setting = _settled(binding, evaluation, people), binding.plan.standing.grades
    if setting is None:
        return settled
    outcomes, context = dict(settled.outcomes), evaluation.context()
    for person in people:
        outcome, reference = outcomes[person.id], _cleared(binding, person, context.period)
        held = outcome.graded
        if reference is None or held is None or held.state is not GradeState.HELD:
            continue
        free = replace(context.about(person.id), ungraded=None)
        found = grade(
            setting, person.id, outcome.total, replace(context, subjects={person.id: free}, history={})
        )
        if found.grade is not None:
            outcomes[person.id] = replace(outcome, graded=fill(held, found.grade, reference))
    return replace(settled, outcomes=outcomes)


def _settled(binding: Binding, evaluation: Evaluation, people: tuple[Person, ...]) -> Settlement:
    """With the totals of merged units put together, if the plan says so; how is a finding, for whoever reads the bulletin."""
    if binding.people.merged is not Merged.BY_MONTHS:
        return evaluation.settle()
    context = evaluation.context()
    totals, findings = put_together(binding.plan, evaluation.totals(), people, context.period)
    found = binding.plan.standing.settle(totals, context)
    return replace(found, findings=(*found.findings, *findings))


def _cleared(binding: Binding, person: Person, period: Span) -> str | None:
    """The reference, if everything that held the grade of the period has been lifted."""
    holding = [
        circumstance
        for circumstance in person.circumstances
        if circumstance.touches(period)
        and (effect := binding.circumstances.get(circumstance.name)) is not None
        and (effect.kind, effect.value) == ("ungraded", NoGrade.HELD)
    ]
    if not holding or not all(circumstance.lifted for circumstance in holding):
        return None
    return holding[-1].lifted
