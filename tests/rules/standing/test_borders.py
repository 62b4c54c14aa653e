"""The days, ranks and numbers at the border: whether the border itself is in or out."""

from datetime import date
from fractions import Fraction

import pytest

from rules.calendars.spans import Span
from rules.standing.appeals import score_after_review
from rules.standing.grades import Grades
from rules.standing.grading import grade
from rules.standing.order import HIGHER, LOWER
from rules.standing.quotas import Quota
from rules.standing.ranking import Ranking
from rules.standing.records import Position, Record
from rules.standing.subjects import Bound, Placed, Service, Subject
from rules.standing.triggers.payout import Payout
from rules.standing.when import When
from tests.rules.standing.published import Settings, context, month, read, totals, year

MAY = month(2026, 5)
_MAY_1, _MAY_31 = date(2026, 5, 1), date(2026, 5, 31)


@pytest.mark.parametrize(
    ("since", "until", "touches", "covers"),
    [
        (_MAY_31, None, True, False),
        (date(2026, 6, 1), None, False, False),
        (date(2020, 1, 1), _MAY_1, True, False),
        (date(2020, 1, 1), date(2026, 4, 30), False, False),
        (_MAY_1, _MAY_31, True, True),
        (_MAY_1, date(2026, 5, 30), True, False),
        (date(2026, 5, 2), None, True, False),
    ],
)
def test_both_days_of_a_service_and_of_a_bound_are_in_it(since, until, touches, covers):
    service, bound = Service("h", since, until), Bound("not_above", "good", "警告", since=since, until=until)
    assert (service.touches(MAY), bound.touches(MAY), service.covers(MAY)) == (touches, touches, covers)


def test_a_service_has_its_first_and_its_last_day():
    service = Service("h", _MAY_1, _MAY_31)
    days = [date(2026, 4, 30), _MAY_1, _MAY_31, date(2026, 6, 1)]
    assert [service.on(day) for day in days] == [False, True, True, False]


def test_an_earlier_period_ends_before_the_next_begins():
    before = Span("x", date(2026, 4, 1), date(2026, 4, 30))
    context(period=MAY, history={"a": (Record(before, "2026"),)})
    with pytest.raises(ValueError, match="not one after another"):
        context(period=MAY, history={"a": (Record(Span("x", date(2026, 4, 1), _MAY_1), "2026"),)})


def test_a_rank_without_ties_says_how_many_are_ahead_and_behind():
    assert Position.untied(2, 10) == Position(2, 1, 8, 10)


#: Of ten: alone in the seventh and in the eighth place, and the two of the seventh place equal.
_SEVENTH, _EIGHTH, _TIED = Position.untied(7, 10), Position.untied(8, 10), Position(7, 6, 2, 10)


@pytest.mark.parametrize(
    ("position", "spared", "included", "cut"),
    [(_SEVENTH, False, False, False), (_EIGHTH, True, True, False), (_TIED, False, True, True)],
)
def test_the_last_three_of_ten_are_the_eighth_to_the_tenth(position, spared, included, cut):
    record = Record(MAY, "2026", {"overall": position})
    ways = [When("last", low=3, tie=tie) for tie in ("spare", "include")]
    assert [when.holds(record) for when in ways] == [spared, included]
    assert [when.cut(position) for when in ways] == [cut, cut]


@pytest.mark.parametrize(
    ("position", "holds", "cut"),
    [
        (Position.untied(3, 10), True, False),
        (Position.untied(4, 10), False, False),
        (Position(3, 2, 6, 10), True, True),
    ],
)
def test_the_first_three_of_ten_end_with_the_third(position, holds, cut):
    when = When("first", low=3, tie="include")
    assert (when.holds(Record(MAY, "2026", {"overall": position})), when.cut(position)) == (holds, cut)


def test_a_list_of_one_group_that_is_not_whole_is_a_doubt_about_the_last():
    subjects = {name: Subject(groups={"series": name[0]}) for name in ("a1", "a2", "b1")}
    rule = {"type": "once", "when": {"type": "last", "n": 1, "scope": "series"}, "gives": ["named"]}
    setting = read(Settings, {"ranking": {"scopes": ["series"]}, "consequences": [rule]})
    found = setting.settle(
        totals({"a1": 2, "a2": 1, "b1": 3}), context(subjects, announced={"series/a": 3})
    ).findings
    assert [finding.code for finding in found] == ["count-differs", "last-unknown"]


@pytest.mark.parametrize(
    ("before", "proposed", "direction", "stands"),
    [
        (80, 79, HIGHER, 80), (80, 81, HIGHER, 81), (3, 4, LOWER, 3), (3, 2, LOWER, 2),
    ],
)  # fmt: skip
def test_a_review_never_makes_it_worse(before, proposed, direction, stands):
    assert score_after_review(Fraction(before), Fraction(proposed), direction)[0] == stands


@pytest.mark.parametrize("direction", [HIGHER, LOWER])
def test_a_review_that_finds_the_same_is_not_said_to_be_worse(direction):
    stands, said = score_after_review(Fraction(80), Fraction(80), direction)
    assert (stands, said.en) == (80, "80 becomes 80")


def test_below_the_lowest_grade_there_is_none():
    grades = read(Grades, {"grades": [{"name": name} for name in ("a", "b", "c")]})
    assert [grades.below(name) for name in "abc"] == ["b", "c", "c"]


def test_a_printed_band_that_looks_down_has_its_last_value():
    bands = [
        {"name": "good", "op": "<=", "bound": "3", "to": "2.5"},
        {"name": "fair", "op": "<=", "bound": "4"},
    ]
    grades = read(Grades, {"grades": bands, "otherwise": "poor", "gaps": "error"})
    found = {
        value: grade(grades, "x", totals({"x": value})["x"], context()).grade for value in ("2.5", "2.4", "3")
    }
    assert found == {"2.5": "good", "2.4": None, "3": "good"}


def test_half_a_place_is_rounded_up_and_a_minimum_is_only_said_where_it_matters():
    half = read(Quota, {"grade": "g", "share": "0.5", "rounding": "half_up", "minimum": 1})
    assert [half.places(base) for base in (1, 3, 5)] == [1, 2, 3]
    assert ["至少" in half.arithmetic(base).zh for base in (0, 2, 3)] == [True, False, False]


def test_places_that_are_taken_beforehand_count_among_those_taken_in_by_a_tie():
    grades = {"grades": [{"name": "best", "op": ">=", "bound": "90"}], "otherwise": "rest"}
    setting = read(
        Settings, {"grades": grades, "quotas": [{"grade": "best", "number": 2, "at_tie": "include_all"}]}
    )
    subjects = context({"z": Subject(placed=Placed("best", "全市第一"))})
    (finding,) = setting.settle(totals({"a": 95, "b": 95, "z": 60}), subjects).findings
    assert finding.en == "2 places for best, 3 taken in by a tie"


@pytest.mark.parametrize(("method", "last"), [("competition", "tied with 1 more"), ("ordinal", "tied with 1 more, ordered by name")])  # fmt: skip
def test_who_shares_a_place_is_told_with_how_many(method, last):
    (found,) = Ranking(method).rank(totals({"a": 9, "b": 8, "c": 8}), context())
    assert [[why.en for why in place.why[1:]] for place in found.places] == [[], [last], [last]]


@pytest.mark.parametrize(
    ("service", "leaving", "months"),
    [
        (Service("p", date(2026, 12, 31)), "mirror", "0.5"),
        (Service("p", date(2020, 1, 1), date(2026, 2, 1)), "mirror", "1.5"),
        (Service("p", date(2020, 1, 1), date(2026, 2, 28)), "nothing", "2"),
        (Service("p", date(2020, 1, 1), date(2026, 2, 27)), "nothing", "1"),
        (Service("p", date(2020, 1, 1), date(2026, 2, 1)), "full", "2"),
    ],
)
def test_the_first_and_the_last_day_of_a_month_are_in_it(service, leaving, months):
    payout = read(Payout, {"by_grade": {"good": "600"}, "leaving": leaving})
    assert payout.months(year(2026), service) == Fraction(months)


def test_half_a_cent_is_rounded_up():
    rule = {"type": "payout", "by_grade": {"good": "0.01"}}
    subject = {"p": Subject(proposed="good", service=Service("p", date(2026, 12, 20)))}
    setting = read(
        Settings, {"grades": {"grades": [{"name": "good"}, {"name": "rest"}]}, "consequences": [rule]}
    )
    assert [each.amount for each in setting.settle(totals({"p": 1}), context(subject)).given] == [
        Fraction("0.01")
    ]


@pytest.mark.parametrize(("bad", "restart", "stay"), [(1, "one", "one"), (3, "three", "three"), (4, "one", "three"), (5, "two", "three")])  # fmt: skip
def test_a_ladder_is_climbed_step_by_step(bad, restart, stay):
    found = []
    for beyond in ("restart", "stay"):
        ladder = {
            "type": "ladder",
            "when": {"type": "last", "n": 1},
            "steps": ["one", "two", "three"],
            "beyond": beyond,
        }
        history = tuple(
            Record(month(2026, n), "2026", {"overall": Position.untied(2, 2)}) for n in range(1, bad)
        )
        within = context(period=month(2026, bad), history={"z": history} if history else {})
        found.append(
            read(Settings, {"consequences": [ladder]}).settle(totals({"a": 2, "z": 1}), within).to("z")
        )
    assert found == [(restart,), (stay,)]
