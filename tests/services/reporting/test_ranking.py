"""Who stands where: ties are ties, the scheme's rule parts them, and nobody in the last places is named."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from rules.standing import parse_standing
from rules.standing.ranking import Ranking
from services.reporting.domain.ranking import Figure, Rank, ranked, share_of_best, unnamed

A, B, C, D = (UUID(int=n) for n in range(1, 5))
totals = st.dictionaries(st.uuids(), st.integers(-5000, 5000), max_size=30)


def ranks(
    totals: dict[UUID, int], ranking: Ranking | None = None, **tie: dict[UUID, int]
) -> list[Rank[UUID]]:
    figures = [
        Figure(s, s.hex, milli, {k: v[s] for k, v in tie.items() if s in v}) for s, milli in totals.items()
    ]
    return ranked(figures, ranking or Ranking())


def places(
    totals: dict[UUID, int], ranking: Ranking | None = None, **tie: dict[UUID, int]
) -> dict[UUID, int]:
    return {rank.subject: rank.rank for rank in ranks(totals, ranking, **tie)}


def setting(**ranking: object) -> Ranking:
    return parse_standing({"ranking": ranking}).ranking


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    assert places({A: 90, B: 80, C: 80, D: 70}) == {A: 1, B: 2, C: 2, D: 4}


def test_dense_and_ordinal_ranks_on_request():
    figures = {A: 90, B: 80, C: 80, D: 70}
    assert places(figures, setting(method="dense")) == {A: 1, B: 2, C: 2, D: 3}
    assert places(figures, setting(method="ordinal")) == {A: 1, B: 2, C: 3, D: 4}


def test_lower_is_better_turns_the_order_round():
    assert places({A: 1, B: 2}, setting(direction="lower_is_better")) == {A: 1, B: 2}


def test_equals_are_parted_by_the_schemes_figure_and_it_is_said():
    by_business = setting(tie_breaks=[{"figure": "mod_business"}])
    found = ranks({A: 80, B: 80, C: 90}, by_business, mod_business={A: 10, B: 20})
    assert [(r.subject, r.rank) for r in found] == [(C, 1), (B, 2), (A, 3)]
    assert "mod_business" in found[1].by[0].zh
    assert found[0].by == ()


def test_a_tie_break_that_somebody_lacks_is_not_used():
    by_business = setting(tie_breaks=[{"figure": "mod_business"}])
    assert places({A: 80, B: 80}, by_business, mod_business={A: 10}) == {A: 1, B: 1}


@given(totals)
def test_nobody_with_less_stands_before_somebody_with_more(figures: dict[UUID, int]):
    found = places(figures)
    assert all((found[a] < found[b]) == (figures[a] > figures[b]) for a in figures for b in figures)


@given(totals)
def test_a_rank_is_one_more_than_the_number_of_those_who_have_more(figures: dict[UUID, int]):
    for rank in ranks(figures):
        assert rank.rank == 1 + rank.ahead == 1 + sum(v > figures[rank.subject] for v in figures.values())
        assert rank.behind == sum(v < figures[rank.subject] for v in figures.values())


def test_the_last_places_are_not_named_and_never_more_than_half_a_board():
    assert [unnamed(behind, 10, 3) for behind in (0, 2, 3)] == [True, True, False]
    assert [unnamed(behind, 3, 3) for behind in (0, 1)] == [True, False]
    assert not unnamed(0, 1, 3)


def test_nothing_below_zero_has_a_bar():
    assert (share_of_best(-5, 10), share_of_best(5, 10), share_of_best(0, 0)) == (0.0, 0.5, 0.0)
