"""What a chief sees in the morning."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import supervision
from contracts.permissions import Role
from contracts.submissions import SubmissionStatus
from kernel.ids import new_id
from kernel.testing.people import Caller, grant, person
from services.reporting.api.cockpit import ExceptionKind, ExceptionOut, _told
from tests.services.reporting.conftest import NOON, REPORTING, Bureau


def chief(bureau: Bureau, unit: str = "CITY") -> Caller:
    here = bureau.units[unit]
    return bureau.platform.caller(
        "reporting", person(grant(Role.CHIEF, here.id, here.path), officer_id=new_id())
    )


async def seen(bureau: Bureau, caller: Caller | None = None, unit: str = "CITY") -> dict[str, Any]:
    query = bureau.board(unit_id=bureau.units[unit].id)
    found: dict[str, Any] = await (caller or chief(bureau)).get(f"{REPORTING}/cockpit", **query)
    return found


async def test_a_target_is_fulfilled_once_enough_was_accepted(bureau: Bureau):
    an, bo = await bureau.target("an", 2), await bureau.target("bo", 3)
    await bureau.entry("an", 1000, target_id=an.id)
    await bureau.entry("bo", 1000, target_id=bo.id)
    found = await seen(bureau)
    assert (found["targets"], found["fulfilled"]) == (2, 1)


async def test_a_target_that_was_handed_down_counts_below_only(bureau: Bureau):
    whole = await bureau.target("P1", 4)
    await bureau.target("an", 4, parent_id=whole.id)
    assert (await seen(bureau))["targets"] == 1


async def test_the_months_end_with_the_period_and_say_where_nobody_has_a_figure(bureau: Bureau):
    await bureau.score("an", 80_000)
    await bureau.score("bo", 60_001)
    found = await seen(bureau)
    assert [(m["period_code"], m["mean"], m["subjects"]) for m in found["months"]] == [
        ("2026-10", None, 0),
        ("2026-11", "70.001", 2),
    ]


async def test_a_unit_from_which_nothing_comes_is_told_with_its_days(bureau: Bureau):
    await bureau.target("an", 4, issued_at=NOON - timedelta(days=400))
    found = await seen(bureau)
    told = [one for one in found["exceptions"] if one["kind"] == "silent"]
    assert [(one["unit_name"], one["of"]) for one in told] == [("P1所", "1")]
    assert told[0]["n"] >= 400
    await bureau.entry("an", 0, status=SubmissionStatus.SUBMITTED, submitted_at=datetime.now(UTC))
    assert (await seen(bureau))["exceptions"] == []


async def test_a_note_that_nobody_answered_in_time_is_told(bureau: Bureau):
    note = supervision.SupervisionNote(
        id=new_id(), version=1, number="DB-1", issuer_unit_id=bureau.units["CITY"].id, issued_by=None,
        issued_at=NOON - timedelta(days=900), addressee_unit_id=bureau.units["P2"].id, about_kind=None, about_id=None,
        subject="低于红线", text="请说明", answer_due=NOON - timedelta(days=890), status=supervision.NoteStatus.ISSUED,
        answer=None, answered_by=None, answered_at=None, answered_late=False, decided_at=None, decision_reason=None,
        escalation=0, escalated_to=(), signal=supervision.Signal.RED, worst_signal=supervision.Signal.RED,
    )  # fmt: skip
    await bureau.tell(note)
    assert [(one["kind"], one["unit_name"], one["n"]) for one in (await seen(bureau))["exceptions"]] == [
        ("no_answer", "P2所", 1)
    ]


def test_one_kind_does_not_crowd_out_the_others():
    def told(kind: ExceptionKind, times: int) -> list[ExceptionOut]:
        return [ExceptionOut(kind=kind, unit_id=new_id(), unit_name="所", n=n) for n in range(times)]

    kept = _told([*told(ExceptionKind.FALLEN, 3), *told(ExceptionKind.SILENT, 9)])
    assert [(one.kind.value, one.n) for one in kept] == [
        ("silent", 0),
        ("silent", 1),
        ("silent", 2),
        ("silent", 3),
        ("fallen", 0),
        ("fallen", 1),
    ]


async def test_nobody_looks_into_another_branch(bureau: Bureau):
    query = bureau.board(unit_id=bureau.units["P1"].id)
    answer = await chief(bureau, "P2").problem("GET", f"{REPORTING}/cockpit", params=query)
    assert answer["code"] == "unit-out-of-scope"
