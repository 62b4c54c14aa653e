from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.targets.domain.splitting import (
    NoParts,
    NothingToSplit,
    SplitAboveParent,
    ensure_within,
    remainder_to_split,
    split_by_weight,
    split_evenly,
)

quantities = st.decimals(0, 10**9, places=4)
weights = st.lists(st.integers(0, 5000), min_size=1, max_size=60)


@given(quantities, weights, st.integers(0, 4))
def test_parts_add_up_to_exactly_the_whole(quantity: Decimal, shares: list[int], decimals: int):
    assert sum(split_by_weight(quantity, shares, decimals=decimals)) == quantity


@given(st.integers(0, 10**6), weights)
def test_no_part_is_a_whole_unit_away_from_its_exact_share(quantity: int, shares: list[int]):
    parts = split_by_weight(Decimal(quantity), shares, decimals=0)
    total = sum(shares) or len(shares)
    exact = [Decimal(quantity) * (share if sum(shares) else 1) / total for share in shares]
    assert all(abs(part - share) < 1 + Decimal("1e-9") for part, share in zip(parts, exact, strict=True))


def test_the_remainder_of_an_even_split_goes_to_the_first_parts():
    assert split_evenly(Decimal(10), 4, decimals=0) == [3, 3, 2, 2]


def test_a_split_by_head_count_gives_the_remainder_to_the_largest_fraction():
    assert split_by_weight(Decimal(10), [1, 1, 4], decimals=0) == [2, 2, 6]


def test_money_is_split_in_cents():
    assert split_evenly(Decimal(100), 3, decimals=2) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_nobody_to_take_a_part_is_refused():
    with pytest.raises(NoParts):
        split_evenly(Decimal(1), 0, decimals=0)


def test_what_is_handed_down_in_full_has_nothing_left_to_split():
    with pytest.raises(NothingToSplit):
        remainder_to_split(Decimal(5), Decimal(5))


def test_parts_above_the_parent_are_refused_only_where_the_sum_check_blocks():
    ensure_within(Decimal(5), Decimal(6), blocking=False)
    with pytest.raises(SplitAboveParent):
        ensure_within(Decimal(5), Decimal(6), blocking=True)
