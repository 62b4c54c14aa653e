"""What an appeal adds to a node: whatever reads the node sees it, and the sentence says it."""

from fractions import Fraction
from typing import Any

from rules.facts import State
from rules.plan import Evaluation, evaluate, parse_facts, parse_plan

_PLAN = parse_plan(
    {
        "format": "kaohe/plan/1",
        "name": "办法",
        "nodes": {
            "done": {"type": "take", "of": "cases"},
            "place": {"type": "rank_points", "of": "done", "places": ["3", "2", "1"]},
            "total": {
                "type": "combine",
                "parts": ["done", "place"],
                "missing": "zero",
                "not_applicable": "zero",
            },
        },
        "total": "total",
    }
)


def evaluated(**corrected: Any) -> Evaluation:
    """An has 4 cases, bo has 5, ding said nothing."""
    subjects = [
        {"id": name, "figures": {} if cases is None else {"cases": cases}} | ({"corrected": corrected[name]} if name in corrected else {})
        for name, cases in (("an", "4"), ("bo", "5"), ("ding", None))
    ]  # fmt: skip
    return evaluate(_PLAN, parse_facts({"format": "kaohe/facts/1", "subjects": subjects}))


def totals(found: Evaluation) -> list[Fraction | None]:
    return [found.value(name) for name in ("an", "bo", "ding")]


def test_without_appeals_nothing_is_different():
    assert totals(evaluated()) == [6, 8, 0]


def test_whoever_is_compared_with_the_corrected_value_moves():
    assert totals(evaluated(an={"done": "1.5"})) == [Fraction("8.5"), 7, 0]


def test_an_addition_to_the_total_moves_nobody_else():
    assert totals(evaluated(an={"total": "1.5"})) == [Fraction("7.5"), 8, 0]


def test_where_there_was_no_value_the_addition_is_the_value():
    found = evaluated(ding={"done": "2"})
    assert (found.amount("ding", "done"), evaluated().amount("ding", "done")) == (2, State.NOT_SUBMITTED)
    assert totals(found) == [6, 8, 3]


def test_the_sentence_says_what_was_added():
    said = evaluated(an={"done": "1.5"}).outcome("an", "done").say()
    assert said.zh.endswith(";复议更正 +1.5:5.5")
    assert said.en.endswith("; corrected on appeal by +1.5: 5.5")
    assert "复议" not in evaluated().outcome("an", "done").say().zh


def test_a_node_that_the_plan_no_longer_has_is_left_aside():
    assert totals(evaluated(an={"gone": "9"})) == [6, 8, 0]
