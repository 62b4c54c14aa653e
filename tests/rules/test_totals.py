"""From sums of entries to a score: limits of modules, weights, rounding, roll-up. Thousandths throughout."""

from decimal import Decimal
from typing import Any

import pytest

from rules.totals import (
    BONUS,
    DEDUCTION,
    Module,
    Scheme,
    members_figure,
    module_points,
    own_total,
    unit_total,
)


def scheme(*modules: Module, **more: Any) -> Scheme:
    known: dict[str, Any] = {
        "combination": "sum", "total_decimals": 2, "bonus_cap": None, "deduction_cap": None, "own_weight": Decimal("0.7"),
        "members_weight": Decimal("0.3"), "members": "mean", "roll_up_decimals": 2,
    }  # fmt: skip
    return Scheme(modules, **known | more)


def limited(code: str, cap: str | None = None, floor: str | None = None) -> Module:
    return Module(code, Decimal(1), *(None if each is None else Decimal(each) for each in (cap, floor)))


@pytest.mark.parametrize(
    ("module", "more", "entries", "points"),
    [
        (limited("work", cap="60"), {}, 60_001, 60_000),
        (limited("work", cap="60"), {}, 59_999, 59_999),
        (limited("work", floor="0"), {}, -1, 0),
        (limited("work", floor="0"), {}, 1, 1),
        (limited("work", cap="0.0005"), {}, 5, 1),
        (limited("work", cap="1"), {"bonus_cap": Decimal(0), "deduction_cap": Decimal(0)}, 500, 500),
        (limited(BONUS), {"bonus_cap": Decimal(5)}, 6_000, 5_000),
        (limited(BONUS), {"bonus_cap": Decimal(5)}, 4_000, 4_000),
        (limited(DEDUCTION), {"deduction_cap": Decimal(5)}, -6_000, -5_000),
        (limited(DEDUCTION), {"deduction_cap": Decimal(5)}, -4_000, -4_000),
        (limited(DEDUCTION), {"bonus_cap": Decimal(5)}, -6_000, -6_000),
        (limited(BONUS), {"deduction_cap": Decimal(0)}, -1, -1),
    ],
)
def test_a_module_stays_within_its_limits(module, more, entries, points):
    assert module_points(scheme(module, **more), {module.code: entries}) == {module.code: points}


def test_a_module_that_the_scheme_does_not_list_is_added_as_it_is():
    assert module_points(scheme(), {"other": 7}) == {"other": 7}


@pytest.mark.parametrize(
    ("combination", "total"),
    [("sum", 113_000), ("weighted_sum", 80_000 * 6 // 10 + 30_000 * 4 // 10 + 3_000)],
)
def test_weights_are_for_work_and_what_is_given_or_taken_besides_counts_in_full(combination, total):
    modules = (Module("work", Decimal("0.6"), None, None), Module("team", Decimal("0.4"), None, None),
               Module(BONUS, Decimal("0.5"), None, None), Module(DEDUCTION, Decimal("0.5"), None, None))  # fmt: skip
    points = {"work": 80_000, "team": 30_000, BONUS: 5_000, DEDUCTION: -2_000}
    assert own_total(scheme(*modules, combination=combination), points) == total


@pytest.mark.parametrize(("value", "decimals", "total"), [(1_005, 2, 1_010), (1_004, 2, 1_000), (-1_005, 2, -1_010), (1_005, 3, 1_005)])  # fmt: skip
def test_a_total_is_rounded_half_up_to_the_decimals_of_the_scheme(value, decimals, total):
    assert own_total(scheme(total_decimals=decimals), {"work": value}) == total


@pytest.mark.parametrize(("way", "figure"), [("mean", 3), ("sum", 5), ("min", 2), ("max", 3)])
def test_the_members_as_one_figure(way, figure):
    assert members_figure(scheme(members=way), [2, 3]) == figure
    assert members_figure(scheme(members=way), []) is None


@pytest.mark.parametrize(
    ("own", "members", "total"),
    [
        (80_000, 90_000, 83_000),
        (80_000, None, 80_000),
        (None, 90_000, 90_000),
        (None, None, 0),
        (0, 90_000, 27_000),
        (1_005, None, 1_010),
        (None, 1_004, 1_000),
        (10_000, 50, 7_020),
    ],
)
def test_of_a_unit_what_is_missing_leaves_the_other_in_full(own, members, total):
    assert unit_total(scheme(), own, members) == total
