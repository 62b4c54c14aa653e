"""Consultation, versions, revisions with their day, comparison, copies, library."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from contracts import org
from services.targets import jobs
from tests.services.targets.bureau import API, CALENDAR, SINCE, Bureau

INDICATOR = {
    "code": "A1", "name": "矛盾纠纷排查", "module": "mod_business", "line": "治安", "full_marks": "100",
    "rule": {"type": "ratio", "full": "100"}, "example": {"facts": {"target": "10", "actual": "8"}, "points": "80"},
    "basis": "某办法", "subject_kind": "both",
}  # fmt: skip


async def ready(bureau: Bureau, **different: Any) -> dict[str, Any]:
    """A draft that can be published."""
    scheme: dict[str, Any] = await bureau.draft(**different)
    office = bureau.office()
    await office.post(f"{API}/schemes/{scheme['id']}/calendar", CALENDAR)
    scheme["indicator"] = await office.post(f"{API}/schemes/{scheme['id']}/indicators", INDICATOR)
    return scheme


async def published(bureau: Bureau, **different: Any) -> dict[str, Any]:
    scheme = await ready(bureau, **different)
    await bureau.office().post(f"{API}/schemes/{scheme['id']}/publish")
    return scheme


async def test_comments_are_taken_answered_and_stand_before_publishing(bureau: Bureau):
    scheme = await ready(bureau)
    path, office, officer = f"{API}/schemes/{scheme['id']}", bureau.office(), bureau.officer("ZD01")
    assert (await officer.problem("GET", path))["status"] == 404
    said = {"indicator_id": scheme["indicator"]["id"], "text": "目标偏高"}
    shown = await office.post(f"{path}/consultation", {"until": "2026-11-12"})
    assert (shown["status"], shown["consult_until"]) == ("consultation", "2026-11-12")
    comment = await officer.post(f"{path}/comments", said)
    found = (await office.get(f"{path}/check"))["findings"]
    assert [f["code"] for f in found if f["severity"] == "error"] == ["comments-unanswered"]
    bureau.clock.move_to(datetime(2026, 11, 12, 16, 1, tzinfo=UTC))  # the 13th in the bureau
    assert (await officer.problem("POST", f"{path}/comments", json=said))["code"] == "not-in-consultation"
    answer = {"answer": "已下调", "adopted": True}
    assert (await officer.problem("POST", f"{API}/comments/{comment['id']}/answer", json=answer))[
        "status"
    ] == 403
    await office.post(f"{API}/comments/{comment['id']}/answer", answer)
    seen = (await bureau.officer("ZD02").get(f"{path}/comments"))["items"]
    assert [(c["author"], c["answer"], c["adopted"]) for c in seen] == [("测试", "已下调", True)]
    assert (await office.post(f"{path}/publish"))["status"] == "published"


async def test_a_scheme_in_consultation_can_still_be_changed_and_drawn_back(bureau: Bureau):
    scheme = await ready(bureau)
    path, office = f"{API}/schemes/{scheme['id']}", bureau.office()
    await office.post(f"{path}/consultation", {"until": "2026-11-30"})
    await office.patch(f"{API}/indicators/{scheme['indicator']['id']}", {"name": "纠纷化解"})
    assert (await office.post(f"{path}/consultation/end"))["status"] == "draft"
    assert (await office.problem("POST", f"{path}/consultation/end"))["code"] == "not-in-consultation"
    early = await office.problem("POST", f"{path}/consultation", json={"until": "2026-11-09"})
    assert early["code"] == "consultation-day-invalid"


def revision(day: str, **changes: Any) -> dict[str, Any]:
    return {"effective_from": day, "reason": "年中调整", "changes": changes}


async def test_a_revision_waits_for_its_day_and_overwrites_nothing(bureau: Bureau):
    scheme = await published(bureau)
    path, office = f"{API}/schemes/{scheme['id']}", bureau.office()
    second = INDICATOR | {"code": "A2", "name": "走访", "full_marks": "40", "rule": {"type": "ratio", "full": "40"}, "example": {"facts": {"target": "10", "actual": "5"}, "points": "20"}}  # fmt: skip
    lower = {"id": scheme["indicator"]["id"], "full_marks": "60", "rule": {"type": "ratio", "full": "60"}, "example": {"facts": {"target": "10", "actual": "8"}, "points": "48"}}  # fmt: skip
    wrong = await office.post(f"{path}/revisions", revision("2026-12-01", indicators=[lower]))
    assert (await office.problem("POST", f"{path}/revisions", json=revision("2026-12-01")))[
        "code"
    ] == "revision-pending"
    check = await office.get(f"{API}/revisions/{wrong['id']}/check")
    assert [f["code"] for f in check["findings"] if f["severity"] == "error"] == ["marks-do-not-add-up"]
    assert (await office.problem("POST", f"{API}/revisions/{wrong['id']}/publish"))[
        "code"
    ] == "scheme-not-ready"
    good = revision("2026-12-01", indicators=[lower], add=[second], scheme={"name": "方案(修订)"})
    await office.put(f"{API}/revisions/{wrong['id']}", good | {"version": wrong["version"]})
    assert (await office.post(f"{API}/revisions/{wrong['id']}/publish"))["status"] == "scheduled"
    before = (await office.get(f"{path}/indicators"))["items"]
    assert [i["full_marks"] for i in before] == ["100"]
    await jobs.revise_schemes(bureau.platform.runtimes["targets"])
    assert len((await office.get(f"{path}/indicators"))["items"]) == 1
    bureau.clock.move_to(datetime(2026, 11, 30, 16, 1, tzinfo=UTC))  # 1 December in the bureau
    await jobs.revise_schemes(bureau.platform.runtimes["targets"])
    now = await office.get(path)
    assert (now["revision"], now["effective_from"], now["reason"], now["name"]) == (
        2,
        "2026-12-01",
        "年中调整",
        "方案(修订)",
    )
    assert [i["full_marks"] for i in (await office.get(f"{path}/indicators"))["items"]] == ["60", "40"]
    versions = (await office.get(f"{path}/versions"))["versions"]
    assert [(v["revision"], v["effective_from"]) for v in versions] == [(1, "2026-11-10"), (2, "2026-12-01")]
    first = await office.get(f"{path}/versions/1")
    assert [i["full_marks"] for i in first["state"]["indicators"]] == ["100"]
    kept = (await office.get(f"{API}/indicators/{lower['id']}"))["revisions"]
    assert [(r["revision"], r["reason"], r["state"]["full_marks"]) for r in kept] == [
        (1, "", "100"),
        (2, "年中调整", "60"),
    ]


async def test_a_revision_of_today_is_in_force_at_once_and_one_of_yesterday_is_refused(bureau: Bureau):
    scheme = await published(bureau)
    path, office = f"{API}/schemes/{scheme['id']}", bureau.office()
    old = await office.post(f"{path}/revisions", revision("2026-11-09", scheme={"total_decimals": 3}))
    assert (await office.problem("POST", f"{API}/revisions/{old['id']}/publish"))[
        "code"
    ] == "effective-day-invalid"
    await office.post(f"{API}/revisions/{old['id']}/drop", {"reason": "日期有误"})
    now = await office.post(f"{path}/revisions", revision("2026-11-10", scheme={"total_decimals": 3}))
    assert (await office.post(f"{API}/revisions/{now['id']}/publish"))["status"] == "in_force"
    assert (await office.get(path))["total_decimals"] == 3
    settled = await office.problem("POST", f"{API}/revisions/{now['id']}/drop", json={"reason": "x"})
    assert settled["code"] == "revision-settled"
    steps = (await office.get(f"{path}/timeline"))["items"]
    assert [s["action"] for s in steps if s["action"].startswith("revis")] == [
        "revision_open",
        "revision_drop",
        "revision_open",
        "revise",
    ]


async def test_versions_and_schemes_are_compared_item_by_item(bureau: Bureau):
    scheme = await published(bureau)
    office = bureau.office()
    copy = await office.post(
        f"{API}/schemes/{scheme['id']}/copy", {"code": "2027", "name": "2027 年方案", "year": 2027}
    )
    assert (copy["status"], copy["start_day"], copy["revision"]) == ("draft", 26, 1)
    (copied,) = (await office.get(f"{API}/schemes/{copy['id']}/indicators"))["items"]
    await office.patch(f"{API}/indicators/{copied['id']}", {"name": "纠纷化解"})
    await office.post(f"{API}/schemes/{copy['id']}/indicators", INDICATOR | {"code": "B1", "name": "宣讲"})
    found = await office.get(
        f"{API}/schemes/{copy['id']}/compare", with_scheme_id=scheme["id"], with_revision=1
    )
    assert {c["field"]: (c["before"], c["after"]) for c in found["scheme"]} == {
        "name": ("目标责任考核方案", "2027 年方案"),
        "year": (2026, 2027),
    }
    assert [(i["code"], i["kind"], [f["field"] for f in i["fields"]]) for i in found["indicators"]] == [
        ("A1", "changed", ["name"]),
        ("B1", "added", []),
    ]
    assert (await office.get(f"{API}/schemes/{scheme['id']}/compare", with_revision=1))["same"] is True
    taken = await office.problem(
        "POST", f"{API}/schemes/{scheme['id']}/copy", json={"code": "2027", "name": "x", "year": 2027}
    )
    assert taken["code"] == "scheme-code-taken"


@pytest.mark.parametrize(
    ("q", "found"), [("纠纷", 1), ("mdjf", 1), ("a1", 0), ("A1", 1), ("某办法", 1), ("无", 0)]
)
async def test_the_library_finds_by_name_code_basis_and_pinyin_initials(bureau: Bureau, q: str, found: int):
    await published(bureau)
    assert len((await bureau.officer("ZD01").get(f"{API}/library", q=q))["items"]) == found


async def test_the_library_has_each_code_once_with_its_uses_and_gives_it_to_a_draft(bureau: Bureau):
    scheme = await published(bureau)
    office = bureau.office()
    later = await bureau.draft(code="2027", year=2027)
    again = (
        await office.post(
            f"{API}/schemes/{later['id']}/indicators/reuse", {"indicator_ids": [scheme["indicator"]["id"]]}
        )
    )["items"]
    (row,) = (await office.get(f"{API}/library"))["items"]
    assert (row["uses"], row["year"], row["id"]) == (2, 2027, again[0]["id"])
    assert (await bureau.officer("ZD01").get(f"{API}/library"))["items"][0][
        "year"
    ] == 2026  # the draft is not theirs to see
    uses = (await office.get(f"{API}/indicators/{row['id']}/uses"))["uses"]
    assert [(u["year"], u["targets"]) for u in uses] == [(2027, 0), (2026, 0)]
    twice = await office.problem(
        "POST", f"{API}/schemes/{later['id']}/indicators/reuse", json={"indicator_ids": [row["id"]]}
    )
    assert twice["code"] == "indicator-code-taken"
    unknown = await office.problem(
        "POST", f"{API}/schemes/{later['id']}/indicators/reuse", json={"indicator_ids": [str(uuid4())]}
    )
    assert unknown["status"] == 404


async def test_a_guarded_indicator_waits_for_the_legal_unit(bureau: Bureau):
    scheme = await ready(bureau)
    path, office = f"{API}/schemes/{scheme['id']}", bureau.office()
    await office.patch(f"{API}/indicators/{scheme['indicator']['id']}", {"name": "刑事案件破案率"})
    check = await office.get(f"{path}/check")
    assert [f["code"] for f in check["findings"] if f["severity"] == "error"] == ["indicator-guarded"]
    assert (await office.problem("POST", f"{path}/publish"))["code"] == "scheme-not-ready"
    await office.post(f"{path}/consultation", {"until": "2026-11-30"})
    (match,) = (await office.get(f"{path}/guard"))["matches"]
    assert (match["guard_title"], match["words"]) == ("破案率、退查率等比率", ["破案率"])
    body = {"indicator_id": match["indicator_id"], "guard_id": match["guard_id"], "reason": "仅作内部监测"}
    sign = f"{path}/guard-exceptions"
    assert (await bureau.leader("XZ02").problem("POST", sign, json=body))["code"] == "not-legal-unit"
    legal = org.LineAuthority(
        id=uuid4(), version=1, scope_unit_id=bureau.unit("CITY"), line="法制", unit_id=bureau.unit("XZ02"),
        valid_from=SINCE, valid_to=None,
    )  # fmt: skip
    await bureau.platform.tell("targets", legal)
    signed = await bureau.leader("XZ02").post(sign, body)
    assert (signed["indicator_name"], signed["actor"]) == ("刑事案件破案率", "测试")
    assert (await bureau.leader("XZ02").problem("POST", sign, json=body))["code"] == "nothing-guarded"
    await office.post(f"{path}/publish")
    shown = await bureau.officer("ZD01").get(f"{path}/guard")
    assert [e["reason"] for e in shown["exceptions"]] == ["仅作内部监测"]
    steps = (await office.get(f"{path}/timeline"))["items"]
    assert "guard_exception" in [step["action"] for step in steps]


async def test_an_exception_is_for_the_name_that_it_was_signed_for(bureau: Bureau):
    scheme = await ready(bureau)
    path, office = f"{API}/schemes/{scheme['id']}", bureau.office()
    legal = org.LineAuthority(
        id=uuid4(), version=1, scope_unit_id=bureau.unit("CITY"), line="法制", unit_id=bureau.unit("CITY"),
        valid_from=SINCE, valid_to=None,
    )  # fmt: skip
    await bureau.platform.tell("targets", legal)
    await office.patch(f"{API}/indicators/{scheme['indicator']['id']}", {"name": "罚没收入"})
    (match,) = (await office.get(f"{path}/guard"))["matches"]
    body = {"indicator_id": match["indicator_id"], "guard_id": match["guard_id"], "reason": "x"}
    await office.post(f"{path}/guard-exceptions", body)
    await office.patch(f"{API}/indicators/{scheme['indicator']['id']}", {"name": "罚没收入总额"})
    assert len((await office.get(f"{path}/guard"))["matches"]) == 1


async def test_the_list_of_the_guard_is_kept_by_the_office(bureau: Bureau):
    office, path = bureau.office(), f"{API}/guards"
    body = {"title": "夜查次数", "words": [["夜查", "次数", "!督察"]], "ground": "本局通知"}
    made = await office.post(path, body)
    scheme = await ready(bureau)
    await office.patch(f"{API}/indicators/{scheme['indicator']['id']}", {"name": "夜查次数"})
    guard = f"{API}/schemes/{scheme['id']}/guard"
    assert [m["guard_title"] for m in (await office.get(guard))["matches"]] == ["夜查次数"]
    await office.patch(f"{API}/indicators/{scheme['indicator']['id']}", {"name": "督察夜查次数"})
    assert (await office.get(guard))["matches"] == []
    off = await office.put(f"{path}/{made['id']}", body | {"active": False, "version": made["version"]})
    assert off["active"] is False
    assert (await office.problem("POST", path, json=body | {"words": [["! "]]}))["status"] == 422
    assert (await bureau.officer("ZD01").problem("POST", path, json=body))["status"] == 403
