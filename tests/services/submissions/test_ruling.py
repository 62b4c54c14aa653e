"""Undoing within seconds, reopening within a day, other addresses, claims that run out."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from services.submissions.jobs import make_decisions_effective, release_expired_claims
from tests.services.submissions.bureau import NOON
from tests.services.submissions.conftest import API, Desk

REFUSAL = {"reason": "与口径不符", "clause": "第三条"}


async def events(desk: Desk, submission_id: str) -> list[str]:
    async with desk.platform.runtimes["submissions"].db.reading() as session:
        rows = await session.execute(
            text(
                "SELECT body::jsonb->>'status' AS status FROM bus.outbox WHERE aggregate_id = :id ORDER BY id"
            ),
            {"id": submission_id},
        )
        return [row.status for row in rows]


def path(item: dict[str, Any]) -> str:
    return f"{API}/submissions/{item['id']}"


async def test_until_a_decision_is_effective_nobody_is_told_and_it_can_be_undone(grace: Desk) -> None:
    held = await grace.claimed()
    ruled = await grace["assessor"].post(f"{path(held)}/refuse", REFUSAL)
    assert (ruled["status"], ruled["effective_at"]) == ("in_review", "2026-11-12T04:00:08Z")
    assert (await grace["author"].get(path(held)))["status"] == "in_review"
    pending = (await grace["assessor"].get(f"{API}/reviews/pending"))["items"]
    assert held["id"] in {item["submission_id"] for item in pending}
    grace.clock.advance(timedelta(seconds=7))
    await make_decisions_effective(grace.platform.runtimes["submissions"])
    assert (await grace["assessor"].post(f"{API}/reviews/undo", {"ids": [held["id"]]}))["undone"] == 1
    grace.clock.advance(timedelta(seconds=9))
    await make_decisions_effective(grace.platform.runtimes["submissions"])
    assert (await grace["author"].get(path(held)))["status"] == "in_review"
    assert "refused" not in await events(grace, held["id"])
    assert (await grace["author"].problem("GET", f"{path(held)}/notice"))["code"] == "notice-not-found"


async def test_after_the_time_of_grace_the_decision_holds_once(grace: Desk) -> None:
    held = await grace.claimed()
    await grace["assessor"].post(f"{path(held)}/refuse", REFUSAL)
    grace.clock.advance(timedelta(seconds=9))
    for _ in range(2):
        await make_decisions_effective(grace.platform.runtimes["submissions"])
    assert (await grace["author"].get(path(held)))["status"] == "refused"
    assert (await events(grace, held["id"])).count("refused") == 1
    problem = await grace["assessor"].problem("POST", f"{API}/reviews/undo", json={"ids": [held["id"]]})
    assert problem["code"] == "nothing-to-undo"
    notice = await grace["author"].get(f"{path(held)}/notice")
    assert notice["issued_at"] == "2026-11-12T04:00:09Z"


async def test_what_is_decided_is_nobody_elses_to_claim_meanwhile(grace: Desk) -> None:
    held = await grace.claimed()
    await grace["assessor"].post(f"{path(held)}/accept", {})
    other = await grace["other_assessor"].problem("POST", f"{API}/reviews/undo", json={"ids": [held["id"]]})
    assert other["code"] == "nothing-to-undo"
    grace.clock.advance(timedelta(minutes=6))  # the claim has run out, and the job is late
    await release_expired_claims(grace.platform.runtimes["submissions"])
    problem = await grace["other_assessor"].problem("POST", f"{path(held)}/claim", json={})
    assert problem["code"] == "claimed-by-other"
    await make_decisions_effective(grace.platform.runtimes["submissions"])
    assert (await grace["author"].get(path(held)))["status"] == "accepted"


async def test_a_whole_batch_is_undone_at_once(grace: Desk) -> None:
    ids = [(await grace.submitted())["id"] for _ in range(3)]
    batch = await grace["assessor"].post(f"{API}/reviews/accept-batch", {"ids": ids})
    assert (batch["accepted"], batch["effective_at"]) == (3, "2026-11-12T04:00:08Z")
    assert (await grace["assessor"].post(f"{API}/reviews/undo", {"ids": ids}))["undone"] == 3


async def test_a_decision_is_reopened_by_its_maker_within_a_day_and_its_notice_no_longer_holds(
    desk: Desk,
) -> None:
    done = await desk.refused()
    number = done["notice_number"]
    again = {"reason": "看错了材料"}
    assert (await desk["other_assessor"].problem("POST", f"{path(done)}/reopen", json=again))["code"] == (
        "not-your-decision"
    )
    opened = await desk["assessor"].post(f"{path(done)}/reopen", again)
    assert (opened["status"], opened["accepted_quantity"], opened["notice_number"]) == (
        "in_review",
        None,
        None,
    )
    assert opened["first_decided_by"] == done["first_decided_by"]
    await desk["assessor"].post(f"{path(done)}/accept", {"quantity": "2"} | REFUSAL)
    notices = (await desk["author"].get(f"{path(done)}/notices"))["items"]
    assert [(n["kind"], n["in_force"]) for n in notices] == [("reduction", True), ("refusal", False)]
    assert notices[1]["number"] == number
    steps = (await desk["author"].get(f"{path(done)}/timeline"))["items"]
    assert [s["reason"] for s in steps if s["action"] == "reopen"] == ["看错了材料"]


async def test_after_a_day_or_an_appeal_a_decision_is_not_reopened(desk: Desk) -> None:
    old, appealed = await desk.refused(), await desk.appealed()
    desk.clock.advance(timedelta(hours=24, seconds=1))
    reason = {"reason": "x"}
    assert (await desk["office"].problem("POST", f"{path(old)}/reopen", json=reason))["code"] == (
        "too-late-to-reopen"
    )
    desk.clock.move_to(NOON)
    item = {"id": appealed["submission_id"]}
    problem = await desk["office"].problem("POST", f"{path(item)}/reopen", json=reason)
    assert problem["code"] in {"wrong-state", "appealed-already"}


async def test_work_that_came_to_the_wrong_unit_is_passed_on(desk: Desk) -> None:
    held = await desk.claimed()
    to = desk.bureau.units
    body = {"unit_id": str(to["XZ02"].id), "reason": "属于交警业务"}
    moved = await desk["assessor"].post(f"{path(held)}/reroute", body)
    assert (moved["status"], moved["authority_unit_name"], moved["reviewer_id"]) == (
        "submitted",
        "单位XZ02",
        None,
    )
    own = body | {"unit_id": str(to["ZD1"].id)}
    assert (await desk["office"].problem("POST", f"{path(held)}/reroute", json=own))["code"] == (
        "reviewer-unit-invalid"
    )
    assert (await desk["assessor"].problem("POST", f"{path(held)}/reroute", json=body))["status"] in {
        403,
        404,
    }


async def test_a_claim_that_ran_out_goes_back_to_the_queue_by_itself(desk: Desk) -> None:
    held = await desk.claimed()
    desk.clock.advance(timedelta(minutes=5, seconds=1))
    await release_expired_claims(desk.platform.runtimes["submissions"])
    seen = await desk["author"].get(path(held))
    assert (seen["status"], seen["reviewer_id"]) == ("submitted", None)
    steps = (await desk["author"].get(f"{path(held)}/timeline"))["items"]
    assert (steps[-1]["action"], steps[-1]["actor"]) == ("claim_expired", "系统")


async def test_the_queue_is_narrowed_by_what_looks_odd_and_by_when_it_is_due(desk: Desk) -> None:
    plain = await desk.submitted()
    for by in ("author", "stranger"):
        odd = await desk.submitted(by=by, case_number="K-1")
    queue, asked = f"{API}/reviews/queue", {"limit": 200}
    suspicious = (await desk["assessor"].get(queue, suspicious="true", **asked))["items"]
    assert (odd["id"], ["same_case"]) in [(i["id"], i["suspicions"]) for i in suspicious]
    assert plain["id"] not in {i["id"] for i in suspicious}
    due = {"due_before": "2026-11-30T10:00:01Z"}
    assert plain["id"] in {i["id"] for i in (await desk["assessor"].get(queue, **due, **asked))["items"]}
    none = await desk["assessor"].get(queue, due_before="2026-11-30T10:00:00Z", **asked)
    assert none["items"] == []


async def test_the_load_of_reviewers_is_told_to_those_who_answer_for_it(desk: Desk) -> None:
    await desk.refused()
    await desk.submitted()
    load = await desk["office"].get(f"{API}/reviews/workload", days=7)
    unit = next(w for w in load["waiting"] if w["unit_id"] == str(desk.bureau.units["XJ"].id))
    assert unit["waiting"] >= 1
    mine = next(r for r in load["reviewers"] if r["name"] == "assessor")
    assert mine["refused"] >= 1
    assert mine["decided"] >= mine["refused"] + mine["returned"]


async def test_the_notice_is_a_paper_with_the_right_to_appeal(desk: Desk) -> None:
    import io

    import pypdfium2

    done = await desk.refused()
    one = await desk["author"].send("GET", f"{path(done)}/notice.pdf")
    assert (one.status_code, one.headers["content-type"]) == (200, "application/pdf")
    page = pypdfium2.PdfDocument(io.BytesIO(one.content))[0].get_textpage().get_text_range()
    told = await desk["author"].get(f"{path(done)}/notice")
    for words in (told["number"], "第三条", "与口径不符", "2026-11-17", told["appeal_to_unit_name"]):
        assert words in "".join(page.split())
    again = await desk["assessor"].send("GET", f"{path(done)}/notice.pdf")
    assert again.content == one.content
    assert (await desk["stranger"].send("GET", f"{path(done)}/notice.pdf")).status_code == 404


async def test_second_samples_are_drawn_again_by_the_same_seed_and_judged_blind(desk: Desk) -> None:
    for _ in range(4):
        held = await desk.claimed()
        await desk["assessor"].post(f"{path(held)}/accept", {})
    refused = await desk.refused()
    body = {"period_id": str(desk.bureau.period.id), "percent": "100", "seed": "ab12"}
    samples = f"{API}/reviews/samples"
    assert (await desk["assessor"].problem("POST", samples, json=body))["code"] == "office-only"
    drawn = await desk["office"].post(samples, body)
    assert drawn["drawn"] == drawn["candidates"] >= 5
    few = [await desk["office"].post(samples, body | {"percent": "20"}) for _ in range(2)]
    assert few[0]["drawn"] == few[1]["drawn"] < drawn["drawn"]
    seen, other = set(), desk["other_assessor"]
    assert (await desk["assessor"].problem("POST", f"{samples}/next", json={}))["code"] == "nothing-to-sample"
    while len(seen) < drawn["drawn"]:
        sample = await other.post(f"{samples}/next")
        assert (await other.problem("GET", f"{API}/submissions/{sample['submission_id']}"))["status"] == 404
        answer = await other.post(f"{samples}/{sample['id']}/answer", {"quantity": sample["quantity"]})
        assert answer["agrees"] == (answer["decided"] == answer["quantity"])
        assert (await other.send("GET", f"{API}/submissions/{sample['submission_id']}")).status_code == 200
        seen.add(sample["submission_id"])
    draws = (await desk["office"].get(samples))["items"]
    whole = next(d for d in draws if d["id"] == drawn["id"])
    told = (await desk["office"].get(f"{samples}/{drawn['id']}/disagreements"))["items"]
    assert refused["number"] in {t["number"] for t in told}
    assert whole["answered"] - whole["agreeing"] == len(told) < whole["answered"]
