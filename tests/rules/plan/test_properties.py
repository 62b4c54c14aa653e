"""What holds for every plan: order does not matter, caps only limit, states are never mixed with numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import State
from rules.plan import evaluate, parse_facts, parse_plan
from tests.rules.plan.files import facts_of, plan_of
from tests.rules.plan.test_oracles import of
from tests.rules.plan.test_worked import ALL

_STATES = [state for state in State if state is not State.SCORED]
_MARKS = st.decimals(-20, 20, places=1).map(str)


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.title)
def test_the_order_in_which_facts_come_does_not_matter(example):
    plan, data = parse_plan(example.plan), example.facts
    turned = {**data, "subjects": [
        {**subject, "figures": {
            name: list(reversed(figure)) if isinstance(figure, list) else figure
            for name, figure in reversed(subject["figures"].items())
        }}
        for subject in reversed(data["subjects"])
    ]}  # fmt: skip
    one, other = evaluate(plan, parse_facts(data)), evaluate(plan, parse_facts(turned))
    for subject in example.subjects:
        for node in plan.order:
            assert one.amount(subject, node) == other.amount(subject, node)


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.title)
def test_what_a_subject_is_called_does_not_matter(example):
    plan, data = parse_plan(example.plan), example.facts
    new = {subject["id"]: f"z{len(data['subjects']) - n}" for n, subject in enumerate(data["subjects"])}
    told = [
        subject | {"id": new[subject["id"]]}
        | ({"parent": new[subject["parent"]]} if "parent" in subject else {})
        | ({"parents": {new[unit]: days for unit, days in subject["parents"].items()}} if "parents" in subject else {})
        for subject in data["subjects"]
    ]  # fmt: skip
    one, other = evaluate(plan, parse_facts(data)), evaluate(plan, parse_facts({**data, "subjects": told}))
    for subject, name in new.items():
        assert [one.amount(subject, node) for node in plan.order] == [
            other.amount(name, node) for node in plan.order
        ]


@given(
    st.permutations(range(5)), st.lists(st.sampled_from(["2026-01-01", "2026-01-02"]), min_size=5, max_size=5)
)
def test_events_count_by_day_and_identity_whatever_their_order(order, days):
    node = {"type": "deeds", "events": "e", "within_period": False,
            "kinds": {"k": {"sequence": [{"marks": "-1"}, {"marks": "-2"}, {"marks": "-5"}]}}}  # fmt: skip
    events = [{"id": str(n), "kind": "k", "on": day, "share": f"0.{n + 1}"} for n, day in enumerate(days)]
    assert of(node, {"e": events}) == of(node, {"e": [events[n] for n in order]})


@given(st.lists(_MARKS, min_size=1, max_size=5), st.decimals(0, 30, places=1), st.decimals(0, 5, places=1))
def test_a_higher_cap_never_gives_less_and_a_cap_never_gives_more(marks, cap, more):
    def limited(cap):
        return of({"type": "limit", "of": "sum", "cap": str(cap)}, figures, nodes=nodes)[0]

    figures = {f"f{n}": mark for n, mark in enumerate(marks)}
    nodes = {"sum": {"type": "combine", "parts": list(figures)}}
    free = sum((Fraction(mark) for mark in marks), Fraction(0))
    assert limited(cap) <= limited(cap + more) <= max(free, limited(cap))
    assert limited(cap) <= free


@given(st.decimals(0, 200, places=1), st.decimals(0, 10, places=1), st.decimals(0, 10, places=1))
def test_more_than_before_never_gives_less_where_higher_is_better(actual, more, cap):
    node = {"type": "step", "actual": "a", "threshold": "90", "step": "3", "above": "0.5", "below": "-1",
            "cap_plus": str(cap), "cap_minus": "7"}  # fmt: skip
    one, other = of(node, {"a": actual}, {"a": actual + more})
    assert one <= other


@pytest.mark.parametrize("state", _STATES)
@pytest.mark.parametrize(
    "node",
    [
        {"type": "take", "of": "a"},
        {"type": "ratio", "actual": "a", "target": "100", "full": "10"},
        {"type": "step", "actual": "a", "threshold": "1", "step": "1", "above": "1"},
        {
            "type": "band",
            "actual": "a",
            "bands": [{"op": ">=", "bound": "1", "points": "1"}],
            "otherwise": "0",
        },
        {"type": "table", "of": "a", "rows": [{"marks": "1"}]},
        {"type": "all_or_nothing", "actual": "a", "threshold": "1", "full": "1"},
        {"type": "deeds", "events": "a", "kinds": {"k": {"each": "1"}}},
        {"type": "ballot", "votes": "a", "options": {"x": "1"}},
        {"type": "rank_points", "of": "a", "first": "1"},
        {"type": "relative", "of": "a", "to": "best"},
        {"type": "combine", "parts": ["a"]},
        {"type": "normalise", "of": "a", "possible": "3"},
        {"type": "t_score", "of": "a", "decimals": 2},
        {"type": "limit", "of": "a", "cap": "1"},
        {"type": "gate", "of": "a", "effect": "zero", "when": {"mark": "never"}},
        {"type": "periods", "of": "a", "method": "mean"},
        {"type": "coefficient", "of": "a", "held": "h", "table": {"x": "2"}},
    ],
    ids=lambda node: node["type"],
)
def test_a_state_stays_what_it_is_and_is_never_a_number(node, state):
    assert of(node, {"a": {"state": state.value}}) == [state]


@pytest.mark.parametrize("policy", ["refuse", "zero", "drop_rescale", "full_marks", "group_mean"])
@pytest.mark.parametrize("missing", ["refuse", "zero"])
@pytest.mark.parametrize("state", _STATES)
def test_the_state_table_of_a_sum(policy, missing, state):
    nodes = {"x": {"type": "take", "of": "a"}, "y": {"type": "take", "of": "b"}}
    parts = [{"of": "x", "full": "10"}, {"of": "y", "full": "20"}]
    node = {"type": "combine", "parts": parts, "not_applicable": policy, "missing": missing}
    wanted = 4 if missing == "zero" else state
    if state is State.NOT_APPLICABLE:
        wanted = {"refuse": state, "zero": 4, "drop_rescale": 4, "full_marks": 14, "group_mean": 11}[policy]
    found = of(node, {"a": {"state": state.value}, "b": "4"}, {"a": "7", "b": "4"}, nodes=nodes)
    assert found == [wanted, 11]


def test_a_zero_is_a_number_with_its_reason():
    plan = parse_plan(plan_of({"total": {"type": "take", "of": "a", "missing": "0"}}))
    found = evaluate(
        plan, parse_facts(facts_of({"id": "p", "figures": {}}, {"id": "q", "figures": {"a": "0"}}))
    )
    assert (found.amount("p"), found.amount("q")) == (0, 0)
    assert found.outcome("p").say().en != found.outcome("q").say().en
