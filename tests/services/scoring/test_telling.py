"""Whatever waits for a second person is told, with who must not be that person."""

import json
from typing import Any

from sqlalchemy import text

from contracts.permissions import Role
from kernel.testing.people import grant
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_closing import closing, until, worked  # noqa: F401 -- a fixture


async def told(desk: Desk, kind: str) -> list[dict[str, Any]]:
    query = text(
        "SELECT body FROM (SELECT body, type FROM bus.outbox UNION ALL SELECT body, type FROM bus.event_log) e "
        "WHERE type = :kind ORDER BY CAST(CAST(body AS jsonb) ->> 'version' AS bigint)"
    )
    async with desk.db.reading() as session:
        return [json.loads(body) for body in await session.scalars(query, {"kind": kind})]


async def test_an_award_is_told_with_every_state(desk: Desk):
    made = await desk["office"].post(f"{API}/awards", award(desk, points="2.5"))
    await desk["second"].post(f"{API}/awards/{made['id']}/confirm")
    said = await told(desk, "scoring.award.v1")
    assert [(a["status"], a["points_milli"]) for a in said] == [("pending", 2500), ("posted", 2500)]
    assert said[0]["entered_by"] == str(desk.bureau.people["office"].account_id)
    assert said[1]["confirmed_by"] == str(desk.bureau.people["second"].account_id)


async def test_a_shared_deed_is_told_once_with_all_shares(desk: Desk):
    subjects = [desk.bureau.subject(name) for name in ("an", "bo")]
    body = {k: v for k, v in award(desk, points="3").items() if not k.startswith("subject")}
    body["participants"] = [{"subject_kind": kind.value, "subject_id": str(key)} for kind, key, _ in subjects]
    await desk["office"].post(f"{API}/awards/shared", body)
    [said] = await told(desk, "scoring.award.v1")
    assert [share["points_milli"] for share in said["shares"]] == [1500, 1500]


async def test_an_objection_is_told_with_the_scope_of_who_answers_it(worked: Desk):  # noqa: F811
    await worked["office"].post(closing(worked, "/begin"))
    await worked["office"].post(closing(worked, "/trials"))
    await worked["office"].post(closing(worked, "/publish"), until(3))
    kind, an, _ = worked.bureau.subject("an")
    raised = await worked["an"].post(
        closing(worked, "/objections"), {"subject_kind": kind, "subject_id": str(an), "text": "漏计"}
    )
    await worked["office"].post(
        f"{API}/closings/objections/{raised['id']}/answer", {"upheld": False, "answer": "不属本期"}
    )
    said = await told(worked, "scoring.objection.v1")
    assert [o["status"] for o in said] == ["open", "refused"]
    assert said[0]["scope_unit_id"] == str(worked.bureau.units["CITY"].id)
    assert said[1]["decided_by"] == str(worked.bureau.people["office"].account_id)
    closings = await told(worked, "scoring.closing.v1")
    assert {c["scope_unit_id"] for c in closings} == {said[0]["scope_unit_id"]}


async def test_an_appeal_against_an_entry_is_told_with_who_had_a_hand_in_it(desk: Desk):
    city = desk.bureau.units["CITY"]
    desk.bureau.join("judge", "CITY", grant(Role.ADJUDICATOR, city.id, city.path))
    await desk.hear(*desk.bureau.postings.values())
    await desk["office"].post(f"{API}/awards", award(desk, kind="penalty"))
    found = await desk["office"].get(f"{API}/entries", subject_id=str(desk.bureau.subject("an")[1]))
    appeal = await desk["an"].post(f"{API}/entries/{found['items'][0]['id']}/appeals", {"grounds": "公差"})
    path = f"{API}/entry-appeals/{appeal['id']}"
    await desk["judge"].post(f"{path}/decide", {"outcome": "upheld", "reason": "证据不足"})
    await desk["an"].post(f"{path}/second", {"grounds": "有新证据"})
    said = await told(desk, "scoring.entry_appeal.v1")
    assert [(a["status"], a["grounds"]) for a in said] == [
        ("filed", "公差"),
        ("upheld", "公差"),
        ("second", "有新证据"),
    ]
    assert str(desk.bureau.people["office"].account_id) in said[0]["scorers"]
