"""What open appeals could still change: by the rules, and never a guess."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.submissions import SubmissionStatus
from rules.totals import Module, Scheme
from services.reporting.domain.bounds import Case, Gains, Range, Work, gains, place_ranges
from tests.services.reporting.conftest import REPORTING, Bureau

A, B, C = (UUID(int=n) for n in range(1, 4))
EACH = {"type": "events", "each": "0.5", "cap": "5"}


def scheme(cap: str | None = None) -> Scheme:
    module = Module("mod_business", Decimal(1), Decimal(cap) if cap else None, None)
    return Scheme((module,), "sum", 3, None, None, Decimal(1), Decimal(0), "mean", 3)


def work(counted: int, claimed: int, *, disputed: bool = True) -> Work:
    return Work(UUID(int=claimed + 10), "2026-11-03", Decimal(counted), Decimal(claimed), disputed)


def test_an_appeal_can_bring_what_was_claimed_and_no_more():
    case = Case("mod_business", EACH, None, (work(2, 2, disputed=False), work(0, 4)))
    assert gains(scheme(), {"mod_business": 1000}, [case]) == Gains(2000, {"mod_business": 2000})


def test_the_rules_cap_and_the_modules_cap_hold():
    case = Case("mod_business", EACH, None, (work(2, 40),))
    assert gains(scheme(), {"mod_business": 1000}, [case]).total == 4000
    assert gains(scheme(cap="3"), {"mod_business": 1000}, [case]).total == 2000


def test_an_appeal_never_makes_it_worse():
    falling = {"type": "events", "each": "-0.5"}
    case = Case("mod_business", falling, None, (work(2, 4),))
    assert gains(scheme(), {"mod_business": -1000}, [case]).total == 0


def test_above_six_appeals_not_every_combination_is_tried_and_it_says_so():
    case = Case("mod_business", EACH, None, tuple(work(0, n) for n in range(1, 8)))
    assert not gains(scheme(), {}, [case]).exact


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


async def test_a_quarters_board_says_what_the_appeals_of_its_months_could_change(bureau: Bureau):
    """Of a claim of two at half a point each: a point more in November is half a point more in the mean."""
    for period, an in (("2026-10", 3000), ("2026-11", 1000)):
        await bureau.score("an", an, period)
        await bureau.score("bo", 2200, period)
    await bureau.entry("an", 0, status=SubmissionStatus.UNDER_APPEAL, accepted_quantity=Decimal(0))
    where = bureau.board(series_id=bureau.series["OFFICERS"], subject_kind="officer", include_disputes=True)
    office = bureau.leader("CITY")

    async def ends(**more: str) -> tuple[object, ...]:
        shown = await office.get(f"{REPORTING}/boards", **{k: str(v) for k, v in where.items()}, **more)
        [an] = [row for row in shown["items"] if row["name"] == "an"]
        return shown["disputes"]["exact"], an["total"], an["range"]["highest_total"], an["range"]["best_rank"]

    assert await ends(span="quarter") == (True, "2.000", "2.500", 1)
    assert await ends(span="quarter", combine="sum") == (True, "4.000", "5.000", 1)
    assert await ends(span="quarter", module="mod_business") == (True, "2.000", "2.500", 1)
    assert await ends() == (True, "1.000", "2.000", 2)
