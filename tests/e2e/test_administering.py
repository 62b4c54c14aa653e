"""The roster administrator's other pages: personnel changes, dictionaries, working days, parameters with two people."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, until

At = Callable[..., Hand]


def test_a_loan_is_recorded_and_says_how_scores_split(at: At, bureau: Bureau) -> None:
    admin = bureau.accounts["roster_admin"]
    caller = Caller(bureau.url, admin["username"], admin["password"])
    someone = caller.every("/api/org/v1/officers")[-1]
    host = next(one for one in caller.every("/api/org/v1/units") if one["level"] == 2)
    caller.close()
    hand = at("roster_admin")
    hand.begin("/admin/transfers")
    hand.click("[data-testid=P93-record]")
    hand.page.locator("[data-testid=P93-who] input").fill(someone["police_number"])
    hand.page.get_by_role("option", name=someone["police_number"]).click()
    hand.page.keyboard.press("Escape")
    hand.page.locator("[data-testid=P93-kind]").click()
    hand.page.get_by_role("option", name="借调").click()
    hand.page.get_by_role("combobox", name="去往单位").fill(host["name"])
    hand.page.get_by_role("option", name=host["name"]).first.click()
    hand.see("[data-testid=P93-meets]")
    assert not hand.serious()
    hand.click("[data-testid=P93-enter]")
    hand.see(f".el-table__row:has-text('{someone['police_number']}')")
    assert not hand.complaints


def test_a_parameter_takes_two_people(at: At, bureau: Bureau) -> None:
    hand = at("roster_admin")
    hand.begin("/admin/params")
    hand.click("[data-testid=P95-grant-notice-days] [data-testid=P95-propose]")
    hand.fill("[data-testid=P95-value] input, input[data-testid=P95-value]", "21")
    hand.see("[data-testid=P95-form] [data-testid=P95-diff]:has-text('21')")
    hand.fill("[data-testid=P95-reason] textarea, textarea[data-testid=P95-reason]", "演示批复")
    assert not hand.serious()
    hand.click("[data-testid=P95-send]")
    hand.see(".el-table__row:has-text('演示批复')")
    assert not hand.page.locator("[data-testid=P95-approve]").count()
    other = at("security_admin")
    other.begin("/security/params")
    other.see(".el-table__row:has-text('演示批复') [data-testid=P95-diff]")
    assert not other.serious()
    other.click(".el-table__row:has-text('演示批复') [data-testid=P95-approve]")
    other.see("text=没有等待批准的变更")

    def held() -> bool:
        admin = bureau.accounts["roster_admin"]
        caller = Caller(bureau.url, admin["username"], admin["password"])
        found = caller.get("/api/org/v1/parameters")["items"]
        caller.close()
        return next(one["value"] for one in found if one["key"] == "grant-notice-days") == "21"

    until(held)
    assert not hand.complaints
    assert not other.complaints


def test_a_word_is_added_and_disabled_and_stays(at: At) -> None:
    hand = at("roster_admin")
    hand.begin("/admin/dicts?tab=reasons")
    hand.click("[data-testid=P94-add]")
    for field, text in (("zh", "材料不清"), ("en", "cannot be read"), ("code", "not-legible")):
        hand.fill(f"[data-testid=P94-{field}] input, input[data-testid=P94-{field}]", text)
    assert not hand.serious()
    hand.click("[data-testid=P94-save]")
    hand.click("tr:has-text('not-legible') [data-testid=P94-turn]")
    hand.see("tr:has-text('not-legible') >> text=已停用")
    assert not hand.complaints


def test_the_office_sees_what_the_notice_arranges(at: At) -> None:
    hand = at("assessment_office")
    hand.begin("/admin/calendar?year=2026")
    hand.see("[data-testid=P94-year] td.worked:has-text('10')")
    hand.see("[data-testid=P94-notice] >> text=国办发明电〔2025〕7号")
    hand.click("[data-testid=P94-change]")
    assert not hand.serious()


def test_an_event_that_was_put_aside_is_tried_again(at: At) -> None:
    hand = at("roster_admin")
    event = {
        "event_id": "00000000-0000-7000-8000-000000000001", "stream": "org", "type": "org.unit.v1", "attempts": 12,
        "last_error": "MissingReference: 没有所指的单位", "recorded_at": "2026-11-28T02:00:00Z",
    }  # fmt: skip
    held = [event]

    def work(route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {"parked": held})

    def retried(route: Route) -> None:
        held.clear()
        route.fulfill(status=204)

    hand.page.route("**/api/targets/v1/work", work)
    hand.page.route("**/api/targets/v1/work/parked/*/retry", retried)
    hand.begin("/admin/system")
    hand.see("[data-testid=P99-targets] >> text=有待人工处理")
    hand.see("[data-testid=P99-org] >> text=正常")
    assert not hand.serious()
    hand.begin("/admin/jobs")
    hand.see("[data-testid=P98-parked] >> text=没有所指的单位")
    assert not hand.serious()
    hand.click("[data-testid=P98-retry]")
    hand.see("text=没有搁置的事件")
    assert not hand.complaints


def test_a_service_that_does_not_answer_hides_none_of_the_others(at: At) -> None:
    hand = at("roster_admin")
    hand.page.route("**/api/scoring/v1/work", lambda route: route.fulfill(status=500))
    hand.begin("/admin/system")
    hand.see("[data-testid=P99-scoring] >> text=异常")
    hand.see("[data-testid=P99-org] >> text=正常")
    hand.see("text=4 / 5")


PAGES = [
    ("roster_admin", "/admin/transfers"),
    ("roster_admin", "/admin/dicts"),
    ("roster_admin", "/admin/params"),
    ("roster_admin", "/admin/jobs"),
    ("roster_admin", "/admin/system"),
    ("security_admin", "/security/params"),
    ("assessment_office", "/admin/calendar"),
]


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_nothing_hangs_over_the_edge_of_a_phone(at: At, role: str, path: str) -> None:
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
