"""Those who watch and keep the platform: auditor, security administrator, roster administrator, in the browser."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, until

At = Callable[..., Hand]


def test_an_auditor_follows_a_score_to_its_fingerprint(at: At, bureau: Bureau) -> None:
    """J12."""
    account = bureau.accounts["officer"]
    number, officer = account["username"], Caller(bureau.url, account["username"], account["password"])
    periods = officer.every("/api/targets/v1/periods")
    month = next(one["code"] for one in periods if one["id"] == bureau.tasks[0]["period_id"])
    officer.close()
    hand = at("auditor")
    hand.begin("/audit/scores")
    hand.fill("[data-testid=P112-who] input, input[data-testid=P112-who]", number)
    hand.fill("[data-testid=P112-month] input, input[data-testid=P112-month]", month)
    hand.press("Enter")
    hand.see(f".el-table__row:has-text('{number}')")
    hand.click("[data-testid=P112-open]")
    hand.see("[data-testid=P112-trail]")
    hand.click("[data-testid=P112-verify]")
    hand.see("[data-testid=P112-verified]")
    assert hand.clicks <= 4
    assert not hand.serious()
    assert not hand.complaints


def test_chains_ledger_and_evidence_are_verified_on_demand(at: At) -> None:
    hand = at("auditor")
    hand.begin("/audit/integrity")
    hand.click("[data-testid=P113-run]")
    hand.count("[data-testid=P113-chains] .good", 10)
    hand.click("[data-testid=P113-replay]")
    hand.see("[data-testid=P113-ledger] .good", seconds=60)
    hand.click("[data-testid=P113-rehash]")
    hand.see("[data-testid=P113-evidence] .good")
    assert not hand.serious()


def test_a_broken_chain_says_from_which_entry(at: At) -> None:
    hand = at("auditor")
    broken = {"holds": False, "events": 40, "first_wrong": 41}
    hand.page.route("**/api/scoring/v1/integrity/verify", lambda route: route.fulfill(json=broken))
    hand.begin("/audit/integrity")
    hand.click("[data-testid=P113-run]")
    hand.see("[data-testid=P113-chains] .bad:has-text('第 41 条起不符')")


def test_a_record_of_the_log_shows_before_and_after(at: At) -> None:
    hand = at("auditor")
    hand.begin("/audit/logs?tab=grants")
    hand.click("[data-testid=P111-open]")
    hand.see(
        "[data-testid=P111-record] .come:has-text('role'), [data-testid=P111-record] th:has-text('role')"
    )
    assert not hand.serious()
    hand.begin("/audit/logs?object=nothing-has-this-id")
    hand.see("text=没有符合条件的记录")


@pytest.fixture
def admin(bureau: Bureau) -> Iterator[Caller]:
    account = bureau.accounts["roster_admin"]
    found = Caller(bureau.url, account["username"], account["password"])
    yield found
    found.close()


def _proposed(admin: Caller, bureau: Bureau, role: str, **more: str) -> tuple[str, str]:
    """A grant to the reviewer that waits for approval: its id, and the name of the account."""
    [account] = admin.get("/api/org/v1/accounts", q=bureau.accounts["reviewer"]["username"])["items"]
    root = next(one for one in admin.every("/api/org/v1/units") if one["parent_id"] is None)
    wish = {
        "account_id": account["id"],
        "role": role,
        "scope_unit_id": root["id"],
        "valid_from": "2026-01-01",
    }
    return admin.call("POST", "/api/org/v1/grants", json=wish | more)["id"], account["name"]


def test_a_grant_is_looked_at_and_approved_for_a_time_or_refused(
    at: At, admin: Caller, bureau: Bureau
) -> None:
    grant, name = _proposed(admin, bureau, "adjudicator")
    hand = at("security_admin")
    hand.begin("/security/grants")
    hand.see(f".el-table__row:has-text('{name}') >> text=同一人既审核又裁决复议")
    hand.click(f".el-table__row:has-text('{name}') [data-testid=P100-open]")
    hand.see("[data-testid=P100-grant]")
    assert not hand.serious()
    hand.click("[data-testid=P100-refuse]")
    hand.click(".el-message-box__btns .el-button--primary")
    hand.see("text=未予批准")
    [refused] = [one for one in admin.every("/api/org/v1/grants", status="refused") if one["id"] == grant]
    assert refused["decided_by_name"]
    grant, name = _proposed(admin, bureau, "chief")
    hand.begin("/security/grants")
    hand.click(f".el-table__row:has-text('{name}') [data-testid=P100-open]")
    hand.fill("[data-testid=P100-grant] .until input", "2027-06-30")
    hand.page.keyboard.press("Tab")
    hand.click("[data-testid=P100-approve]")
    hand.see(f".el-message:has-text('{name}')")
    [approved] = [one for one in admin.every("/api/org/v1/grants", status="approved") if one["id"] == grant]
    assert approved["valid_to"] == "2027-06-30"
    assert not hand.complaints


def test_who_proposes_cannot_approve(at: At, admin: Caller, bureau: Bureau) -> None:
    _proposed(admin, bureau, "unit_leader")
    hand = at("roster_admin")
    hand.begin("/security/grants")
    hand.click("[data-testid=P100-open]")
    hand.see("[data-testid=P100-grant]")
    assert not hand.page.locator("[data-testid=P100-approve]").count()


def test_the_bell_counts_what_waits_and_a_hint_renews_it(at: At, admin: Caller, bureau: Bureau) -> None:
    hand = at("security_admin", live=True)
    hand.begin("/security/grants")
    hand.see("[data-testid=bell]")
    _, name = _proposed(admin, bureau, "assessment_office")
    hand.see(f".el-table__row:has-text('{name}') >> text=考核办")


def test_a_todo_is_put_off_and_comes_back_by_itself(at: At) -> None:
    hand = at("unit_leader", viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin("/todo")
    hand.click(".cards button:has-text('延后')")
    hand.see("text=已延后 1 项")
    hand.begin("/todo?tab=snoozed")
    hand.see(".cards >> text=回到待办")
    assert not hand.complaints


def test_a_todo_is_put_off_from_the_table(at: At) -> None:
    """The table keeps one more copy of each column out of sight: what is clicked is in a row."""
    hand = at("unit_leader")
    hand.begin("/todo")
    hand.click(".el-table__row [data-testid=P04-snooze]")
    hand.page.get_by_role("menuitem").filter(visible=True).first.click()
    hand.see("text=已延后 1 项")
    assert not hand.complaints


def test_messages_are_read(at: At) -> None:
    hand = at("officer")
    hand.begin("/messages?tab=unread")
    hand.see(".message.unread")
    hand.click("[data-testid=P05-all]")
    hand.see("text=没有未读消息")


def test_a_unit_shows_what_a_change_touches_before_it_is_planned(at: At, admin: Caller) -> None:
    unit = next(
        one for one in admin.every("/api/org/v1/units") if one["level"] == 2 and one["valid_to"] is None
    )
    hand = at("roster_admin")
    hand.begin(f"/admin/orgs?unit={unit['id']}")
    hand.click("[data-testid=P90-reorganise]")
    hand.see("[data-testid=P90-effects]:has-text('影响')")
    hand.page.get_by_text("更名", exact=True).first.click()
    hand.page.get_by_label("新名称", exact=True).fill(f"{unit['name']}(更名)")
    hand.fill("[data-testid=P90-reason] input, input[data-testid=P90-reason]", "演示批复")
    assert not hand.serious()
    hand.click("[data-testid=P90-plan]")
    until(lambda: admin.get(f"/api/org/v1/units/{unit['id']}")["name"] == f"{unit['name']}(更名)")
    change = {"kind": "rename", "name": unit["name"]}
    body = {"unit_id": unit["id"], "change": change, "effective_on": bureau_day(admin), "reason": "改回"}
    admin.call("POST", "/api/org/v1/reorganisations", json=body)


def bureau_day(admin: Caller) -> str:
    """The day on which the last change took effect: today, by the bureau's clock."""
    return str(max(one["effective_on"] for one in admin.every("/api/org/v1/reorganisations")))


def test_a_password_is_not_reset_without_being_asked_again(at: At, bureau: Bureau) -> None:
    hand = at("roster_admin")
    hand.begin("/admin/users?tab=accounts")
    hand.fill(
        "[data-testid=P91-account] input, input[data-testid=P91-account]",
        bureau.accounts["assessor"]["username"],
    )
    hand.press("Enter")
    hand.count("[data-testid=P91-reset]", 1)
    hand.click("[data-testid=P91-reset]")
    hand.click(".el-message-box__btns .el-button:not(.el-button--primary)")
    assert not hand.page.locator("[data-testid=P91-slips]").count()
    assert not hand.serious()


PAGES = [
    ("auditor", "/audit"), ("auditor", "/audit/logs"), ("auditor", "/audit/scores"), ("security_admin", "/security/grants"),
    ("security_admin", "/security/roles"), ("security_admin", "/security/sessions"), ("roster_admin", "/admin/orgs"),
    ("roster_admin", "/admin/users"), ("unit_leader", "/todo"), ("unit_leader", "/messages"),
]  # fmt: skip
OFFICERS = {"/todo", "/messages"}


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_nobody_is_kept_out_and_nothing_hangs_over_the_edge(at: At, role: str, path: str) -> None:
    hand = at(role, viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin(path)
    hand.page.wait_for_load_state("networkidle")
    assert hand.serious() == []
    assert hand.page.evaluate("document.querySelector('main').scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("path", sorted({path for _, path in PAGES} - OFFICERS))
def test_an_officer_sees_none_of_it(at: At, path: str) -> None:
    hand = at("officer")
    assert not hand.page.locator(f"nav.side a[href='{path}']").count()
    hand.begin(path)
    hand.see("[data-testid=P10-forbidden]")
