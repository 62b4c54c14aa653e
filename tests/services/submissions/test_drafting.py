"""Writing, correcting and sending work."""

from datetime import timedelta
from uuid import uuid4

from contracts.targets import PeriodStatus, TargetStatus
from kernel.testing.people import person
from tests.services.submissions.bureau import CUTOFF, NOON
from tests.services.submissions.conftest import API, PDF, Desk, together


async def test_an_officer_writes_a_draft_and_sends_it_to_the_competent_line(desk: Desk) -> None:
    draft = await desk.draft(case_number="A123")
    assert draft["status"] == "draft"
    assert draft["number"].startswith("2026-11-")
    assert draft["unit_id"] == str(desk.bureau.units["ZD1"].id)
    sent = await desk["author"].post(f"{API}/submissions/{draft['id']}/submit")
    assert sent["status"] == "submitted"
    assert sent["authority_unit_id"] == str(desk.bureau.units["XJ"].id)
    assert sent["routed_to_office"] is False
    assert sent["version"] == draft["version"] + 1


async def test_the_same_client_key_gives_the_same_draft(desk: Desk) -> None:
    target = await desk.target()
    body = {"target_id": str(target.id), "event_date": "2026-11-10", "quantity": 2, "summary": "x"}
    body["client_key"] = str(uuid4())
    first, second = await together(*(desk["author"].post(f"{API}/submissions", body) for _ in range(2)))
    assert first["id"] == second["id"]


async def test_nobody_writes_for_another_officer(desk: Desk) -> None:
    target = await desk.target("author")
    body = {"target_id": str(target.id), "event_date": "2026-11-10", "quantity": "1", "summary": "x"}
    for name in ("colleague", "leader", "stranger"):
        problem = await desk[name].problem("POST", f"{API}/submissions", json=body)
        assert (problem["status"], problem["code"]) == (403, "not-yours")


async def test_a_units_work_is_written_by_its_leader(desk: Desk) -> None:
    draft = await desk.draft("leader", "ZD1")
    assert draft["subject_kind"] == "unit"
    assert draft["subject_name"] == "单位ZD1"
    target = await desk.target("ZD1")
    body = {"target_id": str(target.id), "event_date": "2026-11-10", "quantity": "1", "summary": "x"}
    problem = await desk["author"].problem("POST", f"{API}/submissions", json=body)
    assert problem["code"] == "not-yours"


async def test_the_event_date_lies_in_the_period_and_not_in_the_future(desk: Desk) -> None:
    target = await desk.target()
    body = {"target_id": str(target.id), "quantity": "1", "summary": "x"}
    for day, code in (("2026-10-31", "event-date-outside"), ("2026-11-13", "event-date-in-future")):
        problem = await desk["author"].problem("POST", f"{API}/submissions", json=body | {"event_date": day})
        assert (problem["status"], problem["code"]) == (422, code)


async def test_only_issued_targets_take_work(desk: Desk) -> None:
    target = await desk.target(status=TargetStatus.DRAFT)
    body = {"target_id": str(target.id), "event_date": "2026-11-10", "quantity": "1", "summary": "x"}
    problem = await desk["author"].problem("POST", f"{API}/submissions", json=body)
    assert (problem["status"], problem["code"]) == (409, "target-not-issued")
    unknown = body | {"target_id": str(uuid4())}
    problem = await desk["author"].problem("POST", f"{API}/submissions", json=unknown)
    assert (problem["status"], problem["code"]) == (422, "target-unknown")


async def test_a_correction_names_the_version_seen(desk: Desk) -> None:
    draft = await desk.draft()
    path = f"{API}/submissions/{draft['id']}"
    better = await desk["author"].patch(path, {"version": draft["version"], "quantity": "4.50"})
    assert (better["quantity"], better["version"]) == ("4.5", draft["version"] + 1)
    stale = {"version": draft["version"], "summary": "y"}
    problem = await desk["author"].problem("PATCH", path, json=stale)
    assert (problem["status"], problem["code"]) == (409, "stale-version")
    problem = await desk["author"].problem(
        "PATCH", path, json={"version": better["version"], "quantity": "0"}
    )
    assert (problem["status"], problem["code"]) == (422, "quantity-not-positive")


async def test_required_evidence_must_be_there(desk: Desk) -> None:
    draft = await desk.draft(evidence=True)
    path = f"{API}/submissions/{draft['id']}/submit"
    problem = await desk["author"].problem("POST", path, json={})
    assert (problem["status"], problem["code"]) == (409, "evidence-missing")
    assert (await desk.upload(draft["id"], "a.pdf", PDF)).status_code == 201
    assert (await desk["author"].post(path))["status"] == "submitted"


async def test_the_instant_of_the_cut_off_is_in_time_and_one_after_is_not(desk: Desk) -> None:
    early, late = await desk.draft(), await desk.draft()
    desk.clock.move_to(CUTOFF)
    assert (await desk["author"].post(f"{API}/submissions/{early['id']}/submit"))["status"] == "submitted"
    desk.clock.advance(timedelta(microseconds=1))
    problem = await desk["author"].problem("POST", f"{API}/submissions/{late['id']}/submit", json={})
    assert (problem["status"], problem["code"]) == (409, "submission-closed")
    assert problem["deadline"] == "2026-11-25 18:00"


async def test_a_closing_period_takes_no_new_work(desk: Desk) -> None:
    draft = await desk.draft()
    closing = desk.bureau.period.model_copy(update={"version": 2, "status": PeriodStatus.CLOSING})
    reopened = desk.bureau.period.model_copy(update={"version": 3})
    await desk.platform.tell("submissions", closing)
    problem = await desk["author"].problem("POST", f"{API}/submissions/{draft['id']}/submit", json={})
    assert problem["code"] == "period-not-open"
    await desk.platform.tell("submissions", reopened)


async def test_submitting_twice_with_one_key_is_one_submission(desk: Desk) -> None:
    draft, key = await desk.draft(), str(uuid4())
    path = f"{API}/submissions/{draft['id']}/submit"
    answers = await together(*(desk["author"].send("POST", path, json={}, key=key) for _ in range(2)))
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert sum(a.headers.get("Idempotent-Replay") == "true" for a in answers) == 1
    problem = await desk["author"].problem("POST", path, json={})
    assert (problem["code"], problem["from"], problem["to"]) == ("wrong-state", "submitted", "submitted")


async def test_a_draft_or_an_unclaimed_submission_can_be_withdrawn(desk: Desk) -> None:
    for made in (await desk.draft(), await desk.submitted()):
        gone = await desk["author"].post(f"{API}/submissions/{made['id']}/withdraw")
        assert gone["status"] == "withdrawn"
    held = await desk.claimed()
    problem = await desk["author"].problem("POST", f"{API}/submissions/{held['id']}/withdraw", json={})
    assert (problem["code"], problem["from"]) == ("wrong-state", "in_review")


async def test_machines_and_strangers_need_the_permission(desk: Desk) -> None:
    nobody = desk.platform.caller("submissions", person())
    assert (await nobody.problem("GET", f"{API}/submissions"))["code"] == "permission-denied"
    anybody = desk.platform.caller("submissions", None)
    assert (await anybody.problem("GET", f"{API}/submissions"))["status"] == 401


async def test_bad_input_is_told_precisely(desk: Desk) -> None:
    target = await desk.target()
    good = {"target_id": str(target.id), "event_date": "2026-11-10", "quantity": "1", "summary": "x"}
    bad = (
        {"summary": "x" * 201},
        {"summary": "a\u0000b"},
        {"summary": "   "},
        {"quantity": "NaN"},
        {"quantity": "1E+400"},
        {"quantity": "1.00001"},
        {"quantity": -1},
        {"quantity": [1]},
        {"event_date": "2026-13-01"},
        {"target_id": "x"},
        {"case_number": "9" * 10_000},
        {"unknown": 1},
    )
    for change in bad:
        problem = await desk["author"].problem("POST", f"{API}/submissions", json=good | change)
        assert problem["status"] == 422, change
    desk.clock.move_to(NOON)
    answer = await desk["author"].send(
        "POST", f"{API}/submissions", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
