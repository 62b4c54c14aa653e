from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rules
from tests.rules.cases import codes

_text = st.decimals("-999", "999", places=3).map(str)
_above_zero = st.decimals("0.001", "999", places=3).map(str)
_leaves = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("ratio"), "full": _text}, optional={"decimals": st.integers(0, 6)}
    ),
    st.fixed_dictionaries({"type": st.just("events"), "each": _text}, optional={"cap": _above_zero}),
    st.fixed_dictionaries(
        {"type": st.just("step"), "step": _above_zero, "above": _above_zero},
        optional={
            "base": _text,
            "mode": st.sampled_from(["whole", "started", "proportional"]),
            "threshold": _text,
        },
    ),
    st.fixed_dictionaries({"type": st.just("all_or_nothing"), "full": _text}, optional={"threshold": _text}),
)
_rules = st.recursive(
    _leaves,
    lambda inner: st.fixed_dictionaries(
        {
            "type": st.just("combine"),
            "method": st.sampled_from(["sum", "mean", "min", "max"]),
            "parts": st.lists(st.fixed_dictionaries({"rule": inner}), min_size=1, max_size=3),
        }
    ),
    max_leaves=6,
)
_odd = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        10**30,
        0.5,
        float("nan"),
        "",
        "1",
        "target",
        "x",
        "\x00",
        "\ud800",
        "级",
        [],
        {},
        [[]],
    ]
)
_json = (
    _odd
    | st.lists(_odd, max_size=3)
    | st.dictionaries(st.sampled_from(["", "x", "\ud800"]), _odd, max_size=2)
)
_KEYS = (
    "full",
    "cap",
    "floor",
    "threshold",
    "bands",
    "parts",
    "method",
    "levels",
    "step",
    "above",
    "decimals",
    "op",
)


@given(_rules)
def test_what_is_written_reads_back_the_same(data: dict[str, Any]):
    rule = rules.parse(data)
    assert rules.parse(rules.to_data(rule)) == rule


@given(
    st.sampled_from(["ratio", "step", "band", "all_or_nothing", "events", "combine"]),
    st.dictionaries(st.sampled_from(_KEYS), _json, max_size=5),
)
def test_whatever_stands_in_a_rule_it_is_read_or_refused(kind: str, rest: dict[str, Any]):
    for finding_place, code in codes({"type": kind, **rest}).items():
        assert (finding_place + code).encode()


def test_all_errors_are_found_at_once_with_their_places():
    part = {"weight": "0.5", "rule": {"type": "ratio", "full": "x", "colour": "red"}}
    found = codes({"type": "combine", "method": "weighted_sum", "parts": [part]})
    assert found == {
        "parts.0.rule.full": "not-a-number",
        "parts.0.rule.colour": "unknown",
        "parts": "weights-not-one",
    }


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "1E+400", "", " 1", True, 0.5, [], {}, "9" * 40, 10**500]
)
def test_only_finite_decimals_of_a_sane_length_are_numbers(number: Any):
    assert codes({"type": "ratio", "full": number}) == {"full": "not-a-number"}


@pytest.mark.parametrize(
    "kind", [{"type": "all_or_nothing", "full": "1"}, {"type": "step", "step": "1", "above": "1"}]
)
@pytest.mark.parametrize("threshold", [[], {}, "goal"])
def test_a_threshold_is_the_target_or_a_number(kind: dict[str, Any], threshold: Any):
    assert codes(kind | {"threshold": threshold}) == {"threshold": "not-a-number"}


@pytest.mark.parametrize("name", ["", "\x00", "\ud800", "级" * 61])
def test_names_of_levels_are_visible_characters(name: str):
    assert codes({"type": "events", "each": "1", "levels": {name: "1"}}) == {"levels": "name-invalid"}


def test_a_weight_where_nothing_is_weighted_is_refused():
    parts = [{"weight": "0.5", "rule": {"type": "events", "each": "1"}}]
    assert codes({"type": "combine", "method": "sum", "parts": parts}) == {"parts.0.weight": "unknown"}


def test_weights_add_up_to_exactly_one():
    parts = [{"weight": w, "rule": {"type": "events", "each": "1"}} for w in ("0.333", "0.333", "0.333")]
    assert codes({"type": "combine", "method": "weighted_sum", "parts": parts}) == {
        "parts": "weights-not-one"
    }


def test_values_that_no_band_covers_are_found():
    assert codes({"type": "band", "bands": [{"op": ">=", "bound": "60", "points": "1"}]}) == {
        "otherwise": "band-uncovered"
    }


def test_a_band_behind_one_that_covers_it_is_found():
    bands = [{"op": ">=", "bound": b, "points": "1"} for b in ("60", "80")]
    assert codes({"type": "band", "bands": bands, "otherwise": "0"}) == {"bands.1": "band-doubly-covered"}


def test_nesting_has_an_end():
    rule: dict[str, Any] = {"type": "events", "each": "1"}
    for _ in range(20):
        rule = {"type": "combine", "method": "sum", "parts": [{"rule": rule}]}
    assert "too-deep" in codes(rule).values()


@pytest.mark.parametrize("data", [None, [], "ratio", 3, {"type": ["ratio"]}, {}])
def test_what_is_no_rule_is_refused(data: Any):
    assert codes(data)
