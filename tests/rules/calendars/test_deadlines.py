from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendars.deadlines import Procedure, Procedures
from rules.calendars.errors import CalendarError
from rules.calendars.statutes import DATA, published
from rules.calendars.workdays import WorkCalendar
from rules.reading import MOST_ENTRIES
from rules.standing.appeals import grade_after_review, score_after_review
from rules.standing.grades import Grades
from tests.rules.calendars.calendar import calendar, case, codes, read

_2025 = calendar("24", 2025)


def last(procedure, start, within=_2025, **more):
    return published().named(procedure).deadline(date.fromisoformat(start), within, **more).last.isoformat()


def test_case_24_windows_of_review_and_appeal():
    inputs, expected = case("24")["inputs"], case("24")["expected"]
    review = published().named("review").deadline(date.fromisoformat(inputs["notified"]), _2025)
    assert (review.raw.isoformat(), review.last.isoformat()) == (
        expected["review_deadline_raw"],
        expected["review_deadline"],
    )
    assert review.why.zh == "申请复核:2025-01-02 起(当日不计)30 日,至 2025-02-01;该日休息,顺延至 2025-02-05"
    assert last("direct_appeal", inputs["notified"]) == expected["direct_appeal_deadline"]
    received, accepted = inputs["review_decision_received"], inputs["appeal_accepted"]
    assert last("appeal_after_review", received) == expected["appeal_after_review_deadline"]
    assert last("appeal_decision", accepted) == expected["appeal_decision_deadline"]
    longest = case("24")["parameters"]["appeal_extension_max"]
    assert (
        last("appeal_decision", accepted, extended=longest) == expected["appeal_decision_deadline_extended"]
    )
    objection = published().named("bureau_objection").deadline(date.fromisoformat(inputs["feedback"]), _2025)
    assert objection.raw.isoformat() == expected["bureau_objection_deadline_raw"]
    assert objection.last.isoformat() == expected["bureau_objection_deadline"]


def test_case_24_an_hour_clock_runs_through_a_holiday():
    received = datetime.fromisoformat(case("24")["inputs"]["confinement_appeal_received"])
    by = published().named("confinement_decision").moment(received)
    assert by.isoformat(timespec="minutes") == case("24")["expected"]["confinement_decision_by"]


def test_case_24_only_not_competent_can_be_appealed():
    review = published().named("review")
    assert [review.open_to(grade) for grade in case("24")["inputs"]["appealable_check"]] == case("24")[
        "expected"
    ]["appealable"]
    assert published().named("bureau_objection").open_to("优秀")


def test_case_24_a_review_does_not_make_it_worse():
    score = case("24")["inputs"]["score_on_review"]
    before, proposed = Fraction(score["before"]), Fraction(score["reviewer_proposes"])
    after, why = score_after_review(before, proposed)
    assert (str(after), why.en) == (
        case("24")["expected"]["score_after_review"],
        "review proposes 79: not worse than before, 82 stands",
    )
    assert score_after_review(before, proposed, "lower_is_better")[0] == proposed
    assert score_after_review(proposed, before)[0] == before


def test_a_review_does_not_make_a_grade_worse():
    grades = read(Grades, {"grades": [{"name": "称职"}, {"name": "不称职"}]})
    assert grade_after_review("称职", "不称职", grades)[0] == "称职"
    assert grade_after_review("不称职", "称职", grades)[0] == "称职"


def test_case_16_three_working_days_with_a_worked_sunday():
    within = calendar("16", 2024)
    for posted, wanted in case("16")["expected"]["appeal_deadlines"].items():
        assert last("auxiliary_objection", posted, within) == wanted


def test_the_published_periods_are_those_of_the_law():
    parameters = case("24")["parameters"]
    found = {row["name"]: row["length"] for row in DATA["procedures"]}
    assert found["review"] == parameters["review_days"]
    assert found["review_decision"] == parameters["review_decision_days"]
    assert found["suspension_decision"] == parameters["suspension_decision_days"]
    assert found["confinement_decision"] == parameters["confinement_decision_hours"]
    assert found["bureau_decision"] == parameters["bureau_decision_days"]


def test_a_day_outside_the_years_of_the_calendar_is_an_error_and_not_a_guess():
    with pytest.raises(CalendarError, match=r"has no 2026 \(2026-01-19\); it has 2025"):
        last("review", "2025-12-20")
    with pytest.raises(CalendarError, match="2026"):
        last("auxiliary_objection", "2025-12-30")


def test_a_window_beyond_the_last_day_there_is_is_an_error_too():
    with pytest.raises(CalendarError):
        last("review", "9999-12-20")


def test_a_period_is_extended_only_by_what_the_rule_allows():
    with pytest.raises(CalendarError, match="by 30 at most"):
        last("appeal_decision", "2025-03-20", extended=31)
    with pytest.raises(CalendarError, match="by 0 at most"):
        last("review", "2025-03-20", extended=1)


def test_days_and_hours_are_not_taken_for_each_other():
    with pytest.raises(CalendarError):
        last("confinement_decision", "2025-05-01")
    with pytest.raises(CalendarError):
        published().named("review").moment(datetime(2025, 5, 1, tzinfo=UTC))
    with pytest.raises(CalendarError):
        published().named("lunch")


def test_hours_are_real_hours_where_clocks_change():
    start = datetime(2025, 3, 29, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert published().named("confinement_decision").moment(start).isoformat() == "2025-03-30T13:00:00+02:00"


def test_an_hour_clock_may_be_extended():
    clock = read(
        Procedure, {"name": "x", "zh": "答复", "en": "answer", "length": 24, "unit": "hours", "extension": 12}
    )
    assert clock.moment(datetime(2025, 5, 1, 9, tzinfo=UTC), extended=12) == datetime(
        2025, 5, 2, 21, tzinfo=UTC
    )


def test_a_calendar_has_as_many_years_as_a_list_may_have_and_nothing_but_years():
    assert len(read(WorkCalendar, {"years": list(range(2000, 2000 + MOST_ENTRIES))}).years) == MOST_ENTRIES
    for years in (list(range(2000, 2001 + MOST_ENTRIES)), [2026, "2027"], [2026, 0], [10_000]):
        assert codes(WorkCalendar, {"years": years}) == {"years": "not-years"}
    assert read(WorkCalendar, {"years": [1, 9999]}).years == {1, 9999}


def test_a_period_that_does_not_roll_ends_on_its_last_day():
    fixed = read(Procedure, {"name": "x", "zh": "报送", "en": "report", "length": 1, "rolls": False})
    assert fixed.deadline(date(2025, 1, 31), _2025).last == date(2025, 2, 1)


def test_working_days_between_two_days():
    # 26 and 27 January, 5 to 8 February: a Sunday and a Saturday of them are worked
    assert _2025.between(date(2025, 1, 25), date(2025, 2, 8)) == 6


@given(st.dates(date(2025, 1, 1), date(2025, 8, 1)), st.integers(0, 60), st.sampled_from(DATA["procedures"]))
def test_who_starts_later_never_ends_earlier(start, days, row):
    procedure = published().named(row["name"])
    if procedure.unit == "hours":
        return
    one = procedure.deadline(start, _2025)
    other = procedure.deadline(start + timedelta(days=days), _2025)
    assert one.last <= other.last
    assert start < one.raw <= one.last
    assert _2025.is_workday(one.last)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ({}, {"years": "not-years"}),
        ({"years": [2025], "weekday_holidays": ["2025-02-01"]}, {"weekday_holidays": "weekday-wrong"}),
        ({"years": [2025], "weekend_workdays": ["2025-02-03"]}, {"weekend_workdays": "weekday-wrong"}),
        ({"years": [2025], "weekday_holidays": ["2026-01-01"]}, {"weekday_holidays": "year-not-covered"}),
        ({"years": [2025], "weekday_holidays": ["20250101"]}, {"weekday_holidays.0": "not-a-day"}),
        ({"years": [True]}, {"years": "not-years"}),
    ],
)
def test_a_calendar_with_a_wrong_day_is_refused(data, wanted):
    assert codes(WorkCalendar, data) == wanted


def test_settings_say_themselves_and_come_back_from_their_data():
    assert read(WorkCalendar, _2025.to_data()) == _2025
    assert _2025.describe("zh") == "工作日历:2025 年,工作日放假 6 天,周末上班 2 天"
    found = published()
    assert read(Procedures, found.to_data()) == found
    assert found.describe("zh")[4] == "申诉决定:60 日,可延长不超过 30(公务员法(2018)第96条)"
    assert (
        found.describe("en")[0]
        == "asking for review: 30 calendar days, only for 不称职 (公务员法(2018)第95条)"
    )
    twice = {"procedures": [*DATA["procedures"], DATA["procedures"][0]]}
    assert codes(Procedures, twice) == {"procedures": "name-twice"}
