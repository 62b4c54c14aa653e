from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.standing.grading import GradeState
from rules.standing.quotas import Quota
from rules.standing.subjects import Bound, NoGrade, Placed, Subject, Ungraded
from tests.rules.standing.published import Settings, codes, context, read, totals

_GRADES = {
    "grades": [{"name": "excellent", "op": ">=", "bound": "90"}, {"name": "good", "op": ">=", "bound": "80"}],
    "otherwise": "rest",
}


def settle(values, within=None, quotas=None, **quota):
    data = {"grades": _GRADES, "quotas": quotas or [{"grade": "excellent", **quota}]}
    return read(Settings, data).settle(totals(values), within or context())


def excellent(settled):
    return [name for name, outcome in settled.outcomes.items() if outcome.grade == "excellent"]


def test_twenty_percent_of_thirty_seven_is_seven_and_who_moves_down_is_told_why():
    settled = settle({f"p{n:02}": 99 - Fraction(n, 10) for n in range(37)}, share="0.2")
    (allotment,) = settled.allotments
    assert (allotment.exact, allotment.places, allotment.kept) == (
        Fraction("7.4"),
        7,
        tuple(f"p0{n}" for n in range(7)),
    )
    assert len(allotment.moved) == 30
    assert (
        settled.outcomes["p07"].graded.lines[-1].zh
        == "excellent名额:37 × 20% = 7.4,只舍不入,7 个,超出名额:good"
    )


@pytest.mark.parametrize(("rounding", "wanted"), [("floor", 7), ("half_up", 8), ("ceil", 8)])
def test_the_rounding_is_a_setting(rounding, wanted):
    assert read(Quota, {"grade": "g", "share": "0.2", "rounding": rounding}).places(38) == wanted


def test_a_fifth_of_four_is_nobody_unless_a_minimum_is_set():
    assert read(Quota, {"grade": "g", "share": "0.2"}).places(4) == 0
    least = read(Quota, {"grade": "g", "share": "0.2", "minimum": 1})
    assert (least.places(4), "至少 1" in least.arithmetic(4).zh) == (1, True)


_TIED = {"a": 95, "b": 93, "c": 93, "d": 91, "e": 85}


@pytest.mark.parametrize(
    ("at_tie", "wanted"),
    [("exclude_all", ["a"]), ("include_all", ["a", "b", "c"]), ("needs_decision", ["a"])],
)
def test_a_tie_at_the_border_goes_as_set(at_tie, wanted):
    assert excellent(settle(_TIED, share="0.4", at_tie=at_tie)) == wanted


def test_where_a_decision_is_needed_nothing_is_decided_for_those_tied():
    settled = settle(_TIED, number=2)
    assert {settled.outcomes[name].graded.state for name in "bc"} == {GradeState.UNDECIDED}
    assert settled.outcomes["d"].grade == "good"
    assert {finding.code for finding in settled.findings} == {"quota-tie"}


def test_more_than_the_quota_by_a_tie_is_a_finding():
    assert [f.code for f in settle(_TIED, number=2, at_tie="include_all").findings] == [
        "quota-exceeded-by-tie"
    ]


def test_the_tie_breaks_of_the_ranking_come_first():
    data = {
        "ranking": {"tie_breaks": [{"figure": "cases"}]},
        "grades": _GRADES,
        "quotas": [{"grade": "excellent", "number": 2}],
    }
    settled = read(Settings, data).settle(totals(_TIED, b={"cases": 1}, c={"cases": 2}), context())
    assert excellent(settled) == ["a", "c"]


def test_a_quota_has_tie_breaks_of_its_own_that_leave_the_ranks_alone():
    quota = {"grade": "excellent", "number": 2, "tie_breaks": [{"figure": "cases"}]}
    setting = read(Settings, {"grades": _GRADES, "quotas": [quota]})
    settled = setting.settle(totals(_TIED, b={"cases": 1}, c={"cases": 2}), context())
    assert excellent(settled) == ["a", "c"]
    assert settled.outcomes["b"].rank("overall") == settled.outcomes["c"].rank("overall") == 2
    assert "同分先按“cases”高者在前" in setting.describe("zh")[2]


def test_who_has_no_group_is_limited_by_no_quota_and_that_is_a_finding():
    within = context({"a": Subject(groups={"unit": "u"})})
    settled = settle({"a": 95, "b": 94, "c": 50}, within, number=0, scope="unit")
    assert excellent(settled) == ["b"]
    assert [(f.place, f.code) for f in settled.findings] == [("b", "quota-without-group")]


def test_a_quota_inside_groups_and_small_groups_pooled():
    values = {
        "a1": 99,
        "a2": 98,
        "a3": 97,
        "a4": 96,
        "a5": 95,
        "b1": 94,
        "b2": 93,
        "c1": 92,
        "c2": 91,
        "c3": 90,
    }
    within = context({name: Subject(groups={"unit": name[0]}) for name in values})
    apart = settle(values, within, share="0.2", scope="unit")
    assert ([found.places for found in apart.allotments], excellent(apart)) == ([1, 0, 0], ["a1"])
    pooled = settle(values, within, share="0.2", scope="unit", pool={"below": 5})
    assert [found.groups for found in pooled.allotments] == [("a",), ("b", "c")]
    assert excellent(pooled) == ["a1", "b1"]


def test_the_base_is_all_or_those_graded_or_those_with_at_least_a_grade():
    values = {f"p{n}": 99 - n for n in range(9)} | {"q": 10}
    within = context({"p8": Subject(ungraded=Ungraded(NoGrade.COMMENT_ONLY, "试用"))})
    bases = [
        settle(values, within, share="0.2", base=base, **more).allotments[0].base
        for base, more in (("all", {}), ("eligible", {}), ("at_least", {"least": "good"}))
    ]
    assert bases == [10, 9, 8]


def test_directly_placed_keep_the_grade_and_take_a_place_or_not():
    placed = context({"e": Subject(placed=Placed("excellent", "全市第一"))})
    assert excellent(settle(_TIED, placed, number=2, at_tie="exclude_all")) == ["a", "e"]
    assert excellent(settle(_TIED, placed, number=1, placed="outside")) == ["a", "e"]
    over = settle(_TIED, placed, number=0)
    assert (excellent(over), [f.code for f in over.findings]) == (["e"], ["quota-over-by-placement"])


def test_a_bound_from_below_is_not_broken_by_a_quota():
    below = context({"d": Subject(bounds=(Bound("not_below", "excellent", "立功"),))})
    assert excellent(settle(_TIED, below, number=1)) == ["d"]


def test_who_moves_down_competes_for_the_next_grade():
    quotas = [{"grade": "good", "number": 1}, {"grade": "excellent", "number": 1}]
    settled = settle({"a": 95, "b": 92, "c": 85}, quotas=quotas)
    assert {name: outcome.grade for name, outcome in settled.outcomes.items()} == {
        "a": "excellent",
        "b": "good",
        "c": "rest",
    }


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(75, 100), max_size=25),
    st.fractions(0, 1, max_denominator=20),
    st.sampled_from(["exclude_all", "needs_decision"]),
)
def test_a_quota_is_never_exceeded(values, share, at_tie):
    settled = settle(values, share=f"{float(share):.3f}", at_tie=at_tie)
    for allotment in settled.allotments:
        assert len(excellent(settled)) <= allotment.places


@pytest.mark.parametrize(
    ("quota", "wanted"),
    [
        ({}, {"quotas.0.share": "share-or-number"}),
        ({"share": "0.2", "number": 2}, {"quotas.0.share": "share-or-number"}),
        ({"share": "20"}, {"quotas.0.share": "too-large"}),
        ({"share": "0.2", "grade": "superb"}, {"quotas.0.grade": "grade-unknown"}),
        ({"share": "0.2", "grade": "rest"}, {"quotas.0": "not-lower"}),
        (
            {"share": "0.2", "pool": {"under": 3}},
            {"quotas.0.pool.below": "missing", "quotas.0.pool.under": "unknown"},
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(quota, wanted):
    assert codes(Settings, {"grades": _GRADES, "quotas": [{"grade": "excellent", **quota}]}) == wanted


def test_the_setting_says_itself_and_comes_back_from_its_data():
    quota = read(Quota, {"grade": "优秀", "share": "0.2", "scope": "单位", "pool": {"below": 5}})
    assert (
        quota.describe("zh")
        == "优秀不超过总数的 20%,只舍不入,按“单位”分别计算,不足 5 个的合并计算,边界同分的报请决定"
    )
    assert read(Quota, quota.to_data()) == quota
