from datetime import date
from fractions import Fraction

import pytest

from rules.standing.grades import Grades
from rules.standing.grading import GradeState, fill, grade
from rules.standing.subjects import Bound, NoGrade, Placed, Subject, Total, Ungraded
from tests.rules.standing.published import case, codes, context, read, totals

_FOUR = {
    "grades": [
        {"name": "excellent", "op": ">=", "bound": "90"},
        {"name": "good", "op": ">=", "bound": "80"},
        {"name": "pass", "op": ">=", "bound": "60"},
    ],
    "otherwise": "fail",
}
_PERSONAL = {"grades": [{"name": name} for name in ("excellent", "competent", "basic", "not competent")]}


def graded(value, subject=None, **more):
    setting = more if "grades" in more else _FOUR | more
    total = totals({"x": value})["x"]
    return grade(read(Grades, setting), "x", total, context({"x": subject or Subject()}))


@pytest.mark.parametrize(
    ("value", "wanted"), [("90", "excellent"), ("89.999", "good"), ("60", "pass"), ("0", "fail")]
)
def test_a_threshold_includes_its_number_when_it_says_so(value, wanted):
    assert graded(value).grade == wanted


def test_above_a_threshold_excludes_its_number():
    grades = [{"name": "excellent", "op": ">", "bound": "90"}]
    assert graded("90", grades=grades, otherwise="rest").grade == "rest"


def test_lower_is_better_looks_down():
    grades = [{"name": "excellent", "op": "<=", "bound": "2.4"}, {"name": "good", "op": "<=", "bound": "3"}]
    assert [graded(v, grades=grades, otherwise="poor").grade for v in ("2.4", "2.41", "3.01")] == [
        "excellent",
        "good",
        "poor",
    ]


_PRINTED = [
    {"name": "excellent", "op": ">=", "bound": "95"},
    {"name": "good", "op": ">=", "bound": "90", "to": "94"},
]


def test_a_gap_between_printed_bands_must_be_decided_before_anybody_is_graded():
    assert codes(Grades, {"grades": _PRINTED, "otherwise": "rest"}) == {"grades.1": "band-gap"}


def test_in_a_gap_the_lower_band_counts_or_nothing_is_decided():
    assert graded("94.6", grades=_PRINTED, otherwise="rest", gaps="lower_band").grade == "good"
    found = graded("94.6", grades=_PRINTED, otherwise="rest", gaps="error")
    assert (found.state, found.findings[0].code) == (GradeState.UNDECIDED, "in-a-gap")
    assert graded("94", grades=_PRINTED, otherwise="rest", gaps="error").grade == "good"


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ({"grades": [*_FOUR["grades"]]}, {"otherwise": "band-uncovered"}),
        ({"grades": [*_FOUR["grades"], {"name": "x", "op": ">=", "bound": "60"}], "otherwise": "f"}, {"grades.3": "band-doubly-covered"}),
        ({"grades": [*_FOUR["grades"], {"name": "x"}], "otherwise": "f"}, {"grades": "thresholds-mixed"}),
        ({**_FOUR, "otherwise": "pass"}, {"grades": "grade-twice"}),
        ({**_FOUR, "vetoes": [{"label": "veto", "when": [{"mark": "m"}], "grade": "?"}]}, {"vetoes.0.grade": "grade-unknown"}),
        ({**_FOUR, "limits": [{"kind": "not_above", "grade": "good", "reason": "r"}]}, {"limits.0.when": "missing"}),
        ({**_FOUR, "pass_line": "80"}, {"pass_line": "unknown"}),
        ({"grades": [{"name": "a", "falls_to": "a"}, {"name": "b"}]}, {"grades.0.falls_to": "not-lower"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(setting, wanted):
    assert codes(Grades, setting) == wanted


def test_a_grade_that_requires_what_is_missing_falls():
    setting = {
        **_FOUR,
        "grades": [
            {**_FOUR["grades"][0], "requires": [{"mark": "drill"}], "falls_to": "pass"},
            *_FOUR["grades"][1:],
        ],
    }
    assert graded("95", Subject(marks={"drill": True}), **setting).grade == "excellent"
    assert graded("95", Subject(marks={"drill": False}), **setting).grade == "pass"
    unknown = graded("95", **setting)
    assert (unknown.grade, unknown.state) == (None, GradeState.UNDECIDED)
    assert unknown.findings[0].code == "requirement-unknown"


def test_bounds_hold_from_above_and_from_below_with_their_reason():
    above = Bound("not_above", "pass", "警告处分", "2026-3 号", date(2026, 1, 5), date(2026, 7, 4))
    found = graded("95", Subject(bounds=(above,)))
    assert (found.grade, found.lines[-1].zh) == ("pass", "不高于pass(警告处分 2026-3 号)")
    below = Bound("not_below", "good", "因公负伤")
    assert (graded("50", Subject(bounds=(below,))).grade, graded("95", Subject(bounds=(below,))).grade) == (
        "good",
        "excellent",
    )


def test_a_bound_holds_for_a_period_that_has_one_of_its_days():
    for until, wanted in ((date(2026, 1, 1), "pass"), (date(2025, 12, 31), "excellent")):
        bound = Bound("not_above", "pass", "警告", since=date(2025, 7, 1), until=until)
        assert graded("95", Subject(bounds=(bound,))).grade == wanted


def test_a_bound_looks_up_or_down_and_nothing_else():
    with pytest.raises(ValueError, match="not_above or not_below"):
        Bound("not_over", "pass", "警告")


def test_where_bounds_contradict_the_one_that_holds_down_prevails():
    both = (Bound("not_above", "pass", "警告"), Bound("not_below", "good", "负伤"))
    found = graded("50", Subject(bounds=both))
    assert (found.grade, found.floor) == ("pass", None)


def test_a_standing_limit_looks_at_a_figure_and_says_when_nobody_gave_it():
    limits = [
        {
            "kind": "not_above",
            "grade": "good",
            "when": {"figure": "months", "op": "<", "bound": "12"},
            "reason": "不满一年",
        }
    ]
    assert graded("95", Subject(figures={"months": Fraction(11)}), limits=limits).grade == "good"
    assert graded("95", Subject(figures={"months": Fraction(12)}), limits=limits).grade == "excellent"
    assert [f.code for f in graded("95", limits=limits).findings] == ["figure-unknown"]


def test_a_direct_placement_stands_above_the_threshold_but_below_a_veto():
    setting = {"vetoes": [{"label": "一票否决", "when": [{"mark": "accident"}]}]}
    first = Placed("excellent", "全市第一")
    assert graded("70", Subject(placed=first), **setting).grade == "excellent"
    found = graded("70", Subject(placed=first, marks={"accident": True}), **setting)
    assert (found.grade, found.shown, found.floor) == ("fail", "一票否决", None)


@pytest.mark.parametrize("state", list(NoGrade))
def test_no_grade_has_a_state_and_a_reason(state):
    found = graded("95", Subject(ungraded=Ungraded(state, "试用期", "文号 1")))
    assert (found.grade, found.state.value) == (None, state.value)
    assert "试用期 文号 1" in found.lines[0].zh


def test_a_held_grade_is_filled_in_later_with_its_reference_and_no_other_is():
    held = graded("95", Subject(ungraded=Ungraded(NoGrade.HELD, "立案")))
    found = fill(held, "good", "结案 9 号")
    assert (found.grade, found.lines[-1].en) == ("good", "filled in as good: 结案 9 号")
    with pytest.raises(ValueError, match="only a held grade"):
        fill(graded("95"), "good", "9")


def test_no_total_is_no_grade_and_not_the_lowest():
    assert (graded(None).grade, graded(None).state) == (None, GradeState.NO_TOTAL)


def test_a_grade_that_the_scheme_does_not_have_is_not_given():
    found = graded("1", Subject(proposed="superb"), **_PERSONAL)
    assert (found.grade, found.findings[0].code) == (None, "grade-unknown")


def test_the_setting_says_itself_and_comes_back_from_its_data():
    setting = read(Grades, {**_FOUR, "lowest_when": [{"mark": "严重问题"}]})
    assert setting.describe("zh") == "excellent >= 90;good >= 80;pass >= 60;其余fail;“严重问题”的直接定为fail"
    assert read(Grades, setting.to_data()) == setting


def test_case_20_levels_of_stations():
    parameters = case("20")["parameters"]
    levels = [{"name": name, "op": ">=", "bound": bound} for bound, name in parameters["levels"][:-1]]
    levels[0] |= {"requires": [{"mark": "mandatory_met"}], "falls_to": "2"}
    setting = read(Grades, {"grades": levels, "otherwise": "5", "lowest_when": [{"mark": "serious_problem"}]})
    subjects = {
        row["station"]: Subject(marks={key: row[key] for key in ("mandatory_met", "serious_problem")})
        for row in case("20")["inputs"]["stations"]
    }
    expected = case("20")["expected"]
    for station, total in totals(expected["totals"]).items():
        assert grade(setting, station, total, context(subjects)).grade == expected["levels"][station]


def _bands(rows):
    return {"grades": [{"name": n, "op": ">=", "bound": b} for b, n in rows[:-1]], "otherwise": rows[-1][1]}


def test_case_30_grades_after_conversion_and_the_veto_that_includes_the_pass_line():
    parameters, inputs, expected = (case("30")[key] for key in ("parameters", "inputs", "expected"))
    shuozhou = read(Grades, _bands(parameters["shuozhou_bands"]))
    for unit, total in totals(expected["shuozhou_final"]).items():
        assert grade(shuozhou, unit, total, context()).grade == expected["shuozhou_grade"][unit]
    when = [{"mark": "deaths_over_control"}, {"mark": "major"}, {"op": "<", "bound": "80"}]
    bands = _bands(parameters["zunyi_bands"])
    bands["grades"][1] |= {"to": "94"}
    zunyi = read(Grades, {**bands, "gaps": "lower_band", "vetoes": [{"label": "一票否决", "when": when}]})
    for row in inputs["zunyi"]:
        subject = Subject(marks={"deaths_over_control": row["deaths_over_control"], "major": row["major"]})
        found = grade(zunyi, row["unit"], Total(Fraction(row["score"])), context({row["unit"]: subject}))
        assert found.shown == expected["zunyi"][row["unit"]]


def test_case_16_grades_of_the_year():
    limits = [
        {
            "kind": "not_above",
            "grade": "competent",
            "when": {"figure": "service_months", "op": "<", "bound": "12"},
            "reason": "工作不满一年",
        }
    ]
    failed = [{"figure": "failed_months", "op": ">=", "bound": "2"}]
    setting = read(Grades, {**_PERSONAL, "limits": limits, "lowest_when": failed})
    found = {}
    for row in case("16")["inputs"]["year"]:
        figures = {key: Fraction(row[key]) for key in ("failed_months", "service_months")}
        subject = Subject(figures=figures, proposed=row["proposed"])
        found[row["person"]] = grade(setting, row["person"], Total(None), context({row["person"]: subject}))
    assert found["D"].grade == case("16")["expected"]["year"]["D"]
    assert found["E"].grade == "competent"
    assert found["E"].lines[-1].zh == "不高于competent(工作不满一年)"
