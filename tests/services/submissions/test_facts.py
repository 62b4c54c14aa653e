"""Figures from other systems: signed, idempotent, named, accepted by rule or by a reviewer."""

import base64
import json
from datetime import timedelta
from typing import Any

from httpx2 import Response

from services.submissions.domain.sources import signature
from tests.services.submissions.conftest import API, Desk


async def source(desk: Desk, **changes: Any) -> dict[str, Any]:
    body = {"name": "接处警系统", "unit_id": str(desk.bureau.units["CITY"].id), "auto_accept": False}
    made: dict[str, Any] = await desk["office"].post(f"{API}/fact-sources", body | changes)
    return made


async def fact(desk: Desk, ref: str, subject: str = "author", **changes: Any) -> dict[str, Any]:
    await desk.target(subject)
    number = next(e.police_number for e in desk.bureau.events if getattr(e, "name", None) == subject)
    body = {"ref": ref, "indicator_code": "A2", "police_number": number, "event_date": "2026-11-10"}
    return body | {"quantity": "4", "summary": "有效警情"} | changes


async def report(
    desk: Desk,
    origin: dict[str, Any],
    *facts: dict[str, Any],
    key: str | None = None,
    moment: str | None = None,
) -> Response:
    body = json.dumps({"facts": facts}).encode()
    at = moment or desk.clock.now().isoformat()
    secret = base64.urlsafe_b64decode((key or origin["secret"]) + "=")
    headers = {
        "Content-Type": "application/json",
        "X-Kaohe-Source": origin["id"],
        "X-Kaohe-Timestamp": at,
        "X-Kaohe-Signature": signature(secret, source=origin["id"], moment=at, body=body),
    }
    return await desk.platform.caller("submissions").send(
        "POST", f"{API}/facts", content=body, headers=headers
    )


async def test_a_reported_figure_waits_for_its_reviewer_and_names_its_source(desk: Desk) -> None:
    origin = await source(desk)
    one = await fact(desk, "JCJ-1")
    taken = (await report(desk, origin, one)).json()["items"][0]
    assert (taken["outcome"], taken["status"]) == ("taken", "submitted")
    again = (await report(desk, origin, one)).json()["items"][0]
    assert (again["outcome"], again["submission_id"]) == ("known", taken["submission_id"])
    seen = await desk["author"].get(f"{API}/submissions/{taken['submission_id']}")
    assert (seen["source"], seen["submitted_by"]) == ("接处警系统", None)
    queue = (await desk["assessor"].get(f"{API}/reviews/queue", reported="true", limit=200))["items"]
    assert taken["submission_id"] in {item["id"] for item in queue}
    steps = (await desk["author"].get(f"{API}/submissions/{taken['submission_id']}/timeline"))["items"]
    assert [(s["action"], s["actor"]) for s in steps] == [("report", "接处警系统")]
    changed = (await report(desk, origin, one | {"quantity": "5"})).json()["items"][0]
    assert (changed["outcome"], changed["code"]) == ("refused", "fact-changed")


async def test_where_the_rule_says_so_a_figure_counts_at_once(desk: Desk) -> None:
    origin = await source(desk, auto_accept=True)
    taken = (await report(desk, origin, await fact(desk, "JCJ-2"))).json()["items"][0]
    assert (taken["status"], taken["accepted_quantity"]) == ("accepted", "4")


async def test_one_figure_that_is_refused_does_not_stop_the_others(desk: Desk) -> None:
    origin = await source(desk, indicator_codes=["A2"])
    good = await fact(desk, "JCJ-3")
    answers = await report(
        desk,
        origin,
        good | {"ref": "a", "indicator_code": "A1"},
        good | {"ref": "b", "police_number": "999999"},
        good | {"ref": "c", "event_date": "2026-11-30"},
        good,
    )
    told = [(item["outcome"], item["code"]) for item in answers.json()["items"]]
    assert told == [
        ("refused", "fact-outside-scope"),
        ("refused", "fact-target-unknown"),
        ("refused", "event-date-in-future"),
        ("taken", None),
    ]


async def test_only_the_holder_of_the_key_reports_and_only_now(desk: Desk) -> None:
    origin, other = await source(desk), await source(desk)
    one = await fact(desk, "JCJ-4")
    assert (await report(desk, origin, one, key=other["secret"])).json()["code"] == "signature-wrong"
    old = (desk.clock.now() - timedelta(minutes=6)).isoformat()
    assert (await report(desk, origin, one, moment=old)).json()["code"] == "signature-old"
    path = f"{API}/fact-sources/{origin['id']}"
    new = await desk["office"].put(path, {"active": True, "auto_accept": False, "rotate": True})
    assert (await report(desk, origin, one)).json()["code"] == "signature-wrong"
    assert (await report(desk, new, one)).json()["taken"] == 1
    await desk["office"].put(path, {"active": False, "auto_accept": False})
    assert (await report(desk, new, one)).json()["code"] == "source-closed"


async def test_sources_are_the_offices_to_register_in_its_scope(desk: Desk) -> None:
    body = {"name": "x", "unit_id": str(desk.bureau.units["CITY"].id)}
    for who in ("author", "assessor"):
        assert (await desk[who].problem("POST", f"{API}/fact-sources", json=body))["status"] == 403
    assert "secret" not in str(await desk["office"].get(f"{API}/fact-sources"))
