"""Claiming and deciding: by the competent line, never one's own."""

import time
from datetime import timedelta
from typing import Any

import pytest

from contracts.permissions import Role
from contracts.targets import PeriodStatus
from kernel.testing.people import grant
from tests.services.submissions.bureau import CUTOFF
from tests.services.submissions.conftest import API, PDF, Desk, together

REFUSAL = {"reason": "与口径不符", "clause": "第三条"}


async def decide(desk: Desk, who: str, item: dict[str, Any], act: str, **body: Any) -> dict[str, Any]:
    done: dict[str, Any] = await desk[who].post(f"{API}/submissions/{item['id']}/{act}", body)
    return done


async def problem(desk: Desk, who: str, item: dict[str, Any], act: str, **body: Any) -> tuple[int, str]:
    told = await desk[who].problem("POST", f"{API}/submissions/{item['id']}/{act}", json=body)
    return told["status"], told["code"]


async def test_a_claim_accepted_in_full_counts_as_claimed(desk: Desk) -> None:
    held = await desk.claimed()
    assert held["status"] == "in_review"
    done = await decide(desk, "assessor", held, "accept")
    assert (done["status"], done["accepted_quantity"], done["notice_number"]) == ("accepted", "3", None)
    assert done["first_decided_by"] == done["decided_by"] == str(desk.bureau.people["assessor"].officer_id)
    told = await desk["author"].problem("GET", f"{API}/submissions/{held['id']}/notice")
    assert told["code"] == "notice-not-found"


async def test_a_reduction_needs_reason_and_clause_and_makes_a_notice(desk: Desk) -> None:
    held = await desk.claimed()
    assert await problem(desk, "assessor", held, "accept", quantity="4") == (422, "accept-above-claim")
    assert await problem(desk, "assessor", held, "accept", quantity="0") == (422, "accept-nothing")
    assert await problem(desk, "assessor", held, "accept", quantity="2") == (422, "reason-required")
    reason = {"reason": "一件重复"}
    assert await problem(desk, "assessor", held, "accept", quantity="2", **reason) == (422, "clause-required")
    done = await decide(desk, "assessor", held, "accept", quantity="2", **reason, clause="第五条")
    assert (done["status"], done["accepted_quantity"]) == ("accepted", "2")
    notice = await desk["author"].get(f"{API}/submissions/{held['id']}/notice")
    assert notice["number"] == done["notice_number"]
    assert (notice["kind"], notice["clause"], notice["claimed"]) == ("reduction", "第五条", "3")
    assert notice["appeal_last_day"] == "2026-11-17"  # three working days after Thursday the twelfth
    assert notice["appeal_to_unit_name"] == "单位CITY"
    assert "2026-11-17" in notice["right_zh"]


async def test_a_refusal_counts_nothing_and_makes_a_notice(desk: Desk) -> None:
    done = await desk.refused()
    assert (done["status"], done["accepted_quantity"]) == ("refused", "0")
    notice = await desk["author"].get(f"{API}/submissions/{done['id']}/notice")
    assert (notice["kind"], notice["decided_by_name"]) == ("refusal", "assessor")


async def test_returned_work_comes_back_until_the_repair_deadline(desk: Desk) -> None:
    held = await desk.claimed()
    back = await decide(
        desk, "assessor", held, "return", reason="材料不清晰", repair_until="2026-11-27T10:00:00Z"
    )
    assert back["status"] == "returned"
    path = f"{API}/submissions/{held['id']}"
    await desk["author"].patch(path, {"version": back["version"], "summary": "补充后"})
    assert (await desk.upload(held["id"], "补充.pdf", PDF)).status_code == 201
    desk.clock.move_to(CUTOFF + timedelta(days=2))
    again = await desk["author"].post(f"{path}/submit")
    assert (again["status"], again["reviewer_id"]) == ("submitted", None)
    second = await desk["other_assessor"].post(f"{path}/claim")
    back = await decide(desk, "other_assessor", second, "return", reason="仍不清晰")
    desk.clock.advance(timedelta(days=3, seconds=1))
    told = await desk["author"].problem("POST", f"{path}/submit", json={})
    assert told["code"] == "submission-closed"


async def test_a_repair_deadline_lies_ahead(desk: Desk) -> None:
    held = await desk.claimed()
    for moment in ("2026-11-01T00:00:00Z", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"):
        told = await problem(desk, "assessor", held, "return", reason="x", repair_until=moment)
        assert told == (422, "repair-deadline-invalid")
    assert (await problem(desk, "assessor", held, "return", reason="x", repair_until="2026-11-20"))[0] == 422


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("author", 403, "permission-denied"),
        ("stranger", 403, "permission-denied"),
        ("wrong_line", 403, "not-competent"),
    ],
)
async def test_only_the_competent_line_reviews(desk: Desk, who: str, status: int, code: str) -> None:
    sent = await desk.submitted()
    assert await problem(desk, who, sent, "claim") == (status, code)


async def test_an_assessor_of_another_unit_is_not_competent(desk: Desk) -> None:
    city = desk.bureau.units["CITY"]
    outsider = desk.bureau.join("outsider", "XZ02", grant(Role.ASSESSOR, city.id, city.path))
    assert outsider.officer_id
    sent = await desk.submitted()
    assert await problem(desk, "outsider", sent, "claim") == (403, "not-competent")


async def test_a_submission_out_of_scope_is_not_there(desk: Desk) -> None:
    other = desk.bureau.units["XZ02"]
    desk.bureau.join("elsewhere", "XZ02", grant(Role.ASSESSMENT_OFFICE, other.id, other.path))
    sent = await desk.submitted()
    assert await problem(desk, "elsewhere", sent, "claim") == (404, "submission-not-found")


async def test_nobody_reviews_own_work_nor_that_of_the_own_unit(desk: Desk) -> None:
    city = desk.bureau.units["CITY"]
    desk.bureau.join("own", "ZD1", grant(Role.ASSESSMENT_OFFICE, city.id, city.path))
    await desk.platform.tell("submissions", *desk.bureau.events)
    mine, colleagues = await desk.submitted("own"), await desk.submitted("colleague")
    assert await problem(desk, "own", mine, "claim") == (403, "own-work")
    assert await problem(desk, "own", colleagues, "claim") == (403, "own-units-work")
    listed = await desk["own"].get(f"{API}/reviews/queue", scope="all")
    assert not {mine["id"], colleagues["id"]} & {item["id"] for item in listed["items"]}


async def test_the_work_of_the_competent_unit_itself_goes_to_the_office(desk: Desk) -> None:
    sent = await desk.submitted("squad_member")
    assert sent["routed_to_office"] is True
    assert sent["authority_unit_id"] == str(desk.bureau.units["KHB"].id)
    assert (await problem(desk, "assessor", sent, "claim"))[0] == 403
    queue = await desk["office"].get(f"{API}/reviews/queue")
    assert sent["id"] in {item["id"] for item in queue["items"]}
    held = await desk["office"].post(f"{API}/submissions/{sent['id']}/claim")
    assert (await decide(desk, "office", held, "accept"))["status"] == "accepted"


async def test_of_two_reviewers_who_claim_at_once_one_wins(desk: Desk) -> None:
    sent = await desk.submitted()
    path = f"{API}/submissions/{sent['id']}/claim"
    answers = await together(
        *(desk[who].send("POST", path, json={}) for who in ("assessor", "other_assessor"))
    )
    assert sorted(a.status_code for a in answers) == [200, 409]
    loser = next(a for a in answers if a.status_code == 409).json()
    assert (loser["code"], loser["until"]) == ("claimed-by-other", "2026-11-12 12:05")


async def test_a_claim_expires_after_half_an_hour(desk: Desk) -> None:
    held = await desk.claimed()
    desk.clock.advance(timedelta(minutes=30, seconds=1))
    taken = await desk["other_assessor"].post(f"{API}/submissions/{held['id']}/claim")
    assert taken["reviewer_id"] == str(desk.bureau.people["other_assessor"].officer_id)
    assert await problem(desk, "assessor", held, "accept") == (409, "not-your-claim")


async def test_an_expired_claim_is_offered_to_the_next(desk: Desk) -> None:
    held = await desk.claimed()
    query = {"claimed": False, "limit": 200}
    before = await desk["other_assessor"].get(f"{API}/reviews/queue", **query)
    desk.clock.advance(timedelta(minutes=31))
    after = await desk["other_assessor"].get(f"{API}/reviews/queue", **query)
    assert held["id"] not in {item["id"] for item in before["items"]}
    assert held["id"] in {item["id"] for item in after["items"]}


async def test_a_released_claim_is_free_for_others(desk: Desk) -> None:
    held = await desk.claimed()
    assert await problem(desk, "other_assessor", held, "release") == (409, "not-your-claim")
    free = await decide(desk, "assessor", held, "release")
    assert (free["status"], free["reviewer_id"]) == ("submitted", None)
    assert (await decide(desk, "other_assessor", held, "claim"))["status"] == "in_review"


async def test_nothing_is_decided_without_a_claim(desk: Desk) -> None:
    sent = await desk.submitted()
    assert await problem(desk, "assessor", sent, "accept") == (409, "not-your-claim")
    assert await problem(desk, "assessor", sent, "refuse", **REFUSAL) == (409, "not-your-claim")


async def test_claim_and_withdrawal_at_once_leave_one_of_both(desk: Desk) -> None:
    sent = await desk.submitted()
    path = f"{API}/submissions/{sent['id']}"
    claimed, withdrawn = await together(
        desk["assessor"].send("POST", f"{path}/claim", json={}),
        desk["author"].send("POST", f"{path}/withdraw", json={}),
    )
    assert sorted([claimed.status_code, withdrawn.status_code]) == [200, 409]


async def test_acceptance_and_withdrawal_at_once_end_accepted(desk: Desk) -> None:
    held = await desk.claimed()
    path = f"{API}/submissions/{held['id']}"
    accepted, withdrawn = await together(
        desk["assessor"].send("POST", f"{path}/accept", json={}),
        desk["author"].send("POST", f"{path}/withdraw", json={}),
    )
    assert (accepted.status_code, withdrawn.status_code) == (200, 409)
    assert (await desk["author"].get(path))["status"] == "accepted"


async def test_the_next_to_claim_is_what_waited_longest(desk: Desk) -> None:
    while (await desk["assessor"].send("POST", f"{API}/reviews/claim-next", json={})).status_code == 200:
        pass
    first = await desk.submitted()
    desk.clock.advance(timedelta(minutes=1))
    second = await desk.submitted()
    taken = await together(
        *(desk[who].post(f"{API}/reviews/claim-next") for who in ("assessor", "other_assessor"))
    )
    assert {item["id"] for item in taken} == {first["id"], second["id"]}
    told = await desk["assessor"].problem("POST", f"{API}/reviews/claim-next", json={})
    assert (told["status"], told["code"]) == (404, "queue-empty")


async def test_a_batch_tells_the_outcome_of_each(desk: Desk) -> None:
    good = [await desk.submitted() for _ in range(3)]
    draft, foreign = await desk.draft(), await desk.claimed("other_assessor")
    ids = [item["id"] for item in (*good, draft, foreign)]
    done = await desk["assessor"].post(f"{API}/reviews/accept-batch", {"ids": ids})
    assert done["accepted"] == 3
    codes = [item["code"] for item in done["items"]]
    assert codes == [None, None, None, "submission-not-found", "claimed-by-other"]
    told = await desk["assessor"].problem("POST", f"{API}/reviews/accept-batch", json={"ids": ids * 60})
    assert told["status"] == 422


async def test_the_timeline_tells_every_step(desk: Desk) -> None:
    held = await desk.claimed()
    await decide(desk, "assessor", held, "accept", quantity="1", reason="重复", clause="第五条")
    steps = (await desk["author"].get(f"{API}/submissions/{held['id']}/timeline"))["items"]
    assert [step["action"] for step in steps] == ["draft", "submit", "claim", "reduce"]
    assert [step["actor"] for step in steps] == ["author", "author", "assessor", "assessor"]
    assert steps[-1]["before"]["status"] == "in_review"
    assert steps[-1]["after"]["status"] == "accepted"
    assert (steps[-1]["after"]["accepted_quantity"], steps[-1]["reason"]) == ("1", "重复")


async def test_behind_a_seal_nothing_is_decided_or_appealed(desk: Desk) -> None:
    held, refused, appealed = await desk.claimed(), await desk.refused(), await desk.appealed()
    waiting = await desk.submitted()
    version = int(time.time())  # later than whatever other tests have told of the period
    sealed = desk.bureau.period.model_copy(update={"version": version, "status": PeriodStatus.SEALED})
    await desk.platform.tell("submissions", sealed)
    attempts = [
        ("assessor", f"submissions/{waiting['id']}/claim", {}),
        ("assessor", f"submissions/{held['id']}/accept", {}),
        ("assessor", f"submissions/{held['id']}/refuse", {"reason": "x", "clause": "x"}),
        ("author", f"submissions/{refused['id']}/appeals", {"grounds": "x"}),
        ("adjudicator", f"appeals/{appealed['id']}/admit", {}),
    ]
    try:
        codes = [
            (await desk[who].problem("POST", f"{API}/{path}", json=body))["code"]
            for who, path, body in attempts
        ]
    finally:
        opened = desk.bureau.period.model_copy(update={"version": version + 1})
        await desk.platform.tell("submissions", opened)
    assert codes == ["period-sealed"] * len(attempts)
