"""Sanctions, investigations, exemptions, direct placement, probation, merged units: what a plan makes of a decision."""

import pytest

from rules.binding.filling import settle
from rules.findings import RuleError
from rules.standing.grading import GradeState
from tests.rules.binding.people import NOVEMBER, YEAR, binding, held, officer, run, stint, unit

EFFECTS = {
    "警告": {"not_above": "称职"},
    "记过": {"ungraded": "comment_only"},
    "立案审查": {"ungraded": "held"},
    "监督单位": {"outside": "oversight"},
    "全市第一": {"placed": "优秀"},
    "援藏": {"not_below": "称职"},
    "病休": {},
}
HOME = stint("A", "2020-01-01")


def settled(*circumstances, score="95", period=NOVEMBER, **more):
    found = binding(circumstances=EFFECTS, **more)
    return (
        run(found, officer("an", HOME, circumstances=circumstances), period=period, an=score)
        .settle()
        .outcomes["an"]
    )


def test_a_warning_bars_the_top_grade_of_a_year_that_it_touches():
    assert settled(held("警告", "2025-07-05", "2026-01-04"), period=YEAR).grade == "称职"
    assert settled(held("警告", "2025-07-05", "2025-12-31"), period=YEAR).grade == "优秀"


def test_a_demerit_leaves_a_comment_only_and_an_investigation_holds_the_grade():
    assert settled(held("记过", "2026-06-01", "2027-05-31")).graded.state is GradeState.COMMENT_ONLY
    found = settled(held("立案审查", "2026-11-20"))
    assert (found.graded.state, found.grade) == (GradeState.HELD, None)


def test_an_investigation_that_was_lifted_stays_held_until_it_is_filled_in():
    assert (
        settled(held("立案审查", "2026-11-20", "2027-02-01", lifted="结案〔2027〕3号")).graded.state
        is GradeState.HELD
    )


@pytest.mark.parametrize(
    ("since", "until", "touches"),
    [("2026-11-30", None, True), ("2026-12-01", None, False), ("2026-01-01", "2026-11-01", True), ("2026-01-01", "2026-10-31", False)],
)  # fmt: skip
def test_a_decision_holds_in_a_period_that_has_one_of_its_days(since, until, touches):
    assert held("警告", since, until).touches(NOVEMBER) is touches


_CLEARED = held("立案审查", "2026-11-20", "2027-02-01", lifted="结案〔2027〕3号")


@pytest.mark.parametrize(
    ("others", "grade"),
    [
        ((), "优秀"),
        ((held("立案审查", "2026-11-25"),), None),
        ((held("病休", "2026-11-25"),), "优秀"),
        ((held("立案审查", "2026-12-01"),), "优秀"),
    ],
)
def test_what_was_held_is_filled_in_once_everything_that_held_it_is_lifted(others, grade):
    found = binding(circumstances=EFFECTS)
    an = officer("an", HOME, circumstances=(_CLEARED, *others))
    outcome = settle(found, run(found, an, an="95"), [an]).outcomes["an"]
    assert (outcome.grade, "结案〔2027〕3号" in outcome.graded.lines[-1].zh) == (grade, grade is not None)


def test_any_other_decision_that_was_lifted_has_never_held_anybody_down():
    assert settled(held("警告", "2026-06-01", "2026-12-01", lifted="撤销〔2026〕1号")).grade == "优秀"


def test_exempt_placed_and_not_below():
    assert settled(held("监督单位", "2026-01-01")).rank("overall") is None
    assert settled(held("全市第一", "2026-01-01", "2026-12-31"), score="61").grade == "优秀"
    assert settled(held("援藏", "2026-01-01"), score="10").grade == "称职"


def test_a_circumstance_may_be_a_figure_and_nothing_else():
    nodes = {
        "less": {
            "type": "gate",
            "of": "score",
            "effect": "add",
            "amount": "-5",
            "when": {"of": "ill", "op": "==", "than": "1"},
        }
    }
    more = {"nodes": nodes, "total": "less", "sources": {"ill": {"circumstance": "病休"}}}
    assert settled(held("病休", "2026-11-30"), **more).total.value == 90
    assert settled(held("病休", "2026-12-01"), **more).total.value == 95
    assert settled(held("援藏", "2026-11-01"), held("病休", "2026-11-30"), **more).total.value == 90


def test_the_rule_of_a_plan_for_probation_part_year_and_new_units():
    plan = {
        "ungraded": [
            {"when": {"of": "status", "has": "probation"}, "state": "comment_only", "reason": "试用期"}
        ],
        "outside": [
            {
                "when": {"of": "months", "op": "<", "than": "9"},
                "state": "not_assessed",
                "reason": "不满九个月",
            }
        ],
    }
    sources = {"status": {"person": "status"}, "months": {"person": "service_months"}}
    found = binding(plan=plan, sources=sources)
    people = [
        officer("new", HOME, status="probation"),
        officer("late", stint("A", "2026-05-01"), status="in_service"),
        unit("young", since=NOVEMBER.start.replace(month=6)),
        unit("old", since=NOVEMBER.start.replace(year=2020)),
    ]
    outcomes = run(found, *people, new="95", late="95", young="95", old="95").settle().outcomes
    assert outcomes["new"].graded.state is GradeState.COMMENT_ONLY
    assert [outcomes[name].grade for name in ("late", "young", "old")] == [None, None, "优秀"]
    assert outcomes["young"].rank("overall") is None


def test_a_head_who_has_just_come_does_not_answer_for_the_past():
    rule = {
        "type": "once",
        "when": {"type": "last", "n": 1},
        "gives": ["诫勉"],
        "persons": {"served": "whole"},
    }
    found = binding(standing={"consequences": [rule]}, people={"heads": ["所长"]})
    served, new = stint("A", "2020-01-01", post="所长"), stint("B", "2026-11-11", post="所长")
    units = [unit("A", heads=(("老所长", served),)), unit("B", heads=(("新所长", new),))]
    settled = run(found, *units, A="80", B="70").settle()
    assert (settled.to("新所长"), [s.person for s in settled.spared]) == ((), ["新所长"])
    assert run(found, *units, A="60", B="70").settle().to("老所长") == ("诫勉",)


def test_pay_goes_by_the_months_of_service():
    rule = {"type": "payout", "by_grade": {"优秀": "1000"}}
    found = binding(standing={"consequences": [rule]})
    people = [officer("all", HOME), officer("late", stint("A", "2026-07-20"))]
    settled = run(found, *people, period=YEAR, all="95", late="95").settle()
    assert {g.to: g.amount for g in settled.given} == {"all": 12000, "late": 5500}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"circumstances": {"警告": {"not_above": "称值"}}}, "grade-unknown"),
        ({"circumstances": {"警告": {"not_above": "称职", "placed": "优秀"}}}, "effects-several"),
        ({"circumstances": {"警告": []}}, "not-an-object"),
        ({"sources": {"ill": {"circumstance": "病休"}}}, "circumstance-unknown"),
        ({"people": {"counted": "never"}}, "not-an-option"),
        ({"people": {"away": {"leave": "host"}}}, "unknown"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(more, code):
    with pytest.raises(RuleError) as error:
        binding(**more)
    assert code in [finding.code for finding in error.value.findings]
