"""What open appeals could still change: by the rules, and never a guess."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.scoring import ClosingStatus
from contracts.submissions import SubmissionStatus
from rules.totals import Module, Scheme
from services.reporting.domain.bounds import Case, Gains, Range, Work, between, gains, place_ranges
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


_SPAN = st.tuples(st.integers(0, 6), st.integers(0, 3)).map(lambda d: Range(d[0], d[0] + d[1]))


@given(st.lists(st.tuples(_SPAN, _SPAN), min_size=1, max_size=5), st.data())
def test_every_outcome_of_both_stretches_lies_within_what_is_said_of_improvement(
    drawn: list[tuple[Range, Range]], data: st.DataObject
):
    spans = {UUID(int=n): between(*pair) for n, pair in enumerate(drawn)}
    places = place_ranges({who: span.low for who, span in spans.items()}, spans)
    came = {
        UUID(int=n): data.draw(st.integers(now.low, now.high)) - data.draw(st.integers(then.low, then.high))
        for n, (now, then) in enumerate(drawn)
    }
    for who, milli in came.items():
        best, worst = places.of(who)
        assert spans[who].low <= milli <= spans[who].high
        assert best <= 1 + sum(other > milli for other in came.values()) <= worst


async def test_a_board_of_improvement_takes_appeals_of_both_stretches(bureau: Bureau):
    """From 3 to 4; November can bring a point more, October could have been a point better."""
    for name, then, now in (("an", 3000, 4000), ("bo", 2000, 3500)):
        await bureau.score(name, then, "2026-10")
        await bureau.score(name, now)
    where = bureau.board(
        series_id=bureau.series["OFFICERS"], subject_kind="officer", by="improvement", include_disputes=True
    )
    where = {key: str(value) for key, value in where.items()}

    async def seen() -> tuple[object, ...]:
        shown = await bureau.leader("CITY").get(f"{REPORTING}/boards", **where)
        [an] = [row for row in shown["items"] if row["name"] == "an"]
        return shown["disputes"]["unbounded"], an["total"], *an["range"].values()

    disputed = {"status": SubmissionStatus.UNDER_APPEAL, "accepted_quantity": Decimal(0)}
    await bureau.entry("an", 0, **disputed)
    assert await seen() == (0, "1.000", "1.000", "2.000", 1, 2)
    await bureau.entry("an", 0, **disputed, period_id=bureau.periods["2026-10"].id)
    assert await seen() == (0, "1.000", "0.000", "2.000", 1, 2)


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


async def test_improvement_of_a_version_without_one_before_it_has_nobody_and_does_not_stumble(bureau: Bureau):
    await bureau.score("an", 3000, "2026-10")
    await bureau.score("an", 4000)
    await bureau.close(ClosingStatus.CHECKING, 1)
    await bureau.close(ClosingStatus.PUBLIC, 2)
    await bureau.entry("an", 0, status=SubmissionStatus.UNDER_APPEAL, accepted_quantity=Decimal(0))
    where = bureau.board(series_id=bureau.series["OFFICERS"], subject_kind="officer", include_disputes=True)
    asked = {key: str(value) for key, value in where.items()} | {"by": "improvement", "version": "public"}
    shown = await bureau.leader("CITY").get(f"{REPORTING}/boards", **asked)
    assert (shown["items"], shown["disputes"]["open"]) == ([], 0)
