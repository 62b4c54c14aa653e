"""Plans bound to what the platform records: which figure comes from where, and what is posted."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import RuleError, State
from rules.binding import Absence, Award, Binding, Person, Record, Work, assemble, parse_binding, postings
from rules.calendars.spans import Span
from rules.plan import evaluate
from rules.plan.facts import Deed
from tests.services.scoring.planned import binding as example

MONTH = Span("2026-11", date(2026, 11, 1), date(2026, 11, 30))
DAY = date(2026, 11, 10)


def _people(*names: str) -> list[Person]:
    return [Person(name, name, "officer", None, {}) for name in names]


def _figures(binding: Binding, record: Record) -> dict[str, Any]:
    [subject] = assemble(binding, MONTH, _people("an"), {"an": record}).subjects
    return dict(subject.figures)


def _bound(sources: dict[str, Any]) -> Binding:
    """A plan that takes every figure named."""
    nodes = {f"n{n}": {"type": "take", "of": figure, "missing": "0"} for n, figure in enumerate(sources)}
    nodes["total"] = {"type": "combine", "method": "sum", "parts": [{"of": node} for node in nodes]}
    plan = {"format": "kaohe/plan/1", "name": "x", "nodes": nodes, "total": "total"}
    return parse_binding({"plan": plan, "sources": sources, "rest": "mod_business"})


def test_a_figure_is_what_its_source_says():
    bound = _bound(
        {
            "sum": {"indicator": "A1"},
            "count": {"indicator": "A1", "how": "count"},
            "goal": {"indicator": "A1", "how": "target"},
            "poll": {"reading": "poll"},
        }
    )
    work = (Work("1", Fraction(2), DAY), Work("2", Fraction(5, 2), DAY))
    found = _figures(bound, Record({"A1": Fraction(10)}, {"A1": work}, {"poll": Fraction(9)}))
    assert found == {"sum": Fraction(9, 2), "count": Fraction(2), "goal": Fraction(10), "poll": Fraction(9)}


def test_missing_is_not_zero():
    bound = _bound(
        {
            "asked": {"indicator": "A1"},
            "spared": {"indicator": "A2"},
            "goal": {"indicator": "A2", "how": "target"},
            "poll": {"reading": "poll"},
        }
    )
    assert _figures(bound, Record({"A1": Fraction(10)})) == {
        "asked": State.NOT_SUBMITTED,
        "spared": State.NOT_APPLICABLE,
        "goal": State.NOT_APPLICABLE,
        "poll": State.NOT_ASSESSED,
    }


def test_what_was_done_before_the_period_is_an_event_and_no_quantity():
    bound = _bound({"sum": {"indicator": "A1"}, "each": {"indicator": "A1", "how": "events"}})
    old = Work("1", Fraction(2), date(2026, 10, 31))
    found = _figures(bound, Record({"A1": Fraction(10)}, {"A1": (old,)}))
    assert found["sum"] is State.NOT_SUBMITTED
    assert [deed.id for deed in found["each"]] == ["1"]


def test_awards_are_events_of_their_category_or_of_the_kind_that_the_plan_says():
    bound = _bound({"own": {"awards": "bonus"}, "same": {"awards": "penalty", "event": "fault"}})
    honour, blame = Deed("1", "honour", DAY), Deed("2", "blame", DAY)
    found = _figures(bound, Record(awards=(Award("bonus", honour), Award("penalty", blame))))
    assert [deed.kind for deed in found["own"]] == ["honour"]
    assert [(deed.id, deed.kind) for deed in found["same"]] == [("2", "fault")]


def test_attendance_is_faults_as_events_and_protected_leave_as_days():
    bound = _bound({"faults": {"attendance": "faults"}, "away": {"attendance": "leave_days"}})
    records = (
        Absence("1", "late", DAY, Fraction(1)),
        Absence("2", "sick_leave", DAY, Fraction(1, 2)),
        Absence("3", "maternity_leave", DAY, Fraction(1)),
        Absence("4", "maternity_leave", date(2026, 10, 31), Fraction(1)),
    )
    found = _figures(bound, Record(attendance=records))
    assert [deed.kind for deed in found["faults"]] == ["late"]
    assert found["away"] == Fraction(3, 2)


def test_what_the_period_before_left_or_what_counts_without_one():
    bound = _bound({"left": {"previous": "total", "otherwise": "0"}, "last": {"previous": "total"}})
    assert _figures(bound, Record()) == {"left": Fraction(0), "last": State.NOT_APPLICABLE}
    assert _figures(bound, Record(carried={"total": Fraction(3, 2)}))["last"] == Fraction(3, 2)
    assert bound.carried == {"total"}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({"awards": "bonus", "reading": "x"}, "source-unclear"),
        ({"awards": "gift"}, "not-an-option"),
        ({"attendance": "absences"}, "not-an-option"),
        ({"previous": "nowhere"}, "node-unknown"),
        ({"previous": "total", "otherwise": "much"}, "not-a-number"),
    ],
)
def test_a_source_that_is_none_is_refused(source: dict[str, Any], code: str):
    with pytest.raises(RuleError) as refused:
        _bound({"x": source})
    assert code in {finding.code for finding in refused.value.findings}


def test_a_node_knows_the_one_indicator_behind_it():
    bound = parse_binding(example())
    assert [bound.indicator_of(node) for node in ("done", "deeds", "work")] == ["A2", "A1", None]


def test_only_a_plan_that_compares_looks_at_others():
    alone = example()
    alone["plan"]["nodes"]["place"] = {"type": "take", "of": "work", "missing": "0"}
    assert parse_binding(example()).looks_at_others
    assert not parse_binding(alone).looks_at_others


quantity = st.fractions(min_value=0, max_value=30, max_denominator=40)


@given(
    st.dictionaries(st.sampled_from(["an", "bo", "chen", "ding"]), st.tuples(quantity, quantity), min_size=1)
)
def test_what_is_posted_adds_up_to_the_total_to_the_thousandth(amounts: dict[str, tuple[Fraction, Fraction]]):
    bound = parse_binding(example())
    records = {
        name: Record({"A2": Fraction(10)}, {"A2": (Work("1", cases, DAY),), "A1": (Work("2", deeds, DAY),)})
        for name, (cases, deeds) in amounts.items()
    }
    evaluation = evaluate(bound.plan, assemble(bound, MONTH, _people(*amounts), records))
    for name in amounts:
        total = evaluation.value(name)
        assert total is not None
        assert sum(posting.milli for posting in postings(bound, evaluation, name)) == total * 1000


def test_the_order_of_people_makes_no_difference():
    bound = parse_binding(example())
    records = {name: Record({"A2": Fraction(10)}) for name in ("an", "bo")}
    one = assemble(bound, MONTH, _people("an", "bo"), records)
    assert one == assemble(bound, MONTH, _people("bo", "an"), records)
