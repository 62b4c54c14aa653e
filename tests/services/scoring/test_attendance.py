"""Attendance workbooks: row-exact errors, differences, undo; what a plan makes of it; leave that is protected."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from contracts.permissions import Role
from contracts.scoring import EntryKind
from contracts.targets import PeriodStatus
from kernel.testing.people import grant
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.planned import binding
from tests.services.scoring.test_plan_scoring import officer, score
from tests.services.scoring.test_recusing import bar

HEAD = ["警号", "姓名", "日期", "考勤类别", "数量", "备注"]
ATTENDANCE = f"{API}/attendance"


def workbook(*rows: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "考勤"
    sheet.append(["十一月考勤汇总表"])
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def strict() -> dict[str, Any]:
    """The regulation of the tests, with attendance: one mark a time late, every third time half a day's absence, at 5."""
    plan = binding()
    nodes = plan["plan"]["nodes"]
    kinds = {
        "late": {"sequence": [{"marks": "-1"}, {"marks": "-1"}, {"as": "absent"}], "repeats": True},
        "absent": {"each": "-5"},
    }
    nodes["attendance"] = {"type": "deeds", "events": "faults", "kinds": kinds, "unknown": "ignore"}
    nodes["total"]["parts"].append({"of": "attendance"})
    plan["sources"]["faults"] = {"attendance": "faults"}
    plan["lines"].append({"node": "attendance", "module": "mod_attendance"})
    return plan


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    """Two officers with police numbers and a target each, under a plan that marks attendance."""
    desk.bureau.scheme = later(desk.bureau.scheme, plan=strict())
    people = [officer(desk, name, None) for name in ("an", "bo")]
    goals = [desk.bureau.target(name, desk.bureau.completion) for name in ("an", "bo")]
    assert await desk.hear(desk.bureau.scheme, *people, *goals) == []
    await score(desk)
    return desk


async def upload(desk: Desk, content: bytes, who: str = "office") -> Any:
    answer = await desk[who].send(
        "POST", f"{ATTENDANCE}/imports", files={"workbook": ("十一月.xlsx", content)}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def enter(desk: Desk, content: bytes, mode: str = "all") -> Any:
    seen = await upload(desk, content)
    done = await desk["office"].post(f"{ATTENDANCE}/imports/{seen['id']}/apply", {"mode": mode})
    await score(desk)
    return done


async def line_of(desk: Desk, name: str) -> tuple[int, set[str]]:
    """What attendance cost, in thousandths, and the kinds of its entries."""
    found = (await desk["office"].get(f"{API}/entries", subject_id=str(desk.bureau.subject(name)[1])))[
        "items"
    ]
    own = [item for item in found if item["node"] == "attendance"]
    return sum(item["points_milli"] for item in own), {item["kind"] for item in own}


async def test_a_workbook_is_shown_entered_and_scored(desk: Desk):
    content = workbook(["an", "an", "2026-11-02", "迟到"], ["an", "", "2026/11/3", "旷工", "0.5"])
    seen = await upload(desk, content)
    assert (seen["rows"], seen["entered"], seen["error_count"], seen["status"]) == (2, 2, 0, "previewed")
    assert await line_of(desk, "an") == (0, set())
    await desk["office"].post(f"{ATTENDANCE}/imports/{seen['id']}/apply", {"mode": "all"})
    await score(desk)
    assert await line_of(desk, "an") == (-3500, {EntryKind.ATTENDANCE})
    assert (await desk.verified()).holds


async def test_who_is_recused_enters_everybody_else(desk: Desk):
    await bar(desk, "office", "an")
    content = workbook(["an", "an", "2026-11-02", "迟到"], ["bo", "bo", "2026-11-02", "迟到"])
    seen = await upload(desk, content)
    assert [(error["column"], error["value"], error["code"]) for error in seen["errors"]] == [
        ("警号", "an", "recused")
    ]
    await desk["office"].post(f"{ATTENDANCE}/imports/{seen['id']}/apply", {"mode": "good"})
    await score(desk)
    assert (await line_of(desk, "an"), (await line_of(desk, "bo"))[0]) == ((0, set()), -1000)
    await bar(desk, "office", "bo")
    told = await desk["office"].problem("POST", f"{ATTENDANCE}/imports/{seen['id']}/undo")
    assert (told["status"], told["code"]) == (403, "recused")


async def test_every_third_time_late_counts_as_absence(desk: Desk):
    """C10: being late so often is half a day's absence; the sequence begins anew."""
    days = [["an", "", f"2026-11-{day:02}", "迟到"] for day in (2, 3, 4, 5)]
    await enter(desk, workbook(*days))
    assert (await line_of(desk, "an"))[0] == -8000  # 1 + 1 + 5 + 1


async def test_the_same_workbook_twice_enters_nothing(desk: Desk):
    content = workbook(["an", "", "2026-11-02", "迟到"])
    await enter(desk, content)
    again = await enter(desk, content)
    assert (again["entered"], again["changed"], again["unchanged"]) == (0, 0, 1)
    assert (await line_of(desk, "an"))[0] == -1000


async def test_a_corrected_workbook_posts_the_difference(desk: Desk):
    await enter(desk, workbook(["an", "", "2026-11-02", "旷工", 1]))
    again = await enter(desk, workbook(["an", "", "2026-11-02", "旷工", 0.5]))
    assert (again["entered"], again["changed"]) == (0, 1)
    assert await desk.posted("an") == [3000, -5000, 2500]
    assert (await desk.verified()).holds


async def test_an_import_is_undone_unless_changed_since(desk: Desk):
    first = await enter(desk, workbook(["an", "", "2026-11-02", "旷工", 1]))
    second = await enter(desk, workbook(["an", "", "2026-11-02", "旷工", 0.5]))
    told = await desk["office"].problem("POST", f"{ATTENDANCE}/imports/{first['id']}/undo")
    assert told["code"] == "attendance-changed-since"
    await desk["office"].post(f"{ATTENDANCE}/imports/{second['id']}/undo")
    await desk["office"].post(f"{ATTENDANCE}/imports/{first['id']}/undo")
    await score(desk)
    assert (await line_of(desk, "an"))[0] == 0
    told = await desk["office"].problem("POST", f"{ATTENDANCE}/imports/{first['id']}/undo")
    assert told["code"] == "attendance-import-state"
    assert (await desk.verified()).holds


async def test_each_error_has_its_place_and_the_good_rows_can_be_entered(desk: Desk):
    content = workbook(
        ["an", "", "2026-11-02", "迟到"],
        ["x9", "", "2026-11-02", "迟到"],
        ["an", "王五", "2026-11-03", "迟到"],
        ["an", "", "2026-13-03", "迟到"],
        ["an", "", "2026-11-04", "打瞌睡"],
        ["an", "", "2026-11-05", "旷工", 2],
        ["an", "", "2026-11-02", "迟到"],
        ["", "", "2026-11-02", "迟到"],
        ["an", "", "", "迟到"],
        ["an", "", "2026-11-06", "迟到", "许多"],
    )
    seen = await upload(desk, content)
    assert [(e["row"], e["column"], e["code"]) for e in seen["errors"]] == [
        (6, "日期", "date-invalid"),
        (7, "考勤类别", "attendance-kind-unknown"),
        (8, "数量", "quantity-out-of-range"),
        (10, "警号", "police-number-missing"),
        (11, "日期", "date-missing"),
        (12, "数量", "quantity-invalid"),
        (4, "警号", "officer-unknown"),
        (5, "姓名", "name-differs"),
        (9, "考勤类别", "line-twice"),
    ]
    path = f"{ATTENDANCE}/imports/{seen['id']}/apply"
    assert (await desk["office"].problem("POST", path, json={"mode": "all"}))[
        "code"
    ] == "attendance-has-errors"
    done = await desk["office"].post(path, {"mode": "good"})
    assert (done["entered"], done["status"]) == (1, "applied")


async def test_protected_leave_costs_nothing_and_nobody_is_absent_on_it(desk: Desk):
    head = ["警号", "日期", "结束日期", "考勤类别"]
    done = await enter(desk, workbook(["an", "2026-11-02", "2026-11-06", "产假"], head=head))
    assert done["entered"] == 5
    assert await line_of(desk, "an") == (0, set())
    wrong = workbook(["an", "2026-11-09", "", "年休假"], ["an", "2026-11-09", "", "旷工"], head=head)
    seen = await upload(desk, wrong)
    assert [(e["row"], e["code"]) for e in seen["errors"]] == [(4, "absence-on-leave")]


async def test_a_plan_that_marks_protected_leave_is_refused(desk: Desk):
    plan = strict()
    plan["plan"]["nodes"]["attendance"]["kinds"]["sick_leave"] = {"each": "-1"}
    body = {"period_id": str(desk.bureau.period.id), "plan": plan}
    told = await desk["office"].problem("POST", f"{API}/plans/dry-run", json=body)
    assert [(e["place"], e["code"]) for e in told["errors"]] == [
        ("plan.plan.nodes.attendance.kinds.sick_leave", "leave-protected")
    ]


async def test_days_of_a_sealed_period_are_refused(desk: Desk):
    assert await desk.hear(later(desk.bureau.period, status=PeriodStatus.SEALED)) == []
    seen = await upload(desk, workbook(["an", "", "2026-11-02", "迟到"]))
    assert [e["code"] for e in seen["errors"]] == ["day-sealed"]


async def test_only_officers_in_the_scope_of_the_role(desk: Desk):
    county = desk.bureau.units["XZ02"]
    desk.bureau.join("elsewhere", "XZ02", grant(Role.ASSESSMENT_OFFICE, county.id, county.path))
    seen = await upload(desk, workbook(["an", "", "2026-11-02", "迟到"]), who="elsewhere")
    assert [e["code"] for e in seen["errors"]] == ["officer-unknown"]
    answer = await desk["an"].problem(
        "POST", f"{ATTENDANCE}/imports", files={"workbook": ("x.xlsx", workbook())}
    )
    assert answer["code"] == "permission-denied"
    assert (await desk["office"].problem("GET", f"{ATTENDANCE}/imports/{seen['id']}"))["status"] == 404


async def test_one_sees_ones_own_attendance_and_not_that_of_others(desk: Desk):
    await enter(desk, workbook(["an", "", "2026-11-02", "迟到"], ["bo", "", "2026-11-03", "事假"]))
    mine = (await desk["an"].get(ATTENDANCE))["items"]
    assert [(item["kind"], item["quantity"]) for item in mine] == [("late", "1.0000")]
    assert len((await desk["office"].get(ATTENDANCE, since="2026-11-01", until="2026-11-30"))["items"]) == 2
    assert (await desk["office"].get(ATTENDANCE, until="2026-11-01"))["items"] == []


async def test_kinds_say_what_protects_them(desk: Desk):
    kinds = {kind["code"]: kind for kind in await desk["an"].get(f"{ATTENDANCE}/kinds")}
    assert not kinds["late"]["protected"]
    assert kinds["maternity_leave"]["protected"]
    assert "619" in kinds["maternity_leave"]["ground"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook-empty"), (b"PK\x03\x04 no archive", "not-a-workbook"),
        (workbook(head=["姓名", "电话"]), "attendance-not-recognised"),
    ],
)  # fmt: skip
async def test_what_is_no_attendance_workbook_is_refused(desk: Desk, content: bytes, code: str):
    told = await desk["office"].problem(
        "POST", f"{ATTENDANCE}/imports", files={"workbook": ("x.xlsx", content)}
    )
    assert told["code"] == code


async def test_who_has_nothing_else_under_the_plan_is_not_assessed_for_attendance_alone(desk: Desk):
    assert await desk.hear(officer(desk, "chen", None)) == []
    await enter(desk, workbook(["chen", "", "2026-11-02", "旷工"]))
    assert await desk.posted("chen") == []
    assert await desk.hear(desk.bureau.target("chen", desk.bureau.completion)) == []
    await score(desk)
    assert (await line_of(desk, "chen"))[0] == -5000
    assert (await desk.verified()).holds


async def test_what_attendance_cost_may_be_appealed(desk: Desk):
    city = desk.bureau.units["CITY"]
    desk.bureau.join("judge", "CITY", grant(Role.ADJUDICATOR, city.id, city.path))
    assert await desk.hear(*desk.bureau.postings.values()) == []
    await enter(desk, workbook(["an", "an", "2026-11-02", "迟到"]))
    entries = (await desk["an"].get(f"{API}/entries"))["items"]
    (late,) = [entry for entry in entries if entry["kind"] == EntryKind.ATTENDANCE]
    appeal = await desk["an"].post(f"{API}/entries/{late['id']}/appeals", {"grounds": "当日系公差"})
    ruling = {"outcome": "changed", "points": "0", "reason": "情况属实"}
    await desk["judge"].post(f"{API}/entry-appeals/{appeal['id']}/decide", ruling)
    await score(desk)
    assert await line_of(desk, "an") == (0, {EntryKind.ATTENDANCE, EntryKind.APPEAL})
    assert (await desk.verified()).holds
