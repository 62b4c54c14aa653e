"""What happens when something is not as it should be: sessions, networks, errors, rights, emptiness. And who can use it."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import PC, PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, picture, until

At = Callable[..., Hand]
PAGES = Path(__file__).parents[2] / "gateway" / "static" / "app"
TASK = "[data-testid=P03-tasks] li:has-text('信息采集缺项') [data-testid=P03-act]"


def test_a_session_that_ends_in_the_middle_of_a_form_costs_nothing(at: At, bureau: Bureau):
    hand = at("officer")
    hand.begin("/")
    hand.click(TASK)
    hand.fill("#quantity", "1")
    hand.fill("#summary", "会话中断前填写的内容")
    file = {"name": "现场.png", "mimeType": "image/png", "buffer": picture(201)}
    hand.page.set_input_files("[data-testid=P13-pick]", files=[file])
    hand.see("[data-testid=P13-files] .remove")
    hand.page.context.clear_cookies()
    hand.click("[data-testid=P13-submit]")
    hand.see("[data-testid=relogin]")
    assert hand.page.input_value("#summary") == "会话中断前填写的内容"
    hand.fill("[data-testid=relogin] input[type=password]", bureau.accounts["officer"]["password"])
    hand.page.keyboard.press("Enter")
    hand.see("[data-testid=P13-sent]")


def test_without_a_network_it_is_kept_and_goes_once_when_the_network_is_back(at: At, bureau: Bureau):
    account = bureau.accounts["officer"]
    hand = at("officer")
    hand.begin("/")
    hand.click(TASK)
    hand.fill("#quantity", "1")
    hand.fill("#summary", "断网时填写,联网后自动提交")
    file = {"name": "断网.png", "mimeType": "image/png", "buffer": picture(202)}
    hand.page.set_input_files("[data-testid=P13-pick]", files=[file])
    hand.see("[data-testid=P13-files] .remove")
    hand.page.context.set_offline(True)
    hand.click("[data-testid=P13-submit]")
    hand.see("[data-testid=P13-queued]")
    hand.page.context.set_offline(False)
    hand.page.get_by_text(re.compile("已提交 .+")).first.wait_for(timeout=25_000)
    officer = Caller(bureau.url, account["username"], account["password"])
    mine = officer.every("/api/submissions/v1/submissions", mine="true")
    officer.close()
    assert [one["summary"] for one in mine].count("断网时填写,联网后自动提交") == 1


def test_a_draft_is_there_again_after_the_browser_was_closed(at: At):
    hand = at("officer")
    hand.begin("/")
    hand.click(TASK)
    hand.fill("#summary", "写到一半")
    until(
        lambda: hand.page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('kaohe:draft:'))")
    )
    hand.page.reload()
    hand.see("#summary")
    assert hand.page.input_value("#summary") == "写到一半"


def test_what_is_missing_is_said_at_its_field(at: At):
    hand = at("officer")
    hand.begin("/my/submissions/new")
    hand.click("[data-testid=P13-submit]")
    for sentence in ("请选择任务", "请填写大于 0 的数量", "请填写简述"):
        hand.see(f".el-form-item__error:has-text('{sentence}')")


def test_a_server_error_tells_its_reference_and_can_be_tried_again(at: At):
    hand = at("officer")
    failing = True

    def answer(route):
        if failing:
            body = {
                "type": "urn:x",
                "title": "t",
                "status": 500,
                "code": "internal",
                "detail": "系统内部错误",
                "request_id": "req-12345678",
            }
            route.fulfill(status=500, content_type="application/problem+json", body=json.dumps(body))
        else:
            route.continue_()

    hand.page.route("**/api/submissions/v1/appeals*", answer)
    hand.begin("/my/appeals")
    hand.see("text=req-12345678")
    failing = False
    hand.click("button:has-text('重试')")
    hand.see(".el-table__row, .panel")


def test_a_page_of_somebody_else_says_so_and_is_not_in_the_menu(at: At):
    hand = at("officer")
    hand.begin("/review")
    hand.see("[data-testid=P10-forbidden]")
    menu = hand.page.locator("nav.side").inner_text()
    assert "我的任务" in menu
    assert "审核队列" not in menu
    hand.begin("/no/such/page")
    hand.see("[data-testid=P10-notFound]")


def test_a_leader_sees_the_people_by_name(at: At):
    hand = at("unit_leader")
    hand.begin("/unit")
    hand.see("[data-testid=P21-matrix] .el-table__row")
    hand.page.wait_for_load_state("networkidle")
    names = hand.page.locator("[data-testid=P21-matrix] .el-table__row td:first-child").all_inner_texts()
    assert len(names) > 10
    assert "…" not in names


def test_an_empty_page_says_why(at: At):
    hand = at("assessor")
    hand.begin("/review")
    hand.see("text=今日已清零")


def test_a_wrong_password_is_told_and_nothing_more(browser: Browser, bureau: Bureau):
    context = browser.new_context(viewport=PC)
    page = context.new_page()
    page.goto(f"{bureau.url}/my/tasks")
    page.wait_for_url("**/login?to=/my/tasks")
    page.fill("#username", "nobody-there")
    page.fill("#password", "wrong")
    page.click("button[type=submit]")
    page.locator("[data-testid=P01-problem]").wait_for()
    context.close()


SCREENS = [
    ("officer", "/"), ("officer", "/my/tasks"), ("officer", "/my/submissions/new"), ("officer", "/my/submissions"),
    ("officer", "/my/scores"), ("officer", "/me"), ("unit_leader", "/unit"), ("unit_leader", "/unit/cascade"), ("reviewer", "/review"),
    ("adjudicator", "/appeals"), ("officer", "/rankings?kind=officer"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "path"), SCREENS)
def test_nobody_is_kept_out(at: At, role: str, path: str):
    hand = at(role)
    hand.begin(path)
    hand.page.wait_for_load_state("networkidle")
    assert hand.serious() == []


@pytest.mark.parametrize(
    "path", ["/", "/my/tasks", "/my/submissions/new", "/my/submissions", "/my/scores", "/unit", "/rankings"]
)
def test_nothing_hangs_over_the_edge_of_a_phone(at: At, path: str):
    hand = at("unit_leader", viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin(path)
    hand.page.wait_for_load_state("networkidle")
    assert hand.page.evaluate("document.querySelector('main').scrollWidth") <= PHONE["width"]


def test_the_first_page_is_small_and_so_is_every_other():
    manifest = json.loads((PAGES / ".vite" / "manifest.json").read_text(encoding="utf-8"))

    def weight(name: str, seen: set[str]) -> int:
        if name in seen:
            return 0
        seen.add(name)
        chunk = manifest[name]
        files = [chunk["file"], *chunk.get("css", [])]
        own = sum(len(gzip.compress((PAGES / file).read_bytes())) for file in files)
        return own + sum(weight(other, seen) for other in chunk.get("imports", []))

    entry: set[str] = set()
    assert weight("index.html", entry) <= 250 * 1024
    pages = [name for name, chunk in manifest.items() if chunk.get("isDynamicEntry") and "/pages/" in name]
    assert len(pages) > 15
    for name in pages:
        assert weight(name, set(entry)) <= 150 * 1024, name
