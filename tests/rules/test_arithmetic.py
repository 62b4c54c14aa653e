from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rules
from tests.rules.cases import facts, points, result

quantities = st.lists(st.decimals("0.0001", "9999", places=4), min_size=1, max_size=8)
marks = st.decimals("0.01", "50", places=2)


@given(quantities, marks)
def test_marks_for_each_event_are_exact(found: list[Decimal], each: Decimal):
    value = result(facts(*map(str, found)), type="events", each=str(each)).value
    assert value == sum(map(Fraction, found), Fraction(0)) * Fraction(each)


@given(quantities, st.decimals("1", "9999", places=4), marks)
def test_a_ratio_is_exact_until_it_is_posted(found: list[Decimal], target: Decimal, full: Decimal):
    value = result(
        facts(*map(str, found), target=str(target)), type="ratio", full=str(full), cap="1000000"
    ).value
    assert value == Fraction(full) * min(sum(map(Fraction, found), Fraction(0)) / Fraction(target), 10**6)


@given(quantities.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))), marks)
def test_the_order_of_events_does_not_matter(pair: tuple[list[Decimal], list[Decimal]], each: Decimal):
    rule = {"type": "events", "each": str(each), "item_cap": "20", "cap": "60"}
    one, other = (facts(*map(str, found)) for found in pair)
    assert points(one, **rule) == points(other, **rule)


@given(quantities, st.decimals("0", "100", places=2), st.decimals("0", "100", places=2))
def test_a_higher_cap_never_gives_less(found: list[Decimal], one: Decimal, other: Decimal):
    low, high = sorted((one, other))
    given_facts = facts(*map(str, found))
    capped = [points(given_facts, type="events", each="0.5", cap=str(cap)) for cap in (low, high)]
    assert capped[0] is not None
    assert capped[1] is not None
    assert capped[0] <= capped[1] <= high


@pytest.mark.parametrize(
    ("value", "decimals", "wanted"),
    [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("2.675", 2, "2.68"),
        ("0.0005", 3, "0.001"),
        ("0.00049", 3, "0.000"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: str, decimals: int, wanted: str):
    assert rules.half_up(Fraction(value), decimals) == Decimal(wanted)


def test_a_node_rounds_only_when_it_states_decimals():
    thirds = facts(1, target=3)
    assert result(thirds, type="ratio", full="10").value == Fraction(10, 3)
    assert result(thirds, type="ratio", full="10", decimals=1).value == Fraction(33, 10)


def test_each_rate_of_a_piecewise_rule_holds_for_its_own_part():
    rule = {"type": "step", "step": "1", "unit": "percent_of_target", "above": "1"}
    beyond = {"segments_above": [{"beyond": "10", "marks": "0.5"}]}
    assert points(facts(115, target=100), **rule, **beyond) == Decimal("12.5")


def test_percent_of_target_and_percentage_points_are_different_units():
    rule = {"type": "step", "step": "1", "below": "-1"}
    assert points(facts(90, target=95), **rule, unit="points") == -5
    assert points(facts(190, target=200), **rule, unit="percent_of_target") == -5


def test_lower_is_better_rewards_less_up_to_the_cap():
    rule = {"type": "ratio", "full": "10", "direction": "lower_is_better", "cap": "1.2"}
    assert points(facts(20, target=10), **rule) == 5
    assert points(facts(8, target=10), **rule) == 12
    assert points(facts(0, target=10), **rule) == 12


def test_or_above_includes_the_bound_and_above_excludes_it():
    tables = {op: [{"op": op, "bound": "60", "points": "1"}] for op in (">=", ">", "<=", "<")}
    found = {op: points(facts(60), type="band", bands=bands, otherwise="0") for op, bands in tables.items()}
    assert found == {">=": 1, ">": 0, "<=": 1, "<": 0}


@pytest.mark.parametrize("kind", ["ratio", "all_or_nothing"])
def test_missing_is_not_zero(kind: str):
    found = result(facts(target=10), type=kind, full="10")
    assert (found.state, found.points) == (rules.State.NOT_SUBMITTED, None)


@pytest.mark.parametrize("target", [None, 0])
def test_a_ratio_without_a_target_does_not_apply(target: int | None):
    assert result(facts(5, target=target), type="ratio", full="10").state is rules.State.NOT_APPLICABLE


def test_a_part_that_does_not_apply_is_dropped_or_counts_as_zero_as_the_rule_says():
    parts = [
        {"weight": "0.25", "rule": {"type": "ratio", "full": "10"}},
        {"weight": "0.75", "rule": {"type": "events", "each": "1"}},
    ]
    rule = {"type": "combine", "method": "weighted_sum", "parts": parts}
    assert points(facts(4), **rule) == 4
    assert points(facts(4), **rule, not_applicable="zero") == 3


@pytest.mark.parametrize(("method", "wanted"), [("sum", "6"), ("mean", "3"), ("min", "2"), ("max", "4")])
def test_parts_are_combined_as_the_method_says(method: str, wanted: str):
    parts = [{"rule": {"type": "events", "each": each}} for each in ("2", "4")]
    assert points(facts(1), type="combine", method=method, parts=parts) == Decimal(wanted)


def test_the_category_cap_holds_before_the_total_cap():
    rule = rules.parse({"type": "events", "each": "3", "kind_caps": {"宣传": "5"}, "cap": "10"})
    events = tuple(
        rules.Event(str(n), Decimal(1), "2026-11-01", kind=k) for n, k in enumerate(["宣传"] * 3 + ["破案"])
    )
    assert rules.evaluate(rule, rules.Facts(None, None, events)).points == 8


def test_the_sentence_carries_the_figures_of_the_arithmetic():
    found = result(facts(6), type="events", each="0.5", cap="5")
    assert found.lines[-1].zh == "3.00 = 6件 × 0.5,上限5"
    assert found.lines[-1].value == 3


def test_a_rule_says_itself_in_both_languages():
    rule = rules.parse({"type": "events", "each": "0.5", "cap": "5"})
    assert rules.describe(rule, "zh") == "每件0.5分,上限5分"
    assert rules.describe(rule, "en") == "0.5 points each, at most 5 in all"
