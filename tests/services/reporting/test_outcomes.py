"""Consequences of sealed figures: proposed by rule, waiting for appeals, decided by a named person."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

from contracts import org, scoring
from contracts.org import GrantStatus, SubjectKind
from contracts.permissions import Role
from contracts.scoring import ClosingStatus
from contracts.submissions import SubmissionStatus
from kernel.ids import new_id
from kernel.testing.people import Caller, grant, person
from rules.calendars.spans import Span
from rules.standing import Service, parse_standing
from services.reporting.domain.outcomes import Stage, settle_stages
from tests.services.reporting.conftest import NOON, REPORTING, Bureau

BOTTOM = {"type": "once", "when": {"type": "last", "n": 1}, "gives": ["通报批评"]}
HEAD = {
    "type": "run",
    "when": {"type": "last", "n": 1},
    "periods": 2,
    "gives": ["建议调整"],
    "persons": {"served": "whole"},
}


def year(number: int, ranks: dict[str, int], of: int = 13) -> Stage:
    """A year in which these had these ranks, others filling the rest."""
    totals = {name: (of - rank) * 1000 for name, rank in ranks.items()}
    free = sorted(set(range(1, of + 1)) - set(ranks.values()))
    totals |= {f"unit{place}": (of - place) * 1000 for place in free}
    return Stage(Span(str(number), date(number, 1, 1), date(number, 12, 31)), str(number), totals)


def test_top_three_bottom_three_two_years_last_and_three_years_in_the_bottom_three():
    """Worked case 23 of the examples: the chains of X, Y and Z over three years."""
    standing = parse_standing(
        {
            "consequences": [
                {"type": "once", "when": {"type": "first", "n": 3}, "gives": ["promotion_priority"]},
                {"type": "once", "when": {"type": "last", "n": 3}, "gives": ["bulletin", "self_criticism"]},
                {
                    "type": "run",
                    "when": {"type": "last", "n": 3},
                    "periods": 3,
                    "gives": ["propose_adjust_head"],
                },
                {
                    "type": "run",
                    "when": {"type": "last", "n": 1},
                    "periods": 2,
                    "gives": ["propose_adjust_head"],
                },
            ]
        }
    )
    years = [
        year(2021, {"X": 11, "Y": 13, "Z": 3}),
        year(2022, {"X": 12, "Y": 13, "Z": 2}),
        year(2023, {"X": 11, "Y": 10, "Z": 1}),
    ]
    low, head = ("bulletin", "self_criticism"), "propose_adjust_head"
    wanted = [
        {"X": low, "Y": low, "Z": ("promotion_priority",)},
        {"X": low, "Y": (*low, head), "Z": ("promotion_priority",)},
        {"X": (*low, head), "Y": (), "Z": ("promotion_priority",)},
    ]
    for count, expected in enumerate(wanted, start=1):
        settled = settle_stages(standing, years[:count], {})
        assert {name: settled.to(name) for name in expected} == expected


def test_a_step_further_every_month_in_the_bottom_two_and_back_to_the_first_after_a_clean_one():
    """Worked case 23, its months, stage by stage as sealed versions give them."""
    text = (Path(__file__).parents[3] / "examples/cases/23_consecutive_bottom_consequences.json").read_text(
        "utf-8"
    )
    case = json.loads(text)
    steps = ["warned", "report_to_superintendent", "transfer_possible"]
    ladder = {"type": "ladder", "when": {"type": "last", "n": 2}, "steps": steps}
    stages = []
    for key, bottom in case["inputs"]["monthly_bottom_two"].items():
        number = int(key[5:])
        low = {name: n for n, name in enumerate(bottom)}
        rest = {
            name: 100 + n
            for n, name in enumerate(["Kavinagar", "Linkroad", "Vijaynagar", "A", "B"])
            if name not in low
        }
        stages.append(
            Stage(
                Span(key, date(2016, number, 1), date(2016, number, 31 if number in {10, 12} else 30)),
                "2016",
                low | rest,
            )
        )
    standing = parse_standing({"consequences": [ladder]})
    for count, wanted in enumerate(case["expected"]["monthly"].values(), start=1):
        settled = settle_stages(standing, stages[:count], {})
        assert {given.to: given.gives[0] for given in settled.given} == wanted


def test_a_heads_consequence_falls_only_on_who_served_both_years():
    standing = parse_standing({"consequences": [HEAD]})
    both, late = Service("h1", date(2001, 5, 1)), Service("h3", date(2003, 1, 1))
    stages = [year(2002, {"P": 13}), year(2003, {"P": 13})]
    settled = settle_stages(standing, stages, {"P": (both, late)})
    assert (settled.to("h1"), settled.to("h3"), [s.person for s in settled.spared]) == (
        ("建议调整",),
        (),
        ["h3"],
    )


def test_money_by_rank_is_exact():
    bands = {
        "type": "bands",
        "bands": [{"from": 1, "to": 2, "amount": "5000"}, {"from": 3, "to": 7, "amount": "2000"}],
    }
    settled = settle_stages(parse_standing({"consequences": [bands]}), [year(2026, {})], {})
    assert settled.amount() == Fraction(20000)


def office(bureau: Bureau) -> Caller:
    city = bureau.units["CITY"]
    return bureau.platform.caller(
        "reporting", person(grant(Role.ASSESSMENT_OFFICE, city.id, city.path), name="李四")
    )


async def sealed(bureau: Bureau, **totals: int) -> dict[str, str]:
    await office(bureau).put(
        f"{REPORTING}/schemes/{bureau.scheme_id}/standing",
        {"data": {"consequences": [BOTTOM, HEAD | {"missing": "skips"}]}, "reason": "办法第九条"},
    )
    for period in ("2026-10", "2026-11"):
        for name, milli in totals.items():
            await bureau.score(name, milli, period)
        await bureau.close(ClosingStatus.SEALED, 1, period)
    return {k: str(v) for k, v in bureau.board(series_id=bureau.series["STATIONS"]).items()}


async def test_nothing_follows_from_figures_that_are_not_sealed(bureau: Bureau):
    await bureau.score("P1", 1000)
    problem = await office(bureau).problem("GET", f"{REPORTING}/outcomes", params=bureau.board())
    assert problem["code"] == "version-missing"


async def test_an_outcome_is_confirmed_by_a_named_person_and_lifted_when_it_was_made_good(bureau: Bureau):
    head = bureau.officers["an"].id
    await bureau.tell(
        org.Grant(
            id=new_id(), version=1, account_id=new_id(), officer_id=head, role=Role.UNIT_LEADER,
            scope_unit_id=bureau.units["P2"].id, lines=(), status=GrantStatus.APPROVED, valid_from=date(2020, 1, 1), valid_to=None,
        )
    )  # fmt: skip
    where = await sealed(bureau, P1=90_000, P2=60_000)
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    assert [(o["to_name"], o["gives"], o["state"]) for o in found["items"]] == [
        ("P2所", ["通报批评"], "proposed"),
        ("an", ["建议调整"], "proposed"),
    ]
    path = f"{REPORTING}/outcomes/{found['items'][0]['id']}/decision"
    body = where | {
        "decision": "confirmed",
        "reason": "局党委会议",
        "cure_until": "2098-03-01",
        "expires_on": "2099-12-31",
    }
    await office(bureau).post(path, body)
    again = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    confirmed = again["items"][0]
    assert (confirmed["state"], confirmed["decided_by"], confirmed["cure_until"]) == (
        "curing",
        "李四",
        "2098-03-01",
    )
    assert (await office(bureau).problem("POST", path, json=body))["code"] == "outcome-decided"
    await office(bureau).post(path, where | {"decision": "lifted", "reason": "整改到位"})
    listed = await office(bureau).send("GET", f"{REPORTING}/outcomes/list.csv", params=where)
    assert all(word in listed.text for word in ("P2所", "通报批评", "lifted", "整改到位"))


async def test_a_correction_after_the_seal_moves_what_follows(bureau: Bureau):
    where = await sealed(bureau, P1=90_000, P2=60_000)
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
    assert [o["to_name"] for o in found["items"]] == ["P1所"]


async def test_open_appeals_hold_a_confirmation_back(bureau: Bureau):
    where = await sealed(bureau, P1=90_000, P2=60_000)
    await bureau.entry("an", 1000, status=SubmissionStatus.UNDER_APPEAL)
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    assert (found["open_appeals"], found["items"][0]["state"]) == (1, "waiting")
    path = f"{REPORTING}/outcomes/{found['items'][0]['id']}/decision"
    problem = await office(bureau).problem(
        "POST", path, json=where | {"decision": "confirmed", "reason": "r"}
    )
    assert problem["code"] == "outcome-waits"


async def test_a_wrong_setting_is_refused_with_the_place_of_every_error(bureau: Bureau):
    body = {"data": {"ranking": {"method": "x"}, "consequences": [{"type": "y"}]}, "reason": "r"}
    problem = await office(bureau).problem(
        "PUT", f"{REPORTING}/schemes/{bureau.scheme_id}/standing", json=body
    )
    assert (problem["code"], len(problem["errors"])) == ("findings", 2)


async def test_whoever_has_only_a_part_of_the_scope_decides_nothing(bureau: Bureau):
    where = await sealed(bureau, P1=90_000, P2=60_000)
    part = bureau.units["P1"]
    caller = bureau.platform.caller("reporting", person(grant(Role.ASSESSMENT_OFFICE, part.id, part.path)))
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    path = f"{REPORTING}/outcomes/{found['items'][0]['id']}/decision"
    problem = await caller.problem("POST", path, json=where | {"decision": "confirmed", "reason": "r"})
    assert problem["status"] == 403
