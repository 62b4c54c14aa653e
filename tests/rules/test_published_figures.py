"""Figures worked in published schemes (rules of police bureaus and local governments) come out to the digit."""

from decimal import Decimal

import pytest

import rules
from tests.rules.cases import facts, points

_OVERDUE = {"type": "step", "base": "15", "threshold": "0", "step": "1", "above": "-0.5", "floor": "0"}
_FAULTS = {"type": "step", "base": "8", "threshold": "0", "step": "1", "above": "-2", "floor": "0"}
_BELOW = {"type": "step", "base": "30", "step": "2", "unit": "percent_of_target", "below": "-1"}


def test_three_overdue_cases_leave_thirteen_and_a_half_of_fifteen():
    assert points(facts(3), **_OVERDUE) == Decimal("13.5")


def test_ninety_seven_percent_in_time_earns_nothing_where_all_is_asked():
    assert points(facts(97), type="all_or_nothing", full="10", threshold="100") == 0
    assert points(facts(100), type="all_or_nothing", full="10", threshold="100") == 10


def test_five_faults_of_two_use_up_a_base_of_eight_and_no_more():
    assert points(facts(5), **_FAULTS) == 0


def test_eighteen_hundred_of_twenty_four_hundred_on_twelve_is_nine():
    assert points(facts(1800, target=2400), type="ratio", full="12") == 9


def test_nothing_is_earned_above_the_target():
    assert points(facts(3200, target=2400), type="ratio", full="10") == 10


def test_a_mean_of_quarters_keeps_its_three_decimals():
    quarters = [{"rule": {"type": "events", "each": q}} for q in ("91", "88.5", "93", "90")]
    assert points(facts(1), type="combine", method="mean", parts=quarters) == Decimal("90.625")


def test_honours_and_criticism_are_added_by_level():
    levels = {"市级": "1", "地级": "1.5", "省级": "2", "国家级": "3", "市级批评": "-0.5"}
    rule = rules.parse({"type": "events", "levels": levels})
    events = tuple(
        rules.Event(name, Decimal(1), "2026-11-01", level=name) for name in ("省级", "市级", "市级批评")
    )
    assert rules.evaluate(rule, rules.Facts(None, None, events)).points == Decimal("2.5")  # 96.2 + 2.5 = 98.7


@pytest.mark.parametrize(("mode", "wanted"), [("whole", "28"), ("proportional", "27.5"), ("started", "27")])
def test_five_percent_below_at_one_for_each_two_percent_depends_on_the_mode(mode: str, wanted: str):
    assert points(facts(95, target=100), **_BELOW, mode=mode) == Decimal(wanted)


def test_a_mean_of_twelve_targets_with_one_missed_and_one_exempt_at_eighty_percent_is_ninety():
    full = {"rule": {"type": "events", "each": "100"}}
    missed, exempt = {"rule": {"type": "events", "each": "0"}}, {"rule": {"type": "events", "each": "80"}}
    assert points(facts(1), type="combine", method="mean", parts=[full] * 10 + [missed, exempt]) == 90


def test_grades_of_seven_areas_add_up_to_twelve():
    marks = {"excellent": "3", "good": "2", "fair": "1", "poor": "-1"}
    grades = ["excellent"] * 2 + ["good"] * 3 + ["fair", "poor"]
    events = tuple(
        rules.Event(str(n), Decimal(1), "2006-01-01", level=grade) for n, grade in enumerate(grades)
    )
    rule = rules.parse({"type": "events", "levels": marks})
    assert rules.evaluate(rule, rules.Facts(None, None, events)).points == 12


@pytest.mark.parametrize(
    ("score", "level"), [("95", 5), ("94.999", 4), ("85", 4), ("70", 3), ("60", 2), ("59.9", 1)]
)
def test_station_grades_change_exactly_at_the_bound(score: str, level: int):
    bands = [
        {"op": ">=", "bound": b, "points": p} for b, p in (("95", "5"), ("85", "4"), ("70", "3"), ("60", "2"))
    ]
    assert points(facts(score), type="band", bands=bands, otherwise="1") == level
