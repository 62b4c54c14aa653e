from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import State
from rules.plan import evaluate, parse_facts, parse_plan
from rules.plan.incremental import Live
from tests.rules.plan.test_worked import ALL

_PLAN = parse_plan(
    {
        "format": "kaohe/plan/1",
        "name": "all that looks at others",
        "nodes": {
            "own": {"type": "arithmetic", "op": "multiply", "left": "a", "right": "2"},
            "place": {"type": "rank_points", "of": "own", "scope": "series", "first": "10", "step": "-1"},
            "best": {"type": "relative", "of": "own", "to": "best", "full": "10", "by_zero": "0"},
            "mean": {"type": "relative", "of": "own", "to": "mean", "scope": "series", "by_zero": "0"},
            "group": {"type": "group", "of": "own", "scope": "series", "method": "median"},
            "t": {"type": "t_score", "of": "own", "decimals": 3},
            "even": {"type": "balance", "of": "own", "panel": "series", "across": "mean_of_means"},
            "parts": {"type": "combine", "parts": ["own", "place"], "not_applicable": "group_mean", "scope": "series"},
            "unit": {"type": "members", "of": "place", "method": "weighted", "weight": "w"},
            "head": {"type": "inherit", "of": "unit", "factor": "f"},
            "shut": {"type": "gate", "of": "parts", "effect": "zero", "when": {"mark": "accident"}},
            "all": {"type": "combine", "method": "max", "parts": ["shut", "best", "mean", "t", "group"]},
        },
        "total": "all",
    }
)  # fmt: skip
_NUMBERS = st.one_of(
    st.integers(-3, 3).map(Fraction), st.just(State.NOT_APPLICABLE), st.just(State.NOT_SUBMITTED)
)
_FIGURES = st.fixed_dictionaries({"a": _NUMBERS, "w": st.integers(0, 2).map(Fraction)})
_CORRECTED = st.sampled_from(
    [{}, {"own": Fraction(1)}, {"parts": Fraction(-2), "all": Fraction(1, 2)}, {"gone": Fraction(1)}]
)
_CHANGES = st.lists(st.tuples(st.sampled_from("uvpqrs"), _FIGURES, st.booleans(), _CORRECTED), max_size=6)


def _facts():
    where = {"u": {}, "v": {}} | {name: {"parent": "u" if name < "r" else "v"} for name in "pqrs"}
    subjects = [
        {"id": name, "figures": {"a": str(n), "w": "1", "f": "0.5"}, "groups": {"series": "x" if n % 3 else "y"}, **more}
        for n, (name, more) in enumerate(where.items())
    ]  # fmt: skip
    return parse_facts({"format": "kaohe/facts/1", "subjects": subjects})


def _same(live, plan):
    scratch = evaluate(plan, live.facts)
    assert live.evaluation.board.columns == scratch.board.columns
    return scratch


@given(_CHANGES)
def test_after_any_changes_everything_is_what_it_is_from_scratch(changes):
    live = Live(_PLAN, _facts())
    for name, figures, accident, corrected in changes:
        old = live.evaluation.board.by_id[name].subject
        before = evaluate(_PLAN, live.facts)
        found = live.change(
            replace(
                old, figures={**figures, "f": Fraction(1)}, about=replace(old.about, marks={"accident": accident}),
                corrected=corrected,
            )
        )  # fmt: skip
        after = _same(live, _PLAN)
        moved = {
            (s.id, node): (before.amount(s.id, node), after.amount(s.id, node))
            for s in live.facts.subjects
            for node in _PLAN.order
        }
        assert {(c.subject, c.node): (c.before, c.after) for c in found.changes} == {
            key: pair for key, pair in moved.items() if pair[0] != pair[1]
        }


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.title)
def test_every_node_type_follows_its_facts_one_subject_after_the_other(example):
    plan, wanted = parse_plan(example.plan), parse_facts(example.facts)
    turned = [
        replace(s, figures=o.figures)
        for s, o in zip(wanted.subjects, wanted.subjects[1:] + wanted.subjects[:1], strict=True)
    ]
    live = Live(plan, replace(wanted, subjects=tuple(turned)))
    for subject in wanted.subjects:
        live.change(subject)
        _same(live, plan)


def test_a_change_is_worked_out_where_it_is_read_and_nowhere_else():
    nodes = {f"n{n}": {"type": "take", "of": f"f{n}"} for n in range(50)}
    nodes["sum"] = {"type": "combine", "parts": list(nodes)}
    plan = parse_plan({"format": "kaohe/plan/1", "name": "wide", "nodes": nodes, "total": "sum"})
    figures = {f"f{n}": "1" for n in range(50)}
    facts = parse_facts(
        {"format": "kaohe/facts/1", "subjects": [{"id": f"s{n}", "figures": figures} for n in range(20)]}
    )
    live = Live(plan, facts)
    old = facts.subjects[3]
    found = live.change(replace(old, figures={**old.figures, "f7": Fraction(5)}))
    assert (found.evaluated, [c.subject for c in found.of_total(plan)]) == (2, ["s3"])
    assert live.evaluation.value("s3") == 54
    assert live.change(live.evaluation.board.by_id["s3"].subject).evaluated == 0


def test_a_change_that_comes_to_the_same_stops_there():
    plan = parse_plan(
        {
            "format": "kaohe/plan/1",
            "name": "capped",
            "nodes": {
                "a": {"type": "limit", "of": "f", "cap": "5"},
                "b": {"type": "combine", "parts": ["a"]},
            },
            "total": "b",
        }
    )
    live = Live(
        plan, parse_facts({"format": "kaohe/facts/1", "subjects": [{"id": "s", "figures": {"f": "6"}}]})
    )
    old = live.facts.subjects[0]
    found = live.change(replace(old, figures={"f": Fraction(9)}))
    assert (found.evaluated, found.changes) == (1, ())


def test_a_subject_that_moves_or_is_new_makes_a_new_board():
    live = Live(_PLAN, _facts())
    old = live.evaluation.board.by_id["p"].subject
    found = live.change(replace(old, parent="v"), replace(old, id="z", name="z"))
    _same(live, _PLAN)
    assert {c.before for c in found.changes if c.subject == "z"} == {None}
    assert any(c.subject == "v" and c.node == "unit" for c in found.changes)
