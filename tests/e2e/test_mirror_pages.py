"""Assessors beside their peers (P42) and what became of appeals (P82): one appeal that changed a decision is seen on both."""

from collections.abc import Callable

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, picture, until

At = Callable[..., Hand]
SUBMISSIONS = "/api/submissions/v1"


def person(bureau: Bureau, role: str) -> Caller:
    account = bureau.accounts[role]
    return Caller(bureau.url, account["username"], account["password"])


def overturned(bureau: Bureau) -> str:
    """The name of the reviewer of a reduction that an appeal takes back."""
    officer, reviewer, judge = (person(bureau, role) for role in ("officer", "reviewer", "adjudicator"))
    target = officer.get(f"{SUBMISSIONS}/submissions/{bureau.reduced}")["target_id"]
    file = officer.keep_file("复议证明.png", picture(71))
    work = officer.send_work(target, day=bureau.day, quantity=2, summary="两件均已结案", files=[file])["id"]
    until(lambda: reviewer.get(f"{SUBMISSIONS}/submissions/{work}"))
    reviewer.call("POST", f"{SUBMISSIONS}/submissions/{work}/claim")
    less = {"quantity": "1", "reason": "其中一件未结案", "clause": "计分细则第五条"}
    reviewer.call("POST", f"{SUBMISSIONS}/submissions/{work}/accept", json=less)
    plea = {"grounds": "两件均有结案文书", "evidence": []}
    # It can be filed once the notice of the decision is there.
    appeal = until(lambda: officer.call("POST", f"{SUBMISSIONS}/submissions/{work}/appeals", json=plea))["id"]
    judge.call("POST", f"{SUBMISSIONS}/appeals/{appeal}/admit")
    ruling = {"outcome": "changed", "quantity": "2", "reason": "结案文书属实", "clause_wrong": True}
    judge.call("POST", f"{SUBMISSIONS}/appeals/{appeal}/decide", json=ruling)
    period = bureau.tasks[0]["period_id"]

    def told() -> bool:
        found = judge.get("/api/reporting/v1/appeals/statistics", period_id=period)
        return any(one["overturned"] and one["work"] for one in found["indicators"])

    until(told)
    for one in (officer, reviewer, judge):
        one.close()
    return reviewer.name


def test_an_overturned_decision_is_seen_on_both_pages(at: At, bureau: Bureau):
    reviewer = overturned(bureau)
    office = at("assessment_office")
    office.begin("/review/mirror")
    row = office.see(f"[data-testid=P42-assessors] tbody:has-text('{reviewer}') tr")
    assert "样本少" in row.inner_text()
    office.see("[data-testid=P42-chart] svg")
    office.page.get_by_role("button", name="表格").first.click()
    office.see(f"[data-testid=P42-chart] table:has-text('{reviewer}')")
    assert not office.serious()

    judge = at("adjudicator")
    judge.begin("/appeals/stats")
    judge.see("[data-testid=P82-figures]:has-text('改判')")
    judge.see("[data-testid=P82-chart] svg")
    judge.see("[data-testid=P82-indicators] tbody tr:has-text('样本少')")
    judge.see("[data-testid=P82-clauses] tbody tr:has-text('计分细则第五条')")
    assert not judge.serious()
    assert not office.complaints + judge.complaints


def test_an_assessor_sees_himself_alone_on_a_phone(at: At):
    hand = at("reviewer", viewport=PHONE, has_touch=True)
    hand.begin("/review/mirror")
    hand.see("[data-testid=P42-assessors]")
    hand.count("[data-testid=P42-assessors] tbody", 1)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not hand.page.evaluate(wide)
    assert not hand.serious()
    assert not hand.complaints


def test_an_officer_has_neither_page(at: At):
    hand = at("officer")
    for path in ("/review/mirror", "/appeals/stats"):
        hand.count(f".shell a[href='{path}']", 0)
    hand.begin("/appeals/stats")
    hand.see("main")
    hand.see("text=/权限/")
    hand.count("[data-testid=P82-figures]", 0)
