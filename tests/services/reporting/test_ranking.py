"""Who stands where: ties are ties, and missing is not last."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.ranking import Rank, TieMethod, rank, ranked, share_of_best

A, B, C, D = (UUID(int=n) for n in range(1, 5))
totals = st.dictionaries(st.uuids(), st.integers(-5000, 5000), max_size=30)


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    assert rank({A: 90, B: 80, C: 80, D: 70}) == {A: 1, B: 2, C: 2, D: 4}


def test_dense_and_ordinal_ranks_on_request():
    figures = {A: 90, B: 80, C: 80, D: 70}
    assert rank(figures, method=TieMethod.DENSE) == {A: 1, B: 2, C: 2, D: 3}
    assert rank(figures, method=TieMethod.ORDINAL) == {A: 1, B: 2, C: 3, D: 4}


def test_lower_is_better_turns_the_order_round():
    assert rank({A: 1, B: 2}, lower_is_better=True) == {A: 1, B: 2}


def test_the_change_is_in_places_and_none_for_newcomers():
    assert ranked({A: 5, B: 9}, {A: 9}) == {B: Rank(1, False, None), A: Rank(2, False, -1)}


@given(totals)
def test_nobody_with_less_stands_before_somebody_with_more(figures: dict[UUID, int]):
    ranks = rank(figures)
    assert all((ranks[a] < ranks[b]) == (figures[a] > figures[b]) for a in figures for b in figures)


@given(totals)
def test_a_rank_is_one_more_than_the_number_of_those_who_have_more(figures: dict[UUID, int]):
    ranks = rank(figures)
    assert all(ranks[a] == 1 + sum(v > figures[a] for v in figures.values()) for a in figures)


def test_nothing_below_zero_has_a_bar():
    assert (share_of_best(-5, [10]), share_of_best(5, [10]), share_of_best(0, [])) == (0.0, 0.5, 0.0)
