from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import State
from rules.standing.ranking import Ranking
from rules.standing.subjects import NoGrade, Outside, Subject, Total, Ungraded
from tests.rules.standing.published import case, codes, context, read, totals

_TIES = {"a": "90", "b": "88", "c": "88", "d": "85"}


def ranks(values, within=None, **settings):
    (found,) = read(Ranking, settings).rank(totals(values), within or context())
    return found.ranks


@pytest.mark.parametrize(
    ("method", "wanted"), [("competition", [1, 2, 2, 4]), ("dense", [1, 2, 2, 3]), ("ordinal", [1, 2, 3, 4])]
)
def test_three_methods_treat_a_tie_differently(method, wanted):
    assert list(ranks(_TIES, method=method).values()) == wanted


def test_lower_is_better_turns_the_list_round():
    assert ranks(_TIES, direction="lower_is_better") == {"d": 1, "b": 2, "c": 2, "a": 4}


def test_one_set_of_totals_gives_a_list_of_all_and_one_for_each_group():
    groups = {s: Subject(groups={"series": "urban" if s in "ab" else "rural"}) for s in "abcd"}
    ranking = read(Ranking, {"scopes": ["overall", "series"]})
    lists = {
        f"{found.scope}/{found.group}": found.ranks for found in ranking.rank(totals(_TIES), context(groups))
    }
    assert lists == {
        "overall/": {"a": 1, "b": 2, "c": 2, "d": 4},
        "series/urban": {"a": 1, "b": 2},
        "series/rural": {"c": 1, "d": 2},
    }


def test_tie_breaks_part_equals_in_their_order_and_say_so():
    ranking = read(
        Ranking, {"tie_breaks": [{"figure": "cases"}, {"figure": "faults", "direction": "lower_is_better"}]}
    )
    found = totals(
        _TIES | {"e": "88"},
        b={"cases": 5, "faults": 2},
        c={"cases": 5, "faults": 1},
        e={"cases": 7, "faults": 9},
    )
    (ranked,) = ranking.rank(found, context())
    assert ranked.ranks == {"a": 1, "e": 2, "c": 3, "b": 4, "d": 5}
    assert "parted by “cases” higher first: 7" in ranked.places[1].why[1].en


def test_a_tie_break_that_somebody_lacks_is_not_used_and_that_is_a_finding():
    ranking = read(Ranking, {"tie_breaks": [{"figure": "cases"}]})
    (found,) = ranking.rank(totals(_TIES, b={"cases": 5}), context())
    assert found.ranks["b"] == found.ranks["c"] == 2
    assert [finding.code for finding in found.findings] == ["tie-break-unknown"]


def test_a_tie_break_that_is_not_used_leaves_the_last_to_be_known():
    (found,) = read(Ranking, {"tie_breaks": [{"figure": "cases"}]}).rank(totals(_TIES), context())
    assert found.places[-1].position.behind == 0


def test_where_nobody_shares_a_rank_the_name_decides_and_that_is_a_finding():
    (found,) = Ranking("ordinal").rank(totals(_TIES), context())
    assert [(place.position.ahead, place.position.behind) for place in found.places] == [
        (0, 3),
        (1, 2),
        (2, 1),
        (3, 0),
    ]
    assert [finding.code for finding in found.findings] == ["ordered-by-name"]


def test_those_outside_the_ranking_are_listed_with_the_reason_and_take_no_rank():
    within = context(
        {
            "a": Subject(outside=Outside.OVERSIGHT, outside_reason="纪检部门"),
            "b": Subject(ungraded=Ungraded(NoGrade.HELD, "立案调查")),
            "d": Subject(ungraded=Ungraded(NoGrade.COMMENT_ONLY, "试用期")),
        }
    )
    (found,) = Ranking().rank(totals(_TIES | {"e": None}), within)
    assert found.ranks == {"c": 1, "d": 2, "a": None, "b": None, "e": None}
    reasons = {place.subject: place.why[0].zh for place in found.places if place.rank is None}
    assert reasons == {
        "a": "监督单位,不排名(纪检部门)",
        "b": "待定,暂不排名(立案调查)",
        "e": "未报送,没有总分,不排名",
    }


def test_a_list_that_is_whole_only_down_to_a_rank_gives_no_rank_beyond_it():
    (found,) = Ranking().rank(totals(_TIES), context(complete_to={"overall": 2}))
    assert found.ranks == {"a": 1, "b": 2, "c": 2, "d": None}
    assert found.places[-1].why[0].en == "the list is whole only down to 2: rank unknown"


def test_the_setting_refuses_what_it_does_not_know():
    assert codes(Ranking, {"method": "olympic", "scopes": [], "tiebreaks": []}) == {
        "method": "not-an-option",
        "scopes": "not-a-list",
        "tiebreaks": "unknown",
    }


def test_the_setting_says_itself():
    ranking = read(Ranking, {"scopes": ["overall", "序列"], "tie_breaks": [{"figure": "业务工作"}]})
    assert (
        ranking.describe("zh")
        == "高者在前;并列占位(1、2、2、4);排名范围:全体、“序列”;同分先按“业务工作”高者在前"
    )
    assert read(Ranking, ranking.to_data()) == ranking


_values = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.fractions(0, 100, max_denominator=4), max_size=12
)


@given(_values, st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_the_totals(values, random):
    shuffled = list(values.items())
    random.shuffle(shuffled)
    assert Ranking().rank(totals(values), context()) == Ranking().rank(totals(dict(shuffled)), context())


@given(_values)
def test_a_competition_rank_is_one_more_than_how_many_are_strictly_better(values):
    for found in Ranking().rank(totals(values), context()):
        for subject, rank in found.ranks.items():
            assert rank == 1 + sum(other > values[subject] for other in values.values())


@given(_values, st.sampled_from(["competition", "dense", "ordinal"]))
def test_nobody_with_more_stands_behind_somebody_with_less(values, method):
    for found in Ranking(method).rank(totals(values), context()):
        in_order = [place.value for place in found.places]
        assert in_order == sorted(in_order, reverse=True)
        assert [place.rank for place in found.places] == sorted(place.rank for place in found.places)


def test_case_08_one_set_of_scores_has_a_place_among_all_and_one_in_the_group():
    for release, wanted in case("08")["expected"].items():
        rows = case("08")["inputs"][release]
        hilly = {state: Subject(groups={"kind": "hilly"}) for state, _, inside in rows if inside}
        announced = {"overall": case("08")["parameters"]["members_overall"]}
        within = context(hilly, announced=announced, complete_to={"overall": 6, "kind/hilly": 5})
        whole, group = Ranking(scopes=("overall", "kind")).rank(
            {state: Total(Fraction(score)) for state, score, _ in rows}, within
        )
        assert [place.subject for place in group.places] == wanted["group_top5"]
        ranked = {state: rank for state, rank in whole.ranks.items() if rank is not None}
        if "overall_ranks" in wanted:
            assert ranked == wanted["overall_ranks"]
        else:
            assert list(ranked) == wanted["overall_top6"]
        assert whole.ranks["Mizoram"] is None
        assert [finding.code for finding in whole.findings] == ["count-differs"]


def test_a_total_without_points_has_a_state_and_not_a_zero():
    (found,) = Ranking().rank({"a": Total(Fraction(0)), "b": Total(None, State.ABSTAINED)}, context())
    assert found.ranks == {"a": 1, "b": None}
