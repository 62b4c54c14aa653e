"""Peers and time, unit by indicator, how figures lie."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.spread import box, quantile, share, step
from tests.services.reporting.conftest import REPORTING, Bureau


async def test_a_trend_has_every_month_and_says_where_there_is_no_figure(bureau: Bureau):
    await bureau.score("an", 2000)
    await bureau.score("bo", 4000)
    found = await bureau.officer("an").get(
        f"{REPORTING}/subjects/{bureau.officers['an'].id}/trend", scheme_id=bureau.scheme_id, kind="officer"
    )
    assert [(p["period_code"], p["total"], p["rank"], p["mean"]) for p in found["points"]] == [
        ("2026-10", None, None, None),
        ("2026-11", "2.000", 2, "3.000"),
    ]


async def test_an_officers_trend_is_not_for_strangers(bureau: Bureau):
    path = f"{REPORTING}/subjects/{bureau.officers['an'].id}/trend"
    query = {"scheme_id": bureau.scheme_id, "kind": "officer"}
    assert (await bureau.officer("bo").problem("GET", path, params=query))["status"] == 404


async def test_the_matrix_sets_what_counts_against_what_is_wanted(bureau: Bureau):
    await bureau.target("an", quantity=4)
    await bureau.entry("an", 1000)
    where = bureau.board(unit_id=bureau.units["CITY"].id)
    found = await bureau.officer("an").get(f"{REPORTING}/matrix", **where)
    assert [u["code"] for u in found["units"]] == ["P1", "P2"]
    assert [(c["wanted"], c["done"], c["rate"], c["step"]) for c in found["cells"]] == [
        ("4.0000", "2.0000", "50.0", 1)
    ]


async def test_a_distribution_names_nobody_and_says_when_it_is_of_few(bureau: Bureau):
    for name, milli in (("an", 9000), ("bo", 2000), ("chen", 1000)):
        await bureau.score(name, milli)
    found = await bureau.officer("an").get(
        f"{REPORTING}/distribution", **bureau.board(unit_id=bureau.units["CITY"].id)
    )
    assert [(b["code"], b["count"], b["median"], b["mean"], b["small"]) for b in found["boxes"]] == [
        ("P1", 3, "2.000", "4.000", True)
    ]


def test_nothing_wanted_has_no_rate():
    assert (share(Decimal(3), Decimal(0)), step(Decimal(3), Decimal(0))) == (None, None)
    assert [step(Decimal(n), Decimal(10)) for n in (0, 5, 8, 10, 12)] == [0, 1, 2, 3, 4]


@given(st.lists(st.integers(-9000, 9000), min_size=1, max_size=40))
def test_the_five_numbers_are_in_order_and_the_ends_are_the_ends(values: list[int]):
    found = box(values)
    numbers = [found.least, found.lower, found.median, found.upper, found.most]
    assert numbers == sorted(numbers)
    assert (found.least, found.most) == (min(values), max(values))
    assert quantile(sorted(values), Fraction(0)) == min(values)
