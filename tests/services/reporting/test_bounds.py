"""What open appeals could still change: by the rules, and never a guess."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from rules.totals import Module, Scheme
from services.reporting.domain.bounds import Case, Range, Work, place_ranges, total_range

A, B, C = (UUID(int=n) for n in range(1, 4))
EACH = {"type": "events", "each": "0.5", "cap": "5"}


def scheme(cap: str | None = None) -> Scheme:
    module = Module("mod_business", Decimal(1), Decimal(cap) if cap else None, None)
    return Scheme((module,), "sum", 3, None, None, Decimal(1), Decimal(0), "mean", 3)


def work(counted: int, claimed: int, *, disputed: bool = True) -> Work:
    return Work(UUID(int=claimed + 10), "2026-11-03", Decimal(counted), Decimal(claimed), disputed)


def test_an_appeal_can_bring_what_was_claimed_and_no_more():
    case = Case("mod_business", EACH, None, (work(2, 2, disputed=False), work(0, 4)))
    assert total_range(scheme(), {"mod_business": 1000}, [case], 1000) == Range(1000, 3000)


def test_the_rules_cap_and_the_modules_cap_hold():
    case = Case("mod_business", EACH, None, (work(2, 40),))
    assert total_range(scheme(), {"mod_business": 1000}, [case], 1000).high == 5000
    assert total_range(scheme(cap="3"), {"mod_business": 1000}, [case], 1000).high == 3000


def test_an_appeal_never_makes_it_worse():
    falling = {"type": "events", "each": "-0.5"}
    case = Case("mod_business", falling, None, (work(2, 4),))
    assert total_range(scheme(), {"mod_business": -1000}, [case], -1000) == Range(-1000, -1000)


def test_above_six_appeals_not_every_combination_is_tried_and_it_says_so():
    case = Case("mod_business", EACH, None, tuple(work(0, n) for n in range(1, 8)))
    assert not total_range(scheme(), {}, [case], 0).exact


def test_places_take_the_others_at_their_best_and_at_their_worst():
    now, ranges = {A: 3000, B: 2000, C: 1000}, {C: Range(1000, 2500)}
    places = place_ranges(now, ranges)
    assert {s: places.of(s) for s in now} == {A: (1, 1), B: (2, 3), C: (2, 3)}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=8))
def test_the_range_of_places_is_what_all_outcomes_give(drawn: list[tuple[int, int]]):
    spans = {UUID(int=n): span for n, span in enumerate(drawn)}
    now = {s: low for s, (low, _) in spans.items()}
    ranges = {s: Range(low, low + more) for s, (low, more) in spans.items()}
    places = place_ranges(now, ranges)
    for subject in spans:
        others = [r for s, r in ranges.items() if s != subject]
        own = ranges[subject]
        best = 1 + sum(r.low > own.high for r in others)
        worst = 1 + sum(r.high > own.low for r in others)
        assert places.of(subject) == (best, worst)
