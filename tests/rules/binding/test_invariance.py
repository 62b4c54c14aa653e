"""What must not matter: what somebody is called, in which year it is, and whether something is told twice."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rules
from rules.binding import (
    Absence,
    Award,
    Binding,
    People,
    Person,
    Record,
    Stint,
    Work,
    assemble,
    parse_binding,
)
from rules.binding.filling import settle
from rules.binding.postings import Away, Counted
from rules.calendars.spans import Span
from rules.plan import Evaluation, evaluate
from rules.plan.facts import Deed
from tests.rules.binding.people import NOVEMBER

#: Four years of days: every month is as long as it was, and every day of the week where it was.
FOUR_YEARS = timedelta(days=1461)
_DAY = st.dates(date(2026, 10, 1), date(2026, 12, 31))
_UNITS = ("A", "B", "C")


def _bound() -> Binding:
    """Cases by completion, each honour, lateness, months of service, and the mean of the members for their unit."""
    nodes = {
        "cases": {"type": "ratio", "actual": "done", "target": "goal", "full": "50"},
        "honours": {"type": "deeds", "events": "awards", "kinds": {"honour": {"each": "2"}}, "valid_days": 40},
        "late": {"type": "deeds", "events": "faults", "kinds": {"late": {"sequence": [{"marks": "-1"}, {"marks": "-3"}]}}},
        "own": {"type": "combine", "parts": ["cases", "honours", "late", "months", "days"], "missing": "zero", "not_applicable": "zero"},
        "team": {"type": "members", "of": "own", "kind": "officer"},
        "total": {"type": "combine", "parts": ["own", "team"], "missing": "zero", "not_applicable": "zero", "decimals": 3},
    }  # fmt: skip
    sources = {
        "done": {"indicator": "A1"}, "goal": {"indicator": "A1", "how": "target"}, "awards": {"awards": "bonus"},
        "faults": {"attendance": "faults"}, "months": {"person": "service_months"}, "days": {"person": "days"},
    }  # fmt: skip
    plan = {"format": "kaohe/plan/1", "name": "x", "nodes": nodes, "total": "total"}
    people = {"counted": "split", "merged": "by_months"}
    return parse_binding({"plan": plan, "sources": sources, "rest": "m", "people": people})


BOUND = _bound()


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[list[Person], dict[str, Record]]:
    """Three units, of which one may be merged into another, and officers who move between them, with what they did."""
    merged = draw(st.none() | _DAY)
    units = [Person(name, name, "unit", None, {}, since=date(2020, 1, 1)) for name in _UNITS]
    if merged is not None:
        units[2] = replace(units[2], until=merged, merged_into="A")
    people, records = list(units), {}
    for name in ("an", "bo"):
        moves = sorted(draw(st.sets(_DAY, min_size=1, max_size=3)))
        ends = [move - timedelta(days=1) for move in moves[1:]] + [None]
        stints = tuple(
            Stint(draw(st.sampled_from(_UNITS)), "regular", "民警", Fraction(1), True, since, until)
            for since, until in zip(moves, ends, strict=True)
        )
        people.append(Person(name, name, "officer", None, {}, stints))
        days = draw(st.lists(_DAY, min_size=1, max_size=4))
        records[name] = Record(
            {"A1": Fraction(10)},
            {"A1": tuple(Work(f"w{n}", Fraction(n + 1), day) for n, day in enumerate(days))},
            awards=tuple(Award("bonus", Deed(f"d{n}", "honour", day)) for n, day in enumerate(days)),
            attendance=tuple(Absence(f"x{n}", "late", day, Fraction(1)) for n, day in enumerate(days)),
        )
    return people, records


def _amounts(period: Span, people: list[Person], records: dict[str, Record]) -> dict[str, Any]:
    """Every node of everybody, and the total that is ranked with the rank."""
    evaluation: Evaluation = evaluate(BOUND.plan, assemble(BOUND, period, people, records))
    settled = settle(BOUND, evaluation, people)
    return {
        person.id: (
            [evaluation.amount(person.id, node) for node in BOUND.plan.order],
            settled.outcomes[person.id].total.value, settled.outcomes[person.id].rank("overall"),
        )
        for person in people
    }  # fmt: skip


@given(_worlds())
def test_what_somebody_is_called_does_not_matter(world: tuple[list[Person], dict[str, Record]]):
    people, records = world
    new = {"A": "z1", "B": "y2", "C": "x3", "an": "m4", "bo": "a5"}
    renamed = [
        replace(
            person, id=new[person.id], name=new[person.id], merged_into=new[person.merged_into] if person.merged_into else None,
            stints=tuple(replace(stint, unit=new[stint.unit]) for stint in person.stints),
        )
        for person in people
    ]  # fmt: skip
    found = _amounts(NOVEMBER, renamed, {new[name]: record for name, record in records.items()})
    assert found == {new[name]: amounts for name, amounts in _amounts(NOVEMBER, people, records).items()}


@given(_worlds())
def test_in_which_year_it_is_does_not_matter(world: tuple[list[Person], dict[str, Record]]):
    people, records = world
    moved = [
        replace(
            person, since=_later(person.since), until=_later(person.until),
            stints=tuple(replace(s, since=s.since + FOUR_YEARS, until=_later(s.until)) for s in person.stints),
        )
        for person in people
    ]  # fmt: skip
    then = {
        name: replace(
            record,
            work={code: tuple(replace(w, day=w.day + FOUR_YEARS) for w in work) for code, work in record.work.items()},
            awards=tuple(replace(a, deed=replace(a.deed, on=_later(a.deed.on))) for a in record.awards),
            attendance=tuple(replace(a, day=a.day + FOUR_YEARS) for a in record.attendance),
        )
        for name, record in records.items()
    }  # fmt: skip
    period = Span("x", NOVEMBER.start + FOUR_YEARS, NOVEMBER.end + FOUR_YEARS)
    assert _amounts(period, moved, then) == _amounts(NOVEMBER, people, records)


@given(_worlds())
def test_what_is_told_twice_counts_once(world: tuple[list[Person], dict[str, Record]]):
    people, records = world
    twice = {
        name: replace(
            record, work={code: work + work for code, work in record.work.items()},
            awards=record.awards * 2, attendance=record.attendance * 2,
        )
        for name, record in records.items()
    }  # fmt: skip
    assert _amounts(NOVEMBER, people, twice) == _amounts(NOVEMBER, people, records)


def test_two_pieces_of_work_that_are_alike_are_two():
    work = (Work("1", Fraction(2), date(2026, 11, 1)), Work("2", Fraction(2), date(2026, 11, 1)))
    assert Record(work={"A1": work + work}).once().work == {"A1": work}


def _later(day: date | None) -> date | None:
    return None if day is None else day + FOUR_YEARS


@given(st.sets(_DAY, min_size=1, max_size=5), st.sampled_from(Counted), st.integers(-20_000, 20_000))
def test_where_somebody_counts_does_not_depend_on_the_date(days: set[date], counted: Counted, shift: int):
    by = timedelta(days=shift)
    moves = sorted(days)
    stints = [Stint(_UNITS[n % 3], "loan" if n == 3 else "regular", "x", Fraction(1), n != 3, day, day + timedelta(days=9)) for n, day in enumerate(moves)]  # fmt: skip
    shifted = [replace(s, since=s.since + by, until=(s.until or s.since) + by) for s in stints]
    rule = People(counted, {"loan": Away.SPLIT})
    period = Span("x", NOVEMBER.start + by, NOVEMBER.end + by)
    found = rule.shares(stints, NOVEMBER)
    assert rule.shares(shifted, period) == found
    held = {NOVEMBER.start + timedelta(days=n) for n in range(30) if any(s.on(NOVEMBER.start + timedelta(days=n)) for s in stints)}  # fmt: skip
    assert sum(found.values()) <= len(held)


_RULES = [
    {"type": "ratio", "full": "10"},
    {"type": "step", "base": "10", "threshold": "5", "step": "2", "above": "1", "below": "-1"},
    {"type": "band", "bands": [{"op": ">=", "bound": "5", "points": "3"}], "otherwise": "0"},
    {"type": "all_or_nothing", "full": "4", "threshold": "5"},
    {"type": "events", "each": "0.5", "cap": "3", "item_cap": "2"},
    {"type": "combine", "method": "sum", "parts": [{"rule": {"type": "events", "each": "1"}}, {"rule": {"type": "ratio", "full": "2"}}]},
]  # fmt: skip


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule["type"])
@given(
    quantities=st.lists(st.decimals(0, 9, places=1), max_size=5),
    shift=st.integers(-20_000, 20_000),
    data=st.data(),
)
def test_a_rule_of_an_indicator_looks_at_no_name_no_date_and_nothing_twice(rule, quantities, shift, data):
    events = tuple(
        rules.Event(str(n), quantity, date(2026, 11, 1 + n)) for n, quantity in enumerate(quantities)
    )
    read, wanted = rules.parse(rule), None
    for told in (
        events,
        events + events,
        tuple(data.draw(st.permutations(events))),
        tuple(
            rules.Event(f"other {e.id}", e.quantity, e.occurred_on + timedelta(days=shift)) for e in events
        ),
    ):
        found = rules.points(read, rules.Facts(Decimal(10), None, told))
        wanted = found if wanted is None else wanted
        assert found == wanted == rules.points(read, rules.Facts(Decimal(10), None, told))
