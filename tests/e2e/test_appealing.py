"""Appeals against points: from the entry to the second instance, by the pages."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.browsing import Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, until


def penalty(bureau: Bureau) -> str:
    """The entry of a penalty of half a point against the officer."""
    account = bureau.accounts["assessment_office"]
    office = Caller(bureau.url, account["username"], account["password"])
    own = bureau.accounts["officer"]
    officer = Caller(bureau.url, own["username"], own["password"])
    body = {
        "scheme_id": bureau.tasks[0]["scheme_id"], "subject_kind": "officer", "subject_id": officer.officer,
        "kind": "penalty", "points": "0.5", "category": "通报批评", "level": "市级",
        "document_number": "市公〔2026〕12号", "occurred_on": bureau.day, "reason": "值班期间未按规定接警",
    }  # fmt: skip
    award = office.call("POST", "/api/scoring/v1/awards", json=body)

    def posted() -> list[Any]:
        entries = officer.every("/api/scoring/v1/entries")
        return [entry for entry in entries if entry["award_id"] == award["id"]]

    found = until(posted)
    office.close()
    officer.close()
    return str(found[0]["id"])


def test_points_are_appealed_against_decided_and_taken_further(at: Callable[..., Hand], bureau: Bureau):
    officer = at("officer")
    officer.begin(f"/my/appeals/new?entry={penalty(bureau)}")
    officer.page.get_by_test_id("P18-grounds").fill("当日由指挥中心统一调度,另有接警记录")
    officer.page.get_by_test_id("P18-submit").click()
    officer.page.wait_for_url("**/appeals/points/*")
    path = officer.page.url.removeprefix(bureau.url)

    judge = at("adjudicator")
    judge.begin("/appeals?tab=points")
    judge.page.locator(f"a[href='{path}']").first.click()
    judge.page.get_by_test_id("P81-change").click()
    judge.page.get_by_test_id("P81-points").fill("-0.2")
    judge.page.get_by_test_id("P81-reason").fill("情况部分属实")
    judge.page.get_by_test_id("P81-sign").click()
    expect(judge.page.get_by_text("因此变动的得分")).to_be_visible()
    expect(judge.page.get_by_text("+0.30")).to_be_visible()

    officer.begin(path)
    officer.page.get_by_test_id("P81-again").fill("仍应全部撤销")
    officer.page.get_by_role("button", name="申请复核").click()
    expect(officer.page.get_by_text("复核中")).to_be_visible()
    judge.begin("/appeals?tab=points")  # who decided first does not decide again
    expect(judge.page.locator(f"a[href='{path}']")).to_have_count(0)
    expect(judge.page.get_by_text("没有待裁决的复议")).to_be_visible()
