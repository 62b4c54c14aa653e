"""Closing a period: what is checked, tried out, made public, objected to, given up."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.submissions import SubmissionStatus
from tests.services.scoring.bureau import NOON, later
from tests.services.scoring.conftest import API, Desk


@pytest.fixture
async def worked(desk: Desk) -> Desk:
    """Two officers with points, rolled up, after the cut-off."""
    for name, quantity in (("an", "4"), ("ding", "6")):
        goal = desk.bureau.target(name)
        assert await desk.hear(goal, desk.bureau.work(name, goal, quantity)) == []
    await desk.close_out()
    return desk


def closing(desk: Desk, tail: str = "") -> str:
    return f"{API}/closings/{desk.bureau.period.id}{tail}"


def until(days: float) -> dict[str, str]:
    return {"objections_until": (NOON + timedelta(days=days)).isoformat()}


async def code(desk: Desk, who: str, path: str, body: Any = None) -> str:
    answer = await desk[who].send("POST", path, json=body or {})
    return str(answer.json().get("code", answer.status_code))


async def test_before_the_cut_off_nothing_is_closed(desk: Desk):
    early = later(desk.bureau.period, cutoff_at=NOON + timedelta(seconds=1))
    await desk.hear(early)
    assert await code(desk, "office", closing(desk, "/begin")) == "closing-before-cutoff"


async def test_only_whoever_closes_for_the_whole_scheme_begins(desk: Desk):
    assert await code(desk, "an", closing(desk, "/begin")) == "permission-denied"
    assert await code(desk, "office", closing(desk, "/begin")) == "200"
    assert await code(desk, "office", closing(desk, "/begin")) == "closing-state"


async def test_what_is_open_blocks_and_says_where_it_is(worked: Desk):
    goal = worked.bureau.target("bo")
    await worked.hear(goal, worked.bureau.work("bo", goal, None))
    await worked["office"].post(closing(worked, "/begin"))
    await worked["office"].post(closing(worked, "/trials"))
    detail = await worked["office"].get(closing(worked))
    first = detail["checks"][0]
    assert (first["code"], first["count"], first["blocks"]) == ("undecided", 1, True)
    assert str(worked.bureau.period.id) in first["link"]
    assert await code(worked, "office", closing(worked, "/publish"), until(3)) == "closing-blocked"


async def test_a_trial_has_everybodys_figure_and_says_who_moved(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    first = await worked["office"].post(closing(worked, "/trials"))
    assert (first["subjects"], first["moved"], first["different"]) == (7, 7, 0)
    goal = worked.bureau.target("bo")
    await worked.hear(goal, worked.bureau.work("bo", goal, "2"))
    await worked.roll_up()
    second = await worked["office"].post(closing(worked, "/trials"))
    page = await worked["office"].get(closing(worked, f"/trials/{second['number']}"), moved=True)
    lines = {line["subject_id"]: line for line in page["items"]}
    bo = lines[str(worked.bureau.people["bo"].officer_id)]
    assert (bo["total"], bo["last_milli"]) == ("1.000", None)
    assert str(worked.bureau.people["ding"].officer_id) not in lines


async def test_figures_that_moved_since_the_trial_are_not_made_public(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    assert await code(worked, "office", closing(worked, "/publish"), until(3)) == "closing-no-trial"
    await worked["office"].post(closing(worked, "/trials"))
    goal = worked.bureau.target("bo")
    await worked.hear(goal, worked.bureau.work("bo", goal, "2"))
    await worked.roll_up()
    assert (await worked["office"].get(closing(worked)))["current"] is False
    assert await code(worked, "office", closing(worked, "/publish"), until(3)) == "closing-trial-outdated"


async def test_a_notice_of_less_than_a_day_is_none(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    await worked["office"].post(closing(worked, "/trials"))
    assert await code(worked, "office", closing(worked, "/publish"), until(0.9)) == "closing-window-too-short"
    assert await code(worked, "office", closing(worked, "/publish"), until(1)) == "200"


async def test_an_objection_is_raised_by_those_concerned_and_answered_by_another(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    await worked["office"].post(closing(worked, "/trials"))
    kind, an, _ = worked.bureau.subject("an")
    mine = {"subject_kind": kind, "subject_id": str(an), "text": "漏计一件"}
    assert await code(worked, "an", closing(worked, "/objections"), mine) == "closing-window-over"
    await worked["office"].post(closing(worked, "/publish"), until(3))
    assert await code(worked, "ding", closing(worked, "/objections"), mine) == "objection-not-concerned"
    raised = await worked["an"].post(closing(worked, "/objections"), mine)
    led = await worked["leader"].post(closing(worked, "/objections"), mine)
    seen = await worked["ding"].get(closing(worked, "/objections"))
    assert seen["items"] == []
    answer = f"{API}/closings/objections/{raised['id']}/answer"
    words = {"upheld": False, "answer": "该件属上一周期"}
    assert await code(worked, "leader", answer, words) == "permission-denied"
    assert (await worked["office"].post(answer, words))["state"] == "refused"
    assert await code(worked, "second", answer, words) == "objection-decided"
    checks = {c["code"]: c["count"] for c in (await worked["office"].get(closing(worked)))["checks"]}
    assert checks["objections"] == 1
    assert led["state"] == "open"


async def test_an_upheld_objection_ends_the_publicity(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    await worked["office"].post(closing(worked, "/trials"))
    await worked["office"].post(closing(worked, "/publish"), until(3))
    kind, an, _ = worked.bureau.subject("an")
    raised = await worked["an"].post(
        closing(worked, "/objections"), {"subject_kind": kind, "subject_id": str(an), "text": "漏计"}
    )
    await worked["office"].post(
        f"{API}/closings/objections/{raised['id']}/answer", {"upheld": True, "answer": "补计"}
    )
    detail = await worked["office"].get(closing(worked))
    assert (detail["status"], detail["objections_until"]) == ("checking", None)
    assert [step["action"] for step in detail["steps"]][-2:] == ["object", "answer-upheld"]


async def test_a_closing_given_up_begins_anew(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    assert await code(worked, "office", closing(worked, "/withdraw"), {}) == "validation"
    await worked["office"].post(closing(worked, "/withdraw"), {"reason": "系统故障,延长填报"})
    assert (await worked["office"].get(closing(worked)))["status"] == "withdrawn"
    await worked["office"].post(closing(worked, "/begin"))
    assert (await worked["office"].get(closing(worked)))["status"] == "checking"


async def test_a_figure_that_the_logs_do_not_give_is_found_by_the_trial(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    async with worked.db.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE statement SET total_milli = total_milli + 1")
    trial = await worked["office"].post(closing(worked, "/trials"))
    assert trial["different"] > 0
    assert await code(worked, "office", closing(worked, "/publish"), until(3)) == "closing-trial-differs"


async def test_a_stream_that_forked_blocks(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    async with worked.db.engine.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO bus.cursor (consumer, stream, hash, mode) VALUES ('scoring', 'submissions', '', 'fork')"
        )
    await worked["office"].post(closing(worked, "/trials"))
    assert await code(worked, "office", closing(worked, "/publish"), until(3)) == "closing-blocked"


async def test_an_appeal_that_is_not_decided_blocks(worked: Desk):
    goal = worked.bureau.target("bo")
    work = worked.bureau.work("bo", goal, "2")
    await worked.hear(goal, work, later(work, version=2, status=SubmissionStatus.UNDER_APPEAL))
    await worked["office"].post(closing(worked, "/begin"))
    checks = {c["code"]: c["count"] for c in (await worked["office"].get(closing(worked)))["checks"]}
    assert checks["under-appeal"] == 1
