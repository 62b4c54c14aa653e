"""Plans bound to what the platform records: which figure comes from where, and what is posted."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import RuleError, State
from rules.binding import (
    Absence,
    Award,
    Binding,
    Person,
    Record,
    Work,
    assemble,
    parse_binding,
    postings,
    said,
)
from rules.calendars.spans import Span
from rules.plan import evaluate
from rules.plan.facts import Deed
from tests.rules.binding.people import officer, stint, unit
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


quantity = st.builds(Fraction, st.integers(0, 1200), st.sampled_from([40, 77, 120]))


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


def test_whoever_served_in_two_units_belongs_to_the_one_of_more_days_and_in_part_to_the_other():
    bound = parse_binding(example() | {"people": {"counted": "split"}})
    people = [unit("A"), unit("B"), officer("an", stint("A", "2020-01-01", "2026-11-10"), stint("B", "2026-11-11")),
              officer("bo", stint("A", "2020-01-01"))]  # fmt: skip
    found = {subject.id: subject for subject in assemble(bound, MONTH, people, {}).subjects}
    assert (found["an"].parent, found["an"].shares) == ("B", {"A": Fraction(1, 3), "B": Fraction(2, 3)})
    assert (found["bo"].parent, found["bo"].shares) == ("A", {})


def test_service_runs_from_the_first_posting_to_the_last_day_of_any():
    one, other = stint("A", "2020-01-01", "2026-11-15"), stint("B", "2024-01-01", "2026-10-31")
    [subject] = assemble(parse_binding(example()), MONTH, [officer("an", other, one)], {}).subjects
    service = subject.about.service
    assert service is not None
    assert (service.since, service.until) == (date(2020, 1, 1), date(2026, 11, 15))


def _awarded() -> Binding:
    """Bonuses for honours, penalties for faults, and no other events; honours count for thirty days."""
    nodes = {
        "good": {"type": "deeds", "events": "own", "kinds": {"honour": {"each": "1"}}, "valid_days": 30},
        "bad": {"type": "deeds", "events": "same", "kinds": {"fault": {"each": "-1"}}},
        "total": {"type": "combine", "parts": ["good", "bad"]},
    }
    plan = {"format": "kaohe/plan/1", "name": "x", "nodes": nodes, "total": "total"}
    sources = {"own": {"awards": "bonus"}, "same": {"awards": "penalty"}}
    return parse_binding({"plan": plan, "sources": sources, "rest": "mod_business"})


@pytest.mark.parametrize(
    ("kind", "category", "why"),
    [
        ("bonus", "honour", None),
        ("penalty", "fault", None),
        ("bonus", "fault", "类别不明:fault"),
        ("penalty", "honour", "类别不明:honour"),
        ("gift", "honour", "没有节点采用"),
    ],
)
def test_an_award_is_refused_by_a_plan_that_cannot_mark_it(kind: str, category: str, why: str | None):
    refused = _awarded().refuses(kind, Deed("1", category, DAY))
    assert (refused.zh if refused else None) == why


def test_what_a_plan_takes_besides_accepted_work():
    bound = _awarded()
    assert (bound.takes("bonus"), bound.takes("gift"), bound.reach) == (True, False, 30)
    attended = _bound({"faults": {"attendance": "leave_days"}, "poll": {"reading": "poll"}})
    assert [each.takes_attendance for each in (attended, bound)] == [True, False]


def test_lines_are_rounded_half_up_and_the_rest_is_what_they_leave_of_the_total():
    nodes = {"x": {"type": "take", "of": "a"}, "y": {"type": "take", "of": "b"},
             "total": {"type": "combine", "parts": ["x", "y"]}}  # fmt: skip
    plan = {"format": "kaohe/plan/1", "name": "x", "nodes": nodes, "total": "total"}
    sources = {"a": {"reading": "a"}, "b": {"reading": "b"}}
    lines = [{"node": "x", "module": "mod_work"}]
    bound = parse_binding({"plan": plan, "sources": sources, "lines": lines, "rest": "mod_rest"})
    records = {"an": Record(readings={"a": Fraction("1.2345"), "b": Fraction("0.5")})}
    evaluation = evaluate(bound.plan, assemble(bound, MONTH, _people("an", "bo"), records))
    assert [(p.module, p.milli) for p in postings(bound, evaluation, "an")] == [
        ("mod_work", 1235),
        ("mod_rest", 500),
    ]
    assert [(p.module, p.milli) for p in postings(bound, evaluation, "bo")] == [("mod_rest", 0)]
    assert [said(bound, evaluation, "an", node).zh.startswith("合计:") for node in ("x", "total")] == [
        False,
        True,
    ]
    alone = parse_binding({"plan": plan, "sources": sources, "rest": "mod_rest"})
    assert not said(alone, evaluation, "an", "total").zh.startswith("合计:")
