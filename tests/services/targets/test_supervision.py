"""Reminders where something is missing, supervision notes with answers due, colours that stay, digests."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from contracts import submissions
from contracts.org import SubjectKind
from services.targets import jobs
from services.targets.domain.supervision import Reminders, RemindersInvalid, Signal, signal_of
from services.targets.models import ReminderRow
from tests.services.targets.bureau import API, Bureau, Published

ZONE = ZoneInfo("Asia/Shanghai")
CUTOFF = datetime(2026, 11, 25, 10, tzinfo=UTC)  # 18:00 in the bureau
NOTES = f"{API}/supervision/notes"


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


async def submitted(bureau: Bureau, target: dict[str, Any], *, at: datetime, version: int = 1) -> None:
    await bureau.platform.tell(
        "targets",
        submissions.Submission(
            id=uuid4(), version=version, number="KH-1", scheme_id=UUID(target["scheme_id"]),
            period_id=UUID(target["period_id"]), indicator_id=UUID(target["indicator_id"]), target_id=UUID(target["id"]),
            subject_kind=SubjectKind(target["subject_kind"]), subject_id=UUID(target["subject_id"]),
            unit_id=UUID(target["unit_id"]), event_date=date(2026, 11, 10), quantity=Decimal(1), accepted_quantity=None,
            summary="走访", case_number=None, evidence=(), status=submissions.SubmissionStatus.SUBMITTED,
            late=at > CUTOFF, submitted_by=None, submitted_at=at, authority_unit_id=None, reviewer_id=None,
            first_decided_by=None, decided_by=None, decided_at=None, decision_reason=None, decision_clause=None,
            notice_number=None, appeal_id=None,
        ),
    )  # fmt: skip


async def work(bureau: Bureau, job: str) -> None:
    await next(j for j in jobs.JOBS if j.name == job).run(bureau.platform.runtimes["targets"])


async def two_officers(published: Published) -> list[dict[str, Any]]:
    bureau = published.bureau
    wanted = [published.wanted(o, 3, kind="officer") for o in bureau.officers["ZD01"][:2]]
    made: list[dict[str, Any]] = (
        await bureau.office().post(f"{API}/targets/batch", published.batch(*wanted))
    )["targets"]
    return made


@pytest.mark.parametrize(
    ("due", "stage", "sent"),
    [
        (local(25, 18), "5d", local(20, 18)),
        (local(25, 18), "2h", local(25, 16)),
        (local(25, 8), "2h", local(25, 7)),  # 06:00 is quiet: at the end of the quiet hours
        (local(25, 23, 59), "1d", local(25, 7)),  # the evening before is quiet too
        (local(25, 6), "2h", local(24, 21, 59)),  # after the quiet hours would be too late
    ],
)
def test_a_stage_goes_out_at_its_time_but_never_in_quiet_hours(due: datetime, stage: str, sent: datetime):
    assert Reminders().moment(due, stage, ZONE) == sent


def test_only_the_last_stage_that_has_come_is_due():
    assert Reminders().due(local(25, 18), local(20, 17, 59), ZONE) is None
    assert Reminders().due(local(25, 18), local(24, 19), ZONE) == "1d"
    assert Reminders().due(local(25, 18), local(25, 18), ZONE) is None
    with pytest.raises(RemindersInvalid):
        Reminders(("1d", "1d"))
    assert Reminders(("1d",), time(0), time(0)).moment(local(25, 3), "1d", ZONE) == local(24, 3)


def test_overdue_is_yellow_orange_red_and_what_came_late_stays_yellow():
    due = local(25, 18)
    days = [due + timedelta(days=n) for n in (0, 1, 4, 8)]
    assert [signal_of(due, now) for now in days] == [Signal.NONE, Signal.YELLOW, Signal.ORANGE, Signal.RED]
    assert signal_of(due, days[3], done_at=days[2]) is Signal.YELLOW
    assert signal_of(due, days[3], done_at=due) is Signal.NONE


async def test_who_has_sent_nothing_is_reminded_once_a_stage_until_something_comes(bureau: Bureau):
    published = await bureau.published()
    first, second = await two_officers(published)
    await submitted(bureau, first, at=bureau.clock.now())
    for at in (local(20, 17), local(20, 18, 1), local(21, 9), local(24, 18, 1)):
        bureau.clock.move_to(at)
        await work(bureau, "send-reminders")
    mine = (await bureau.officer("ZD01", 1).get(f"{API}/supervision/reminders"))["items"]
    assert [(r["stage"], r["missing"], r["target_ids"]) for r in mine] == [
        ("T-1d", 1, [second["id"]]),
        ("T-5d", 1, [second["id"]]),
    ]
    assert (await bureau.officer("ZD01", 0).get(f"{API}/supervision/reminders"))["items"] == []
    steps = (await bureau.officer("ZD01", 1).get(f"{API}/targets/{second['id']}/timeline"))["items"]
    assert [step["action"] for step in steps] == ["issue", "remind", "remind"]
    await submitted(bureau, second, at=bureau.clock.now())
    bureau.clock.move_to(local(25, 16, 1))
    await work(bureau, "send-reminders")
    mine = (await bureau.officer("ZD01", 1).get(f"{API}/supervision/reminders"))["items"]
    assert [r["settled_at"] is not None for r in mine] == [True, True]


async def test_stages_and_quiet_hours_can_be_set_for_a_scheme(bureau: Bureau):
    published = await bureau.published()
    await two_officers(published)
    path = f"{API}/schemes/{published.scheme}/reminders"
    assert (await bureau.office().get(path))["stages"] == ["5d", "1d", "2h"]
    await bureau.office().put(path, {"stages": ["3h"], "quiet_from": "20:00", "quiet_until": "08:00"})
    bureau.clock.move_to(local(24, 18, 1))
    await work(bureau, "send-reminders")
    assert (await bureau.leader("ZD01").get(f"{API}/supervision/reminders"))["items"] == []
    bureau.clock.move_to(local(25, 15, 1))
    await work(bureau, "send-reminders")
    assert len((await bureau.leader("ZD01").get(f"{API}/supervision/reminders"))["items"]) == 2


async def test_a_leader_reminds_by_hand_but_not_twice_within_an_hour(bureau: Bureau):
    published = await bureau.published()
    await two_officers(published)
    body = {
        "cause": "unacknowledged",
        "period_id": published.period,
        "unit_id": str(bureau.unit("ZD01")),
        "note": "请签收",
    }
    leader, path = bureau.leader("ZD01"), f"{API}/supervision/remind"
    assert (await leader.post(path, body))["sent"] == 2
    assert (await leader.post(path, body))["sent"] == 0
    bureau.clock.advance(timedelta(hours=2))
    assert (await leader.post(path, body | {"subjects": [str(bureau.officers["ZD01"][0])]}))["sent"] == 1
    assert (await bureau.leader("ZD02").problem("POST", path, json=body))["code"] == "outside-scope"


async def test_what_is_overdue_is_listed_with_its_colour_and_stays_when_it_is_made_good(bureau: Bureau):
    published = await bureau.published()
    first, second = await two_officers(published)
    where = {"period_id": published.period, "unit_id": str(bureau.unit("XZ01"))}
    path, leader = f"{API}/supervision/overdue", bureau.leader("XZ01")
    assert (await leader.get(path, **where))["items"] == []
    assert len((await leader.get(path, **where, soon_days="20"))["items"]) == 2
    bureau.clock.move_to(CUTOFF + timedelta(days=8))
    await submitted(bureau, first, at=CUTOFF + timedelta(days=5))
    page = await leader.get(path, **where, limit="1")
    rest = await leader.get(path, **where, limit="1", after=page["next"])
    found = {row["target_id"]: row for row in [*page["items"], *rest["items"]]}
    assert (found[first["id"]]["signal"], found[first["id"]]["caught_up"], found[first["id"]]["days"]) == (
        "yellow",
        True,
        5,
    )
    assert (found[second["id"]]["signal"], found[second["id"]]["signal_word"]["zh"]) == ("red", "红色预警")
    only = (await leader.get(path, **where, state="missing"))["items"]
    assert [row["target_id"] for row in only] == [second["id"]]
    assert (await bureau.leader("XZ02").problem("GET", path, params=where))["status"] == 404


def note(bureau: Bureau, code: str, **different: Any) -> dict[str, Any]:
    body = {
        "unit_ids": [str(bureau.unit(code))],
        "subject": "冬季行动进度",
        "text": "请说明",
        "answer_due": "2026-11-12T10:00:00Z",
    }
    return body | different


async def test_a_note_is_answered_returned_and_closed(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01")
    office = bureau.office()
    sent = (await office.post(NOTES, note(bureau, "XZ01", about_kind="target", about_id=county["id"])))[
        "notes"
    ][0]
    assert (sent["number"], sent["status"], sent["signal"]) == ("DB-2026-000001", "issued", "none")
    path, leader = f"{NOTES}/{sent['id']}", bureau.leader("XZ01")
    assert (await leader.post(f"{path}/answer", {"text": "正在办"}))["answered_late"] is False
    back = await office.post(f"{path}/return", {"reason": "请写明日期", "answer_due": "2026-11-13T10:00:00Z"})
    assert back["status"] == "returned"
    bureau.clock.move_to(local(14, 9))
    late = await leader.post(f"{path}/answer", {"text": "本月内完成"})
    assert (late["answered_late"], late["signal"], late["worst_signal"]) == (True, "none", "yellow")
    assert (await office.post(f"{path}/close", {}))["status"] == "closed"
    assert (await leader.problem("POST", f"{path}/answer", json={"text": "x"}))["code"] == "note-move-refused"
    own = (await leader.get(f"{path}/timeline"))["items"]
    assert [step["action"] for step in own] == [
        "note",
        "note_answer",
        "note_return",
        "note_answer",
        "note_close",
    ]
    shown = (await leader.get(f"{API}/targets/{county['id']}/timeline"))["items"]
    assert [step["action"] for step in shown][1:] == [step["action"] for step in own]


async def test_an_unanswered_note_goes_up_level_by_level_and_keeps_its_colour(bureau: Bureau):
    leader = bureau.leader("XZ01")
    sent = (await leader.post(NOTES, note(bureau, "ZD01", answer_due="2026-11-12T10:00:00Z")))["notes"][0]
    seen = []
    for at in (local(12, 18), local(12, 18, 1), local(13, 12), local(16, 12)):
        bureau.clock.move_to(at)
        await work(bureau, "escalate-notes")
        row = await leader.get(f"{NOTES}/{sent['id']}")
        seen.append((row["escalation"], row["signal"], len(row["escalated_to"])))
    assert seen == [
        (0, "none", 0),
        (1, "yellow", 1),
        (1, "yellow", 1),
        (1, "yellow", 1),
    ]  # only the city is above
    assert row["escalated_to"] == [str(bureau.unit("CITY"))]
    answered = await bureau.leader("ZD01").post(f"{NOTES}/{sent['id']}/answer", {"text": "已办"})
    assert (answered["signal"], answered["worst_signal_word"]["zh"]) == ("none", "黄色预警")
    assert [n["id"] for n in (await bureau.office().get(NOTES, overdue="false"))["items"]] == [sent["id"]]


async def test_notes_go_down_only_and_are_not_seen_elsewhere(bureau: Bureau):
    assert (await bureau.leader("ZD01").problem("POST", NOTES, json=note(bureau, "ZD01")))[
        "code"
    ] == "note-not-downwards"
    assert (await bureau.leader("ZD01").problem("POST", NOTES, json=note(bureau, "XZ01")))[
        "code"
    ] == "outside-scope"
    early = note(bureau, "ZD01", answer_due="2026-11-01T00:00:00Z")
    assert (await bureau.leader("XZ01").problem("POST", NOTES, json=early))["code"] == "answer-due-invalid"
    sent = (await bureau.office().post(NOTES, note(bureau, "XZ01")))["notes"][0]
    assert (await bureau.leader("XZ02").get(NOTES))["items"] == []
    assert (await bureau.leader("XZ02").problem("GET", f"{NOTES}/{sent['id']}"))["status"] == 404
    answer = await bureau.leader("CITY").problem(
        "POST", f"{NOTES}/{sent['id']}/withdraw", json={"reason": ""}
    )
    assert answer["status"] == 422


async def test_the_morning_s_digest_counts_what_waits_and_comes_once_a_day(bureau: Bureau):
    published = await bureau.published()
    await two_officers(published)
    await published.issue("XZ01")
    await bureau.office().post(NOTES, note(bureau, "XZ01"))
    await work(bureau, "make-digests")
    await work(bureau, "make-digests")
    mine = (await bureau.officer("ZD01").get(f"{API}/supervision/digests"))["items"]
    assert [(d["unsent"], d["overdue"], d["unacknowledged"]) for d in mine] == [(1, 0, 1)]
    unit = str(bureau.unit("XZ01"))
    (theirs,) = (await bureau.leader("XZ01").get(f"{API}/supervision/digests", recipient_id=unit))["items"]
    assert (theirs["unsplit"], theirs["unacknowledged"], theirs["notes_open"]) == (1, 1, 1)


async def test_a_reminder_s_event_names_fifty_targets_and_the_row_all(bureau: Bureau):
    published = await bureau.published(indicators=60)
    officer = bureau.officers["ZD01"][0]
    wanted = [published.wanted(officer, 1, kind="officer", indicator=n) for n in range(60)]
    await bureau.office().post(f"{API}/targets/batch", published.batch(*wanted))
    bureau.clock.move_to(local(24, 18, 1))
    await work(bureau, "send-reminders")
    from services.targets import messages

    async with bureau.platform.runtimes["targets"].db.reading() as session:
        from sqlalchemy import select

        row = (await session.scalars(select(ReminderRow))).one()
    assert (row.missing, len(row.target_ids), len(messages.reminder(row).target_ids)) == (60, 60, 50)
