"""Who answers for a unit, for how long somebody is paid, and until when a consequence holds."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from contracts import org, scoring
from contracts.org import GrantStatus, SubjectKind
from contracts.permissions import Role
from contracts.scoring import ClosingStatus
from kernel.ids import new_id
from rules.calendars.spans import Span
from rules.standing import Service, parse_standing
from services.reporting.domain.outcomes import (
    Decision,
    OutcomeDates,
    OutcomeDecided,
    OutcomeState,
    Stage,
    check_dates,
    check_move,
    merged,
    settle_stages,
    state_of,
)
from tests.services.reporting.conftest import NOON, REPORTING, Bureau
from tests.services.reporting.test_outcomes import BOTTOM, office, sealed

CASE = Path(__file__).parents[3] / "examples/cases/23_consecutive_bottom_consequences.json"
GRADES = {
    "grades": [{"name": "excellent", "op": ">=", "bound": "90"}, {"name": "met", "op": ">=", "bound": "60"}],
    "otherwise": "not_met",
}
TOTALS = {"excellent": 95_000, "met": 70_000, "not_met": 50_000}


def month_end(text: str) -> date:
    return date(int(text[:4]), 12, 31)  # every term of the case ends with a year


def test_heads_answer_for_the_standard_of_the_years_that_they_served_in_full():
    """Worked case 23, its counties, from totals year by year."""
    case = json.loads(CASE.read_text("utf-8"))
    counties = case["inputs"]["standard_results"]
    both = {"type": "run", "periods": 2, "persons": {"served": "whole"}}
    bad = {"type": "grades", "grades": ["not_met"]}
    standing = parse_standing(
        {
            "grades": GRADES,
            "consequences": [
                {"type": "once", "when": bad, "gives": ["yellow_card_only"], "persons": {}},
                {**both, "when": bad, "gives": ["resign_or_removed"], "replaces": ["yellow_card_only"]},
                {**both, "when": {"type": "grades", "grades": ["excellent"]}, "gives": ["merit"]},
            ],
        }
    )
    heads = {
        county: [
            Service(h["name"], date.fromisoformat(h["from"] + "-01"), month_end(h["to"])) for h in row["head"]
        ]
        for county, row in counties.items()
    }
    stages = [
        Stage(Span(year, date(int(year), 1, 1), date(int(year), 12, 31)), year, {c: TOTALS[row[year]] for c, row in counties.items()})
        for year in ("2002", "2003")
    ]  # fmt: skip
    settled = settle_stages(standing, stages, heads)
    said = {who: settled.to(who) for who in case["expected"]["standard_2003"]}
    assert said == {"h1": ("resign_or_removed",), "h2": (), "h3": ("yellow_card_only",), "h4": ("merit",)}


def test_equals_are_parted_as_on_the_board():
    data = {"ranking": {"tie_breaks": [{"figure": "business"}]}, "consequences": [BOTTOM]}
    figures = {"A": {"business": 1000}, "B": {"business": 2000}}
    stage = Stage(Span("2026", date(2026, 1, 1), date(2026, 12, 31)), "2026", {"A": 5000, "B": 5000}, figures)
    settled = settle_stages(parse_standing(data), [stage], {})
    assert [given.to for given in settled.given] == ["A"]


def test_a_rule_for_the_series_is_a_rule_for_the_list_which_is_of_one_series():
    data = {
        "ranking": {"scopes": ["series"]},
        "consequences": [
            {"type": "once", "when": {"type": "last", "n": 1, "scope": "series"}, "gives": ["通报批评"]}
        ],
    }
    stage = Stage(Span("2026", date(2026, 1, 1), date(2026, 12, 31)), "2026", {"A": 1000, "B": 5000})
    assert [given.to for given in settle_stages(parse_standing(data), [stage], {}).given] == ["A"]


def test_terms_that_follow_each_other_are_one():
    terms = [
        Service("a", date(2026, 7, 1), None),
        Service("a", date(2026, 1, 1), date(2026, 3, 31)),
        Service("a", date(2026, 4, 1), date(2026, 5, 31)),
    ]
    assert merged(terms) == [
        Service("a", date(2026, 1, 1), date(2026, 5, 31)),
        Service("a", date(2026, 7, 1), None),
    ]


@pytest.mark.parametrize(
    ("decision", "cure", "expires", "open_appeals", "wanted"),
    [
        (None, None, None, 0, OutcomeState.PROPOSED),
        (None, None, None, 1, OutcomeState.WAITING),
        ("confirmed", date(2026, 11, 12), None, 0, OutcomeState.CURING),
        ("confirmed", date(2026, 11, 11), None, 0, OutcomeState.CONFIRMED),
        ("confirmed", None, date(2026, 11, 12), 0, OutcomeState.CONFIRMED),
        ("confirmed", None, date(2026, 11, 11), 0, OutcomeState.EXPIRED),
        ("lifted", date(2026, 12, 1), None, 0, OutcomeState.LIFTED),
        ("dismissed", None, None, 1, OutcomeState.DISMISSED),
    ],
)
def test_the_last_day_of_a_cure_period_and_of_an_expiry_is_in_it(
    decision, cure, expires, open_appeals, wanted
):
    assert state_of(decision, cure, expires, date(2026, 11, 12), open_appeals=open_appeals) is wanted


@pytest.mark.parametrize(
    ("decision", "cure", "expires"),
    [
        (Decision.CONFIRMED, date(2026, 11, 11), None),
        (Decision.CONFIRMED, date(2026, 12, 2), date(2026, 12, 1)),
        (Decision.DISMISSED, None, date(2026, 12, 1)),
    ],
)
def test_dates_that_make_no_sense_are_refused(decision, cure, expires):
    with pytest.raises(OutcomeDates):
        check_dates(decision, cure, expires, date(2026, 11, 12))


@pytest.mark.parametrize("before", [OutcomeState.EXPIRED, OutcomeState.LIFTED, OutcomeState.PROPOSED])
def test_only_what_is_in_force_is_lifted(before):
    with pytest.raises(OutcomeDecided):
        check_move(before, Decision.LIFTED)


def lead(bureau: Bureau, name: str, unit: str, **more: object) -> org.Grant:
    return org.Grant(
        id=new_id(), version=1, account_id=new_id(), officer_id=bureau.officers[name].id, role=Role.UNIT_LEADER,
        scope_unit_id=bureau.units[unit].id, lines=(), status=GrantStatus.APPROVED, valid_from=date(2020, 1, 1), valid_to=None,
    ).model_copy(update=more)  # fmt: skip


async def test_a_leader_whose_grant_was_revoked_answers_for_the_time_before(bureau: Bureau):
    gone = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)  # already November in the bureau's zone
    await bureau.tell(
        lead(bureau, "an", "P2", status=GrantStatus.REVOKED, decided_at=gone),
        lead(bureau, "bo", "P2", valid_from=date(2026, 11, 2)),
    )
    where = await sealed(bureau, P1=90_000, P2=60_000)
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    assert [o["to_name"] for o in found["items"]] == ["P2所"]
    assert [(s["person"], s["why"]) for s in found["spared"]] == [
        ("an", "an 2026-11 期未任满"),
        ("bo", "bo 2026-10、2026-11 期未任满"),
    ]


async def test_a_grant_that_was_made_anew_in_time_is_one_term(bureau: Bureau):
    await bureau.tell(
        lead(bureau, "an", "P2", valid_to=date(2026, 11, 10)),
        lead(bureau, "an", "P2", valid_from=date(2026, 11, 11)),
    )
    where = await sealed(bureau, P1=90_000, P2=60_000)
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    assert [(o["to_name"], o["gives"]) for o in found["items"]] == [
        ("P2所", ["通报批评"]),
        ("an", ["建议调整"]),
    ]


async def test_pay_by_the_month_is_half_for_who_came_in_its_second_half(bureau: Bureau):
    for name, since in (("an", date(2020, 1, 1)), ("bo", date(2026, 11, 16)), ("chen", date(2026, 11, 15))):
        await bureau.tell(
            org.Posting(
                id=new_id(), version=1, officer_id=bureau.officers[name].id, unit_id=bureau.units["P1"].id, post="民警",
                kind=org.PostingKind.REGULAR, role_coefficient=Decimal(1), is_primary=True, valid_from=since, valid_to=None,
                deleted=False,
            )
        )  # fmt: skip
        await bureau.score(name, 95_000)
    payout = {"type": "payout", "by_grade": {"excellent": "600.5"}}
    await office(bureau).put(
        f"{REPORTING}/schemes/{bureau.scheme_id}/standing",
        {"data": {"grades": GRADES, "consequences": [payout]}, "reason": "绩效办法"},
    )
    await bureau.close(ClosingStatus.SEALED, 1)
    where = bureau.board(series_id=bureau.series["OFFICERS"], subject_kind="officer")
    found = await office(bureau).get(f"{REPORTING}/outcomes", **{k: str(v) for k, v in where.items()})
    assert {o["to_name"]: o["amount"] for o in found["items"]} == {
        "an": "600.5",
        "bo": "300.25",
        "chen": "600.5",
    }


async def test_what_was_confirmed_of_figures_that_were_corrected_is_listed_until_it_is_lifted(bureau: Bureau):
    where = await sealed(bureau, P1=90_000, P2=60_000)
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    path = f"{REPORTING}/outcomes/{found['items'][0]['id']}/decision"
    await office(bureau).post(path, where | {"decision": "confirmed", "reason": "局党委会议"})
    changed = scoring.CorrectedTotal(
        subject_kind=SubjectKind.UNIT,
        subject_id=bureau.units["P1"].id,
        before_milli=90_000,
        after_milli=50_000,
    )
    await bureau.tell(
        scoring.Supplement(
            id=new_id(), version=1, scheme_id=bureau.scheme_id, period_id=bureau.periods["2026-11"].id, seal_number=9,
            reason="重复计分", document_number=None, sealed_at=NOON, settled_period_id=None, totals=(changed,),
        )
    )  # fmt: skip
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    assert [(o["to_name"], o["state"], o["follows"]) for o in found["items"]] == [
        ("P1所", "proposed", True),
        ("P2所", "confirmed", False),
    ]
    await office(bureau).post(path, where | {"decision": "lifted", "reason": "更正后不再末位"})
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    assert [o["to_name"] for o in found["items"]] == ["P1所"]


async def test_dates_go_with_a_confirmation_alone(bureau: Bureau):
    where = await sealed(bureau, P1=90_000, P2=60_000)
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    path = f"{REPORTING}/outcomes/{found['items'][0]['id']}/decision"
    body = where | {"decision": "confirmed", "reason": "r", "expires_on": "2020-01-01"}
    assert (await office(bureau).problem("POST", path, json=body))["code"] == "outcome-dates"


def test_a_head_is_paid_for_his_own_months():
    data = {
        "grades": GRADES,
        "consequences": [
            {"type": "payout", "by_grade": {"excellent": "1000"}, "persons": {"served": "any_day"}}
        ],
    }
    year = Stage(Span("2026", date(2026, 1, 1), date(2026, 12, 31)), "2026", {"P": 95_000})
    heads = [Service("h1", date(2020, 1, 1), date(2026, 4, 30)), Service("h2", date(2026, 5, 20))]
    settled = settle_stages(parse_standing(data), [year], {"P": heads})
    assert {given.to: given.amount for given in settled.given} == {"h1": 4000, "h2": 7500}
