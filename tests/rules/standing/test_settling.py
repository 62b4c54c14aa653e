from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.findings import Finding
from rules.reading import Reader
from rules.standing.differences import who_moved
from rules.standing.settling import read_standing
from rules.standing.subjects import NoGrade, Placed, Subject, Ungraded
from tests.rules.standing.published import Settings, case, codes, context, month, read, totals

_SETTING = {
    "ranking": {"scopes": ["overall", "series"]},
    "grades": {
        "grades": [
            {"name": "excellent", "op": ">=", "bound": "90"},
            {"name": "good", "op": ">=", "bound": "80"},
        ],
        "otherwise": "rest",
        "vetoes": [{"label": "veto", "when": [{"mark": "accident"}]}],
        "limits": [{"kind": "not_above", "grade": "good", "when": {"mark": "late"}, "reason": "迟报"}],
    },
    "quotas": [{"grade": "excellent", "number": 2}],
    "consequences": [{"type": "once", "when": {"type": "first", "n": 1}, "gives": ["praise"]}],
}
_VALUES = {"a": 95, "b": 93, "c": 91, "d": 85, "e": 70}


def test_bounds_come_before_the_quota_so_that_a_barred_subject_takes_no_place():
    settled = read(Settings, _SETTING).settle(totals(_VALUES), context({"a": Subject(marks={"late": True})}))
    assert {name: found.shown for name, found in settled.outcomes.items()} == {
        "a": "good", "b": "excellent", "c": "excellent", "d": "good", "e": "rest",
    }  # fmt: skip
    assert settled.to("a") == ("praise",)  # a bound on the grade leaves the rank


def test_the_order_is_printed_with_the_result():
    settled = read(Settings, {}).settle(totals(_VALUES), context())
    assert settled.described_order("en") == "rank → grade → bounds → quota → consequences"
    assert settled.described_order("zh") == "名次 → 等次 → 上下限 → 比例名额 → 奖惩"


def test_a_subject_that_is_known_but_has_no_total_is_a_finding():
    settled = read(Settings, {}).settle(totals(_VALUES), context({"z": Subject()}))
    assert [(f.place, f.code) for f in settled.findings] == [("z", "without-total")]


def test_records_carry_what_later_periods_need():
    within = context({"e": Subject(ungraded=Ungraded(NoGrade.HELD, "立案"))})
    found = read(Settings, _SETTING).settle(totals(_VALUES), within).records(within)
    assert (found["b"].positions["overall"].behind, found["b"].grade, found["b"].value) == (
        2,
        "excellent",
        93,
    )
    assert (found["e"].positions, found["e"].grade) == ({}, None)


def test_one_corrected_total_moves_others_and_the_table_says_so():
    setting = read(Settings, _SETTING)
    groups = {name: Subject(groups={"series": "x" if name in "abc" else "y"}) for name in _VALUES}
    before = setting.settle(totals(_VALUES), context(groups))
    after = setting.settle(totals(_VALUES | {"c": 94}), context(groups))
    moved = {row.subject: row for row in who_moved(before, after)}
    assert set(moved) == {"b", "c"}
    assert moved["c"].score == (91, 94)
    assert moved["c"].ranks == {"overall": (3, 2), "series": (3, 2)}
    assert (moved["c"].grade, moved["b"].grade) == (("good", "excellent"), ("excellent", "good"))
    assert (moved["b"].only_by_others, moved["c"].only_by_others) == (True, False)
    assert moved["b"].why[0].en == "rank (overall) 2 → 3; its own total is unchanged, c changed"
    assert moved["b"].why[-1].zh.startswith("等次 excellent → good(excellent名额 2,超出名额")


def test_a_change_in_another_group_is_not_given_as_the_reason():
    groups = {name: Subject(groups={"series": "x" if name in "ab" else "y"}) for name in _VALUES}
    setting = read(Settings, {"ranking": {"scopes": ["series"]}})
    before = setting.settle(totals(_VALUES), context(groups))
    after = setting.settle(totals(_VALUES | {"b": 96, "d": 92}), context(groups))
    whys = {row.subject: row.why[0].zh for row in who_moved(before, after)}
    assert whys["a"] == "名次(series)1 → 2,自身总分未变,因 b 变动"
    assert whys["c"] == "名次(series)1 → 2,自身总分未变,因 d 变动"


def test_who_joins_or_leaves_the_list_is_in_the_table_and_nobody_else_if_nobody_moved():
    setting = read(Settings, {})
    before = setting.settle(totals(_VALUES), context())
    assert who_moved(before, before) == []
    rows = who_moved(before, setting.settle(totals(_VALUES | {"f": 60}), context()))
    assert [(row.subject, row.why[0].en) for row in rows] == [("f", "newly listed")]


def test_a_placed_subject_has_the_ground_in_its_lines():
    settled = read(Settings, _SETTING).settle(
        totals(_VALUES), context({"e": Subject(placed=Placed("excellent", "全市第一"))})
    )
    assert [line.en for line in settled.outcomes["e"].graded.lines] == [
        "70 reaches no threshold: rest",
        "directly excellent (全市第一)",
    ]


def test_case_30_the_two_with_the_same_final_mark_are_tied():
    settled = read(Settings, {}).settle(totals(case("30")["expected"]["shuozhou_final"]), context())
    assert {name: found.rank("overall") for name, found in settled.outcomes.items()} == {
        "c1": 1,
        "c2": 3,
        "c3": 1,
    }


def test_case_27_officers_are_ranked_by_their_weighted_scores():
    expected = case("27")["expected"]
    (ranked,) = read(Settings, {}).settle(totals(expected["weighted"]), context()).lists
    assert [place.subject for place in ranked.places] == expected["ranking"]
    assert ranked.places[0].value == Fraction("118.8")


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
        "x",
        "last",
        "grades",
        "overall",
        "\x00",
        "\ud800",
        "级",
        [],
        {},
        [[]],
        [{}],
        ["x"],
    ]
)
_KEYS = [
    "ranking", "grades", "quotas", "consequences", "scopes", "method", "tie_breaks", "figure", "name", "op", "bound", "to",
    "requires", "mark", "otherwise", "gaps", "vetoes", "label", "when", "limits", "kind", "share", "number", "pool", "below",
    "type", "n", "scope", "from", "bands", "amount", "gives", "periods", "steps", "persons", "by_grade", "\ud800",
]  # fmt: skip
_data = st.recursive(
    _odd,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["ranking", "grades", "quotas", "consequences"]), _data, max_size=4))
def test_any_data_is_read_or_refused_with_findings(data: Any):
    findings: list[Finding] = []
    standing = read_standing(Reader(data, "", findings))
    if not findings:
        assert read_standing(Reader(standing.to_data(), "", findings)) == standing
        assert not findings
        assert standing.describe("zh")
        assert standing.describe("en")


def test_an_earlier_period_that_is_not_earlier_is_refused():
    within = context(period=month(2026, 2))
    again = read(Settings, {}).settle(totals(_VALUES), within).records(within)
    with pytest.raises(ValueError, match="not one after another"):
        context(period=month(2026, 2), history={"a": (again["a"],)})


def test_thresholds_and_ranking_look_the_same_way():
    assert codes(
        Settings,
        {**_SETTING, "ranking": {"direction": "lower_is_better"}, "quotas": None, "consequences": None},
    ) == {"grades": "direction-contradicts"}
