"""Those who watch and keep the platform: auditor, security administrator, roster administrator, in the browser."""

from collections.abc import Callable

import pytest

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller

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


PAGES = [("auditor", "/audit"), ("auditor", "/audit/logs"), ("auditor", "/audit/scores")]


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_nobody_is_kept_out_and_nothing_hangs_over_the_edge(at: At, role: str, path: str) -> None:
    hand = at(role, viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin(path)
    hand.page.wait_for_load_state("networkidle")
    assert hand.serious() == []
    assert hand.page.evaluate("document.querySelector('main').scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("path", sorted({path for _, path in PAGES}))
def test_an_officer_sees_none_of_it(at: At, path: str) -> None:
    hand = at("officer")
    assert not hand.page.locator(f"nav.side a[href='{path}']").count()
    hand.begin(path)
    hand.see("[data-testid=P10-forbidden]")
