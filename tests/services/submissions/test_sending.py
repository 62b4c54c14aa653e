"""Sending in one request, receipts, time given back, taking back, versions."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from contracts.deadlines import Extension
from kernel.bus.protocol import content_hash
from kernel.ids import new_id
from sealing.keys import Key
from sealing.note import Note
from services.submissions.models import OutageRow
from tests.services.submissions.bureau import CUTOFF, NOON
from tests.services.submissions.conftest import API, PDF, Desk, together

SEND = f"{API}/submissions/send"


async def form(desk: Desk, subject: str = "author", **changes: Any) -> dict[str, Any]:
    target = await desk.target(subject)
    body = {"target_id": str(target.id), "event_date": "2026-11-10", "quantity": "3", "summary": "抓获一名"}
    return body | {"client_key": str(uuid4())} | changes


async def last_body(desk: Desk, submission_id: str) -> str:
    async with desk.platform.runtimes["submissions"].db.reading() as session:
        found = await session.scalar(
            text("SELECT body FROM bus.outbox WHERE aggregate_id = :id ORDER BY id DESC LIMIT 1"),
            {"id": submission_id},
        )
    return str(found)


async def test_a_form_sent_again_and_again_arrives_once_with_the_same_receipt(desk: Desk) -> None:
    body = await form(desk)
    answers = await together(*(desk["author"].post(SEND, body) for _ in range(4)))
    assert len({(a["id"], a["version"], a["receipt"]) for a in answers}) == 1
    assert answers[0]["status"] == "submitted"
    assert (await desk["author"].post(SEND, body))["receipt"] == answers[0]["receipt"]


async def test_a_receipt_is_signed_and_names_the_event_that_everybody_keeps(desk: Desk) -> None:
    sent = await desk["author"].post(SEND, await form(desk))
    key = Key.of_vkey((await desk["author"].get(f"{API}/receipt-key"))["key"])
    note = Note.parse(sent["receipt"])
    signature = note.signature_of(key)
    assert signature is not None
    assert key.verifies(note.text, signature.signature)
    assert not key.verifies(note.text.replace("late no", "late yes"), signature.signature)
    assert f"content-sha256 {content_hash(await last_body(desk, sent['id']))}\n" in note.text
    assert f"arrived {NOON:%Y-%m-%dT%H:%M:%S.%fZ}\n" in note.text
    kept = await desk["author"].get(f"{API}/submissions/{sent['id']}/receipts")
    assert [item["note"] for item in kept["items"]] == [sent["receipt"]]


async def test_a_key_is_not_taken_for_other_content_once_it_arrived(desk: Desk) -> None:
    body = await form(desk)
    sent = await desk["author"].post(SEND, body)
    problem = await desk["author"].problem("POST", SEND, json=body | {"quantity": "4"})
    assert (problem["code"], problem["number"]) == ("client-key-taken", sent["number"])


async def test_files_of_the_library_go_with_the_form(desk: Desk) -> None:
    file = await desk["author"].send("POST", f"{API}/library", files={"file": ("现场.pdf", PDF)})
    sha256 = file.json()["sha256"]
    sent = await desk["author"].post(SEND, await form(desk, evidence=[sha256]))
    assert [(f["name"], f["sha256"]) for f in sent["evidence"]] == [("现场.pdf", sha256)]
    unknown = await form(desk, evidence=["0" * 64])
    assert (await desk["author"].problem("POST", SEND, json=unknown))["code"] == "file-not-in-library"
    other = await form(desk, "stranger", evidence=[sha256])
    assert (await desk["stranger"].problem("POST", SEND, json=other))["code"] == "file-not-in-library"


async def test_what_arrives_at_the_cut_off_is_in_time_and_a_moment_later_it_is_not(desk: Desk) -> None:
    on_time, too_late = await form(desk), await form(desk)
    desk.clock.move_to(CUTOFF)
    assert (await desk["author"].post(SEND, on_time))["late"] is False
    desk.clock.advance(timedelta(microseconds=1))
    assert (await desk["author"].problem("POST", SEND, json=too_late))["code"] == "submission-closed"
    # Asked again after the cut-off, what arrived is still there.
    assert (await desk["author"].post(SEND, on_time))["status"] == "submitted"


async def test_an_outage_before_the_cut_off_costs_nobody_points(desk: Desk) -> None:
    began, ended = CUTOFF - timedelta(minutes=30), CUTOFF + timedelta(minutes=10)
    async with desk.platform.runtimes["submissions"].db.transaction() as tx:
        tx.session.add(OutageRow(began_at=began, ended_at=ended))
    first, last, after = [await form(desk) for _ in range(3)]
    desk.clock.move_to(ended + timedelta(minutes=1))
    sent = await desk["author"].post(SEND, first)
    assert sent["late"] is False
    desk.clock.move_to(ended + timedelta(minutes=30))
    assert "late no" in (await desk["author"].post(SEND, last))["receipt"]
    desk.clock.advance(timedelta(seconds=1))
    assert (await desk["author"].problem("POST", SEND, json=after))["code"] == "submission-closed"


async def test_a_granted_late_application_opens_the_target_and_marks_the_work(desk: Desk) -> None:
    body, other = await form(desk), await form(desk)
    until = CUTOFF + timedelta(days=2)
    common = {"version": 1, "scheme_id": desk.bureau.scheme_id, "period_id": desk.bureau.period.id}
    common |= {
        "campaign_id": None,
        "unit_id": None,
        "indicator_id": None,
        "reason": "出差",
        "granted_by": None,
    }
    granted = Extension(
        id=new_id(), target_id=UUID(body["target_id"]), until=until, late=True, granted_at=NOON, revoked=False,
        **common,
    )  # fmt: skip
    await desk.platform.tell("submissions", granted)
    desk.clock.move_to(CUTOFF + timedelta(days=1))
    assert (await desk["author"].post(SEND, body))["late"] is True
    assert (await desk["author"].problem("POST", SEND, json=other))["code"] == "submission-closed"


async def test_a_leader_sends_for_an_officer_and_both_are_named(desk: Desk) -> None:
    body = await form(desk)
    assert (await desk["leader"].problem("POST", SEND, json=body))["code"] == "not-yours"
    sent = await desk["leader"].post(SEND, body | {"on_behalf": True})
    assert sent["on_behalf"] is True
    assert sent["subject_name"] == "author"
    seen = await desk["author"].get(f"{API}/submissions/{sent['id']}")
    assert seen["names"][sent["submitted_by"]] == "leader"
    stranger = await form(desk, "stranger", on_behalf=True)
    assert (await desk["leader"].problem("POST", SEND, json=stranger))["code"] == "not-yours"
    back = await desk["author"].post(f"{API}/submissions/{sent['id']}/recall")
    assert back["status"] == "draft"


async def test_what_was_sent_too_early_is_taken_back_corrected_and_sent_again(desk: Desk) -> None:
    sent = await desk.submitted()
    path = f"{API}/submissions/{sent['id']}"
    back = await desk["author"].post(f"{path}/recall")
    assert (back["status"], back["submitted_at"]) == ("draft", None)
    await desk["author"].patch(path, {"version": back["version"], "quantity": "5", "summary": "抓获两名"})
    again = await desk["author"].post(f"{path}/submit")
    versions = (await desk["author"].get(f"{path}/versions"))["items"]
    assert [v["version"] for v in versions] == list(range(1, again["version"] + 1))
    compared = await desk["author"].get(f"{path}/versions/2/compare/{again['version']}")
    assert (compared["before"]["quantity"], compared["after"]["quantity"]) == ("3", "5")
    assert compared["after"]["summary"] == "抓获两名"
    receipts = await desk["author"].get(f"{path}/receipts")
    assert len(receipts["items"]) == 2
    assert (await desk["author"].problem("GET", f"{path}/versions/1/compare/99"))[
        "code"
    ] == "version-not-found"


async def test_nobody_takes_back_what_is_being_reviewed(desk: Desk) -> None:
    held = await desk.claimed()
    problem = await desk["author"].problem("POST", f"{API}/submissions/{held['id']}/recall", json={})
    assert problem["code"] == "wrong-state"
