from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendars.anniversaries import Anniversary
from rules.calendars.errors import CalendarError
from rules.calendars.months import add_months, completed, months_of
from rules.calendars.periods import Periods
from rules.calendars.spans import Span
from tests.rules.calendars.calendar import case, codes, read

_MARCH = Periods(12, 26)
_POLICE = Periods(12, 21)


def test_case_16_march_runs_from_the_26th_of_february_to_the_25th_of_march():
    parameters, inputs = case("16")["parameters"], case("16")["inputs"]
    periods = read(Periods, {"starts": {"month": 12, "day": parameters["month_start_day"]}})
    span = periods.span(inputs["assessed_month"])
    assert (span.start, span.end) == (date(2024, 2, 26), date(2024, 3, parameters["month_end_day"]))
    found = {
        row["person"]: [
            event[0] for event in row["events"] if periods.key(date.fromisoformat(event[0])) == "2024-03"
        ]
        for row in inputs["persons"]
    }
    assert found["A"] == ["2024-02-26", "2024-03-25"]  # 25 February is February's, 26 March is April's
    assert [len(found[person]) for person in "ABC"] == [2, 2, 4]


def test_case_27_the_assessment_year_begins_on_the_21st_of_december():
    periods = read(Periods, {"starts": {"month": 12, "day": case("27")["parameters"]["quarter_start_day"]}})
    dates = map(date.fromisoformat, case("27")["inputs"]["dates"])
    assert [periods.key(day, "quarter") for day in dates] == case("27")["expected"]["quarters"]


@pytest.mark.parametrize(
    ("starts", "start", "end"),
    [
        ((10, 21), date(2012, 10, 21), date(2013, 10, 20)),
        ((11, 15), date(2012, 11, 15), date(2013, 11, 14)),
        ((12, 21), date(2012, 12, 21), date(2013, 12, 20)),
        ((1, 1), date(2013, 1, 1), date(2013, 12, 31)),
    ],
)
def test_a_year_is_named_after_the_one_in_which_it_ends(starts, start, end):
    span = Periods(*starts).span("2013")
    assert (span.start, span.end) == (start, end)


def test_a_year_may_be_named_after_the_one_in_which_it_begins():
    periods = Periods(9, 1, "start")
    assert (periods.key(date(2026, 8, 31), "year"), periods.key(date(2026, 9, 1), "year")) == ("2025", "2026")
    assert periods.parts("2026", "quarter")[0] == "2026Q1"
    assert periods.parts("2026Q2", "month") == ("2026-12", "2027-01", "2027-02")


def test_longer_periods_are_made_of_shorter_ones():
    assert _POLICE.parts("2013", "quarter") == ("2013Q1", "2013Q2", "2013Q3", "2013Q4")
    assert _POLICE.parts("2013H1", "month") == tuple(f"2013-0{n}" for n in range(1, 7))
    assert (_POLICE.whole("2013-01", "year"), _POLICE.whole("2013Q3", "half")) == ("2013", "2013H2")
    assert Periods(10, 21).parts("2013Q1", "month") == ("2012-11", "2012-12", "2013-01")
    assert (_POLICE.next("2013Q4"), _POLICE.next("2013-01", -1)) == ("2014Q1", "2012-12")


@pytest.mark.parametrize(
    "key", ["", "2013Q5", "2013-13", "2013-00", "13", "0000", "2013H3", "2013-1", "2013A", "9999-12"]
)
def test_what_is_not_a_period_is_an_error_that_says_so(key):
    with pytest.raises(CalendarError):
        Periods(1, 15, "start").next(key)


def test_a_shorter_period_has_no_longer_part_and_the_other_way_round():
    with pytest.raises(CalendarError):
        _POLICE.parts("2013-01", "year")
    with pytest.raises(CalendarError):
        _POLICE.whole("2013", "month")


@given(
    st.dates(date(2, 1, 1), date(9997, 12, 31)),
    st.builds(Periods, st.integers(1, 12), st.integers(1, 28), st.sampled_from(["end", "start"])),
    st.sampled_from(["month", "quarter", "half", "year"]),
)
def test_a_day_lies_in_the_period_of_its_key_and_periods_meet(day, periods, length):
    key = periods.key(day, length)
    span = periods.span(key)
    assert day in span
    assert span.meets(periods.span(periods.next(key)))
    assert periods.next(periods.next(key), -1) == key
    assert periods.whole(key, "year") == periods.key(day, "year")
    parts = [periods.span(part) for part in periods.parts(key, "month")]
    assert (parts[0].start, parts[-1].end, sum(part.days for part in parts)) == (
        span.start,
        span.end,
        span.days,
    )


def test_a_personal_year_begins_on_the_anniversary():
    own = Anniversary(date(2024, 2, 29))
    assert own.span("2024A").end == date(2025, 2, 27)
    assert own.span("2027A").end == date(2028, 2, 28)  # a leap year has the day again
    assert [own.key(date(2025, 2, d)) for d in (27, 28)] == ["2024A", "2025A"]
    with pytest.raises(CalendarError, match="before the first day"):
        own.key(date(2024, 2, 28))
    with pytest.raises(CalendarError):
        own.span("2023A")


@given(st.dates(date(1950, 1, 1), date(2050, 12, 31)), st.integers(0, 20_000))
def test_a_day_lies_in_its_personal_year(since, later):
    day = since + timedelta(days=later)
    own = Anniversary(since)
    assert day in own.span(own.key(day))


def test_a_month_from_the_31st_ends_with_a_short_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert [completed(date(2026, 1, 15), date(2026, m, d)) for m, d in ((2, 13), (2, 14), (12, 14))] == [
        0,
        1,
        11,
    ]


def test_the_setting_says_itself_and_refuses_days_that_not_every_month_has():
    assert (
        _MARCH.describe("zh")
        == "考核年度自 12 月 26 日至 12 月 25 日,考核月自 26 日至次月 25 日,按末日所在年月命名"
    )
    assert (
        Periods().describe("en")
        == "the year runs from 01-01 to 12-31, a month from day 1 to its last; named after where they end"
    )
    assert read(Periods, _MARCH.to_data()) == _MARCH
    assert codes(Periods, {"starts": {"month": 13, "day": 29, "hour": 1}, "ends": 1}) == {
        "starts.month": "not-an-integer",
        "starts.day": "not-an-integer",
        "starts.hour": "unknown",
        "ends": "unknown",
    }


def test_a_span_knows_its_days_and_the_one_after_it():
    march = Span("3", date(2026, 3, 1), date(2026, 3, 31))
    april, may = (
        Span("4", date(2026, 4, 1), date(2026, 4, 30)),
        Span("5", date(2026, 5, 1), date(2026, 5, 31)),
    )
    assert (march.days, march.meets(april), march.meets(may), march.meets(march)) == (31, True, False, False)


def test_the_months_of_a_period_are_counted_from_its_first_day_and_the_last_may_be_short():
    found = months_of(Span("x", date(2026, 1, 26), date(2026, 3, 26)))
    assert [(each.key, each.start, each.end) for each in found] == [
        ("x/1", date(2026, 1, 26), date(2026, 2, 25)),
        ("x/2", date(2026, 2, 26), date(2026, 3, 25)),
        ("x/3", date(2026, 3, 26), date(2026, 3, 26)),
    ]


def test_the_second_half_begins_after_the_first():
    span = Periods(1, 1).span("2026H2")
    assert (span.start, span.end) == (date(2026, 7, 1), date(2026, 12, 31))


@pytest.mark.parametrize(("begins", "key"), [(1, "2026-03"), (2, "2026-04"), (26, "2026-04")])
def test_a_month_is_named_after_the_one_in_which_it_ends(begins, key):
    assert Periods(1, begins, "end").key(date(2026, 3, begins), "month") == key


def test_a_personal_year_has_its_first_day():
    assert Anniversary(date(2026, 3, 5)).key(date(2026, 3, 5)) == "2026A"
    with pytest.raises(CalendarError):
        Anniversary(date(2026, 3, 5)).key(date(2026, 3, 4))
