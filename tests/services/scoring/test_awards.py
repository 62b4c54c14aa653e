import asyncio
from typing import Any
from uuid import uuid4

import pytest

from contracts.permissions import Role
from contracts.targets import PeriodStatus
from kernel.testing.people import grant
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk


def award(desk: Desk, name: str = "an", **changes: Any) -> dict[str, Any]:
    kind, subject_id, _ = desk.bureau.subject(name)
    body = {
        "scheme_id": str(desk.bureau.scheme_id),
        "subject_kind": kind.value,
        "subject_id": str(subject_id),
        "kind": "bonus",
        "points": "1.5",
        "category": "表彰",
        "level": "市级",
        "document_number": "市公〔2026〕1号",
        "occurred_on": "2026-11-10",
        "reason": "追回被盗车辆",
    }
    return body | changes


async def test_a_bonus_is_posted_at_once_below_the_threshold(desk: Desk):
    made = await desk["office"].post(f"{API}/awards", award(desk))
    assert made["status"] == "posted"
    assert (await desk.posted("an"), await desk.total("an")) == ([1500], 1500)


async def test_a_penalty_is_a_negative_entry(desk: Desk):
    await desk["office"].post(f"{API}/awards", award(desk, kind="penalty"))
    assert await desk.posted("an") == [-1500]


async def test_above_the_threshold_another_person_signs_before_it_counts(desk: Desk):
    made = await desk["office"].post(f"{API}/awards", award(desk, points="2.5"))
    assert (made["status"], await desk.entries()) == ("pending", 0)
    same = await desk["office"].problem("POST", f"{API}/awards/{made['id']}/confirm")
    assert (same["status"], same["code"]) == (403, "award-second-person")
    done = await desk["second"].post(f"{API}/awards/{made['id']}/confirm")
    assert (done["status"], await desk.posted("an")) == ("posted", [2500])


async def test_two_signatures_at_the_same_moment_post_once(desk: Desk):
    made = await desk["office"].post(f"{API}/awards", award(desk, points="2.5"))
    send = [desk["second"].send("POST", f"{API}/awards/{made['id']}/confirm") for _ in range(2)]
    answers = await asyncio.gather(*send)
    assert sorted(a.status_code for a in answers) == [200, 409]
    assert await desk.posted("an") == [2500]


async def test_a_refused_bonus_never_counts(desk: Desk):
    made = await desk["office"].post(f"{API}/awards", award(desk, points="2.5"))
    await desk["second"].post(f"{API}/awards/{made['id']}/refuse", {"reason": "文件不符"})
    again = await desk["second"].problem("POST", f"{API}/awards/{made['id']}/confirm")
    assert (again["status"], again["code"], await desk.entries()) == (409, "award-state", 0)


async def test_a_reversal_is_an_entry_of_its_own_and_happens_once(desk: Desk):
    made = await desk["office"].post(f"{API}/awards", award(desk))
    await desk["office"].post(f"{API}/awards/{made['id']}/reverse", {"reason": "登记有误"})
    assert (await desk.posted("an"), await desk.total("an")) == ([1500, -1500], 0)
    again = await desk["office"].problem(
        "POST", f"{API}/awards/{made['id']}/reverse", json={"reason": "再次"}
    )
    assert again["code"] == "award-state"


async def test_bonuses_and_penalties_stop_at_the_caps_of_the_scheme(desk: Desk):
    for kind in ("bonus", "penalty"):
        for _ in range(3):
            await desk["office"].post(f"{API}/awards", award(desk, kind=kind, points="2"))
    found = await desk.statement("an")
    assert found is not None
    assert found.modules == {"mod_bonus": 3000, "mod_deduction": -4000}
    assert (found.entries_milli, found.total_milli) == (0, -1000)


@pytest.mark.parametrize("subject", ["office", "CITY"])
async def test_nobody_awards_himself_or_his_own_unit(desk: Desk, subject: str):
    found = await desk["office"].problem("POST", f"{API}/awards", json=award(desk, subject))
    assert (found["status"], found["code"]) == (403, "award-own")


async def test_an_award_outside_the_scope_of_the_role_is_not_found(desk: Desk):
    county = desk.bureau.units["XZ02"]
    desk.bureau.join("elsewhere", "XZ02", grant(Role.ASSESSMENT_OFFICE, county.id, county.path))
    found = await desk["elsewhere"].problem("POST", f"{API}/awards", json=award(desk))
    assert (found["status"], await desk.entries()) == (404, 0)


@pytest.mark.parametrize("name", ["an", "leader", "auditor"])
async def test_awards_need_the_permission(desk: Desk, name: str):
    found = await desk[name].problem("POST", f"{API}/awards", json=award(desk, "bo"))
    assert (found["status"], found["code"]) == (403, "permission-denied")


async def test_the_same_key_enters_one_award(desk: Desk):
    key, body = str(uuid4()), award(desk)
    answers = [await desk["office"].post(f"{API}/awards", body, key=key) for _ in range(2)]
    assert answers[0] == answers[1]
    assert await desk.posted("an") == [1500]


async def test_nothing_is_posted_to_a_sealed_period(desk: Desk):
    goal = desk.bureau.target("an")
    await desk.hear(goal, later(desk.bureau.period, status=PeriodStatus.SEALED))
    found = await desk["office"].problem("POST", f"{API}/awards", json=award(desk))
    assert (found["status"], found["code"]) == (409, "period-closed")
    assert await desk.hear(desk.bureau.work("an", goal)) == ["parked"]
    assert await desk.entries() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": "0"}, {"points": "-1"}, {"points": "NaN"}, {"points": "1E+400"}, {"points": "0.0001"}, {"points": {}},
        {"occurred_on": "2026-11-31"}, {"occurred_on": "2026-11-13"}, {"occurred_on": "2026-10-31"}, {"occurred_on": 1e400},
        {"reason": ""}, {"reason": "\x00"}, {"reason": "长" * 10_000}, {"category": "\ud800"}, {"level": None},
        {"kind": "gift"}, {"subject_kind": "dog"}, {"subject_id": "x"}, {"extra": 1},
    ],
)  # fmt: skip
async def test_bad_input_is_answered_precisely(desk: Desk, wrong: dict[str, Any]):
    import json

    body = json.dumps(award(desk) | wrong)
    found = await desk["office"].problem(
        "POST", f"{API}/awards", content=body, headers={"Content-Type": "application/json"}
    )
    assert found["status"] in {400, 422}
    assert await desk.entries() == 0
