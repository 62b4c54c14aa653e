"""The ten cases of examples/cases through the plan-file form, with their stated alternatives as settings."""

from fractions import Fraction

import pytest

from tests.rules.plan.files import evaluated, numbers, one, values
from tests.rules.standing.published import case


def test_case_02_ties_share_the_better_rank_and_rewards_go_by_rank():
    ((_, settled),) = evaluated("02_matou")
    expected = case("02")["expected"]
    for row in expected["table"]:
        assert settled.outcomes[row["unit"]].rank("overall") == row["rank"]
        paid = [given.amount for given in settled.given if given.to == row["unit"]]
        assert paid == ([] if row["reward"] is None else [Fraction(row["reward"])])
    assert settled.amount() == Fraction(expected["reward_total"])
    assert [finding.code for finding in settled.findings] == ["count-differs"]


@pytest.mark.parametrize("release", ["2023-10", "2023-11"])
def test_case_08_one_set_of_scores_is_ranked_as_a_whole_and_inside_a_group(release: str):
    ((_, settled),) = evaluated("08_cctns", "plan", f"facts-{release}")
    expected = case("08")["expected"][f"release_{release.replace('-', '_')}"]
    found = {name: outcome.rank("overall") for name, outcome in settled.outcomes.items()}
    if "overall_ranks" in expected:
        assert {name: found[name] for name in expected["overall_ranks"]} == expected["overall_ranks"]
    else:
        assert [name for name, rank in sorted(found.items(), key=lambda i: i[1] or 99) if rank] == expected[
            "overall_top6"
        ]
    assert found["Mizoram"] is None
    groups = {place.subject: place.position for ranked in settled.lists for place in ranked.places}
    top = sorted(expected["group_top5"], key=lambda name: settled.outcomes[name].rank("terrain") or 99)
    assert top == expected["group_top5"]
    assert groups


def test_case_12_a_negative_list_with_a_group_cap_doubling_and_a_fixed_veto():
    found, expected = one("12_wenzhou"), case("12")["expected"]
    for node, item in (
        ("survey", "survey"),
        ("events_item", "events"),
        ("inspection", "inspection"),
        ("rank_item", "rank_item"),
    ):
        assert values(found, node) == numbers(expected[item])
    assert values(found) == numbers(expected["total"])
    veto = {key: (total or 0) - (found.value(key, "sum") or 0) for key, total in values(found).items()}
    assert veto == numbers(expected["veto"])


@pytest.mark.parametrize(
    ("reading", "wanted"),
    [
        ("marginal", "marginal"),
        ("whole_at_rate", "whole_shortfall_at_higher_rate"),
        ("last_part", "shortfall_below_90_only"),
    ],
)
def test_case_12_each_reading_of_two_slopes_is_a_setting(reading: str, wanted: str):
    from rules.plan import evaluate, parse_facts

    plan = one("12_wenzhou", two_slopes=reading).plan
    figures = {
        "safety": case("12")["inputs"]["ambiguous_item"]["safety"],
        **dict.fromkeys(
            ("awareness", "awareness_mean", "participation", "participation_mean", "rank_change"), "0"
        ),
    }
    facts = parse_facts({"format": "kaohe/facts/1", "subjects": [{"id": "K", "figures": figures}]})
    assert evaluate(plan, facts).value("K", "safety_item") == Fraction(
        case("12")["expected"]["ambiguous_safety_88"][wanted]
    )


def test_case_16_a_month_of_events_from_the_26th_to_the_25th():
    ((found, settled),) = evaluated("16_auxiliary")
    assert values(found) == numbers(case("16")["expected"]["scores"])
    passed = {name: outcome.grade == "及格" for name, outcome in settled.outcomes.items()}
    assert passed == case("16")["expected"]["pass"]


def test_case_16_each_further_sign_in_that_is_missing_weighs_more():
    station = [{"marks": "-1"}, {"marks": "-2"}, {"marks": "-5"}, {"as": "absence"}]
    found = one("16_auxiliary", "plan", "facts-sign-in", sign_in=station)
    expected = case("16")["expected"]["progressive_sign_in_total"]
    assert values(found) == {f"n{count}": 100 + Fraction(marks) for count, marks in expected.items()}


def test_case_16_three_working_days_and_the_year():
    ((found, _),) = evaluated("16_auxiliary", "plan", "facts-clocks")
    assert {c.id: c.last for c in found.deadlines()[0]} == case("16")["expected"]["appeal_deadlines"]
    ((_, year),) = evaluated("16_auxiliary", "plan-year", "facts-year")
    assert {name: outcome.grade for name, outcome in year.outcomes.items()} == {"D": "不称职", "E": "称职"}


def test_case_20_duties_that_a_station_does_not_have_score_full_marks():
    ((found, settled),) = evaluated("20_station")
    assert values(found) == numbers(case("20")["expected"]["totals"])
    assert {k: o.grade for k, o in settled.outcomes.items()} == case("20")["expected"]["levels"]


def test_case_23_runs_of_years_and_rising_steps_of_months():
    years = evaluated("23_consecutive", "plan-annual", *(f"facts-annual-{y}" for y in (2021, 2022, 2023)))
    for (found, settled), wanted in zip(years, case("23")["expected"]["annual"].values(), strict=True):
        assert {unit: list(settled.to(unit)) for unit in wanted} == wanted, found.board.facts.period.key
    expected = case("23")["expected"]["monthly"]
    months = evaluated("23_consecutive", "plan-monthly", *(f"facts-monthly-{m}" for m in expected))
    for (_, settled), wanted in zip(months, expected.values(), strict=True):
        assert {given.to: given.gives[0] for given in settled.given} == wanted


def test_case_23_heads_answer_for_the_years_that_they_served_in_full():
    *_, (_, settled) = evaluated(
        "23_consecutive", "plan-standard", "facts-standard-2002", "facts-standard-2003"
    )
    expected = case("23")["expected"]["standard_2003"]
    found = {head: (settled.to(head) or ("none (left before second year)",))[0] for head in expected}
    assert found == expected


def test_case_24_clocks_of_review_and_appeal():
    ((found, _),) = evaluated("24_clocks")
    struck, unknown = found.deadlines()
    assert unknown == []
    clocks, expected = {clock.id: clock for clock in struck}, case("24")["expected"]
    assert (clocks["review"].raw, clocks["review"].last) == (
        expected["review_deadline_raw"],
        expected["review_deadline"],
    )
    for clock, wanted in (
        ("direct_appeal", "direct_appeal_deadline"),
        ("appeal_after_review", "appeal_after_review_deadline"),
        ("appeal_decision", "appeal_decision_deadline"),
        ("appeal_decision_extended", "appeal_decision_deadline_extended"),
        ("bureau_objection", "bureau_objection_deadline"),
        ("confinement_decision", "confinement_decision_by"),
    ):
        assert clocks[clock].last == expected[wanted], clock
    assert clocks["bureau_objection"].raw == expected["bureau_objection_deadline_raw"]
    grades = case("24")["inputs"]["appealable_check"]
    assert [clocks[f"review-{grade}"].open for grade in grades] == expected["appealable"]
    assert list(values(found).values()) == [Fraction(expected["score_after_review"])]


def test_case_27_the_highest_coefficient_and_its_exemptions():
    ((found, settled),) = evaluated("27_shangcheng")
    expected = case("27")["expected"]
    officers = {key: value for key, value in values(found, "coefficient").items() if key != "unit"}
    assert officers == numbers(expected["coefs"])
    assert {k: v for k, v in values(found).items() if k != "unit"} == numbers(expected["weighted"])
    ranked = {key: settled.outcomes[key].rank("overall") for key in expected["ranking"]}
    assert list(ranked.values()) == [1, 2, 3, 4, 5, 6]
    assert found.value("unit", "unit_mean") == Fraction(expected["unit_mean_coef"])
    assert found.marks("unit") == {"balanced": expected["within_tolerance"]}


def test_case_29_caps_of_items_with_rates_and_cases():
    found, expected = one("29_population"), case("29")["expected"]
    for town, items in expected["items"].items():
        for number, wanted in items.items():
            assert found.value(town, f"item{number}") == Fraction(wanted), (town, number)
    assert values(found) == numbers(expected["totals"])


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [("whole", "whole_steps"), ("proportional", "proportional"), ("started", "started_steps")],
)
def test_case_29_a_fraction_of_a_step_is_a_setting(mode: str, wanted: str):
    from rules.plan import evaluate, parse_facts

    plan = one("29_population", fraction=mode).plan
    full = {"rental": "90", "accuracy": "90", "listing": "1.5", "strike": "20", "permit": "30"}
    none = dict.fromkeys(("key_missing", "grave_missing", "check_missing", "unlawful"), "0")
    figures = {"registration": case("29")["inputs"]["fractional"]["reg"], **full, **none}
    facts = parse_facts({"format": "kaohe/facts/1", "subjects": [{"id": "N", "figures": figures}]})
    assert evaluate(plan, facts).value("N", "item2") == Fraction(case("29")["expected"]["fractional"][wanted])


def test_case_30_extra_tasks_brought_back_to_a_hundred_and_a_bonus_after_it():
    ((found, settled),) = evaluated("30_safety", "plan-shuozhou", "facts-shuozhou")
    expected = case("30")["expected"]
    assert values(found, "converted") == numbers(expected["shuozhou_converted"])
    assert values(found) == numbers(expected["shuozhou_final"])
    assert {k: o.grade for k, o in settled.outcomes.items()} == expected["shuozhou_grade"]
    ((_, zunyi),) = evaluated("30_safety", "plan-zunyi", "facts-zunyi")
    assert {k: o.shown for k, o in zunyi.outcomes.items()} == expected["zunyi"]
