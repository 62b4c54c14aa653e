"""What the ledger must hold, from nothing but the players' own journal, the published rules and the published plans."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import rules
from cli.rehearsal.issuing import Issued
from cli.rehearsal.journal import Journal, Submitted
from rules.binding import Person, Record, Work, assemble, parse_binding, postings
from rules.calendars.spans import Span
from rules.plan import evaluate

MILLI = Decimal("0.001")


def expected_points(issued: list[Issued], journal: Journal) -> dict[tuple[str, str], int]:
    """(officer, indicator, or node of a plan) → thousandths of a point."""
    found: dict[tuple[str, str], int] = {}
    for scheme in issued:
        items = [item for item in journal.submissions.values() if item.indicator_id in scheme.indicators]
        found |= _by_rules(scheme, items) if scheme.plan is None else _by_plan(scheme, scheme.plan, items)
    return found


def _by_rules(scheme: Issued, items: Iterable[Submitted]) -> dict[tuple[str, str], int]:
    goals = _goals(scheme)
    facts: dict[tuple[str, str], list[Submitted]] = defaultdict(list)
    for item in items:
        facts[item.subject_id, item.indicator_id].append(item)
    points = {}
    for (officer, indicator), found in facts.items():
        counted = [item for item in found if item.accepted]
        if not counted:
            points[officer, indicator] = 0
            continue
        rule = rules.parse(scheme.indicators[indicator]["rule"])
        events = tuple(
            rules.Event(
                id=item.id,
                quantity=item.accepted or Decimal(0),
                occurred_on=date.fromisoformat(item.event_date),
                kind=None,
                level=None,
            )
            for item in counted
        )
        facts_of = rules.Facts(target=goals[officer, indicator], baseline=None, events=events)
        result = rules.evaluate(rule, facts_of)
        thousandths = ((result.points or Decimal(0)) / MILLI).to_integral_value(ROUND_HALF_UP)
        points[officer, indicator] = int(thousandths)
    return points


def _by_plan(
    scheme: Issued, plan: Mapping[str, object], items: Iterable[Submitted]
) -> dict[tuple[str, str], int]:
    binding = parse_binding(plan)
    codes = {key: str(indicator["code"]) for key, indicator in scheme.indicators.items()}
    goals: dict[str, dict[str, Fraction]] = defaultdict(dict)
    work: dict[str, dict[str, tuple[Work, ...]]] = defaultdict(dict)
    for (officer, indicator), quantity in _goals(scheme).items():
        goals[officer][codes[indicator]] = Fraction(quantity)
    for item in items:
        if item.accepted:
            one = Work(item.id, Fraction(item.accepted), date.fromisoformat(item.event_date))
            known = work[item.subject_id]
            known[codes[item.indicator_id]] = (*known.get(codes[item.indicator_id], ()), one)
    period = Span(
        scheme.period["code"],
        date.fromisoformat(scheme.period["starts_on"]),
        date.fromisoformat(scheme.period["ends_on"]),
    )
    people = [Person(officer, "", "officer", None, {}) for officer in {*goals, *work}]
    records = {person.id: Record(goals[person.id], work[person.id]) for person in people}
    evaluation = evaluate(binding.plan, assemble(binding, period, people, records))
    return {
        (person.id, posting.node): posting.milli
        for person in people
        for posting in postings(binding, evaluation, person.id)
    }


def _goals(scheme: Issued) -> dict[tuple[str, str], Decimal]:
    return {
        (officer, target["indicator_id"]): Decimal(target["quantity"])
        for officer, targets in scheme.by_officer.items()
        for target in targets
    }
