"""Chief and assessment office: the cockpit down to the evidence, a bulletin from draft to number, and who may come."""

from collections.abc import Callable

import pytest

from tests.e2e.browsing import PC, PHONE, WALL, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, until

At = Callable[..., Hand]


def test_a_chief_comes_from_a_sentence_to_the_evidence_in_three_clicks(at: At):
    """J11."""
    hand = at("chief")
    hand.see("[data-testid=P85-figures]")
    hand.clicks = 0
    hand.click("[data-testid=P85-exception]:has-text('城中分局')")
    hand.click("[data-testid=P86-item]:has-text('份佐证')")
    hand.see("main img, main canvas")
    assert hand.clicks <= 3


def test_nothing_scrolls_in_the_cockpit_of_a_pc(at: At):
    hand = at("chief", viewport=PC)
    hand.begin("/cockpit")
    hand.see("[data-testid=P85-ranking] .line")
    hand.page.wait_for_load_state("networkidle")
    tall = "['main', '.cockpit', '[data-testid=P85-ranking]', '[data-testid=P85-exceptions]', '[data-testid=P85-sign]'].filter((one) => { const found = document.querySelector(one); return found.scrollHeight > found.clientHeight + 1 })"
    assert hand.page.evaluate(tall) == []


def test_a_bulletin_is_written_sent_signed_and_printed(at: At, bureau: Bureau):
    """J8: new, two paragraphs, for signature; the chief signs; Word, PDF."""
    office = at("assessment_office")
    office.begin("/bulletins")
    office.click("[data-testid=P63-new]")
    office.see("[data-testid=P64-paper]")
    words = office.page.locator("[data-testid=P64-text] textarea, textarea[data-testid=P64-text]")
    for number, text in enumerate(("本月工作总体平稳。", "对排名靠后的单位,考核办将逐一走访。")):
        words.nth(number).fill(text)
    assert "本月工作总体平稳。" in office.see("[data-testid=P64-paper]").inner_text()
    office.click("[data-testid=P64-send]")
    office.page.wait_for_url(lambda url: not url.endswith("/edit"))
    path = office.page.url.removeprefix(bureau.url)

    chief = at("chief")
    chief.begin("/approvals")
    chief.click("[data-testid=P88-paper]:has-text('通报') [data-testid=P88-sign]")
    chief.click(".el-message-box .el-button--primary")
    chief.see("text=已签署")

    office.page.reload()
    office.see("text=已签发")
    for form in ("docx", "pdf"):
        with office.page.expect_download(timeout=60_000) as download:
            office.click(f"[data-testid=P63-{form}]")
        assert download.value.suggested_filename.endswith(form)
    assert office.clicks + chief.clicks <= 7

    account = bureau.accounts["officer"]
    officer = Caller(bureau.url, account["username"], account["password"])
    found = officer.get(f"/api/reporting/v1{path}")
    officer.close()
    assert (found["state"], found["number"] is not None) == ("issued", True)
    assert found["blocks"][1]["text"] == "本月工作总体平稳。"


def test_a_chief_gives_back_with_a_reason(at: At, bureau: Bureau):
    account = bureau.accounts["assessment_office"]
    office = Caller(bureau.url, account["username"], account["password"])
    task = bureau.tasks[0]
    draft = {
        "kind": "quarter",
        "scheme_id": task["scheme_id"],
        "period_id": task["period_id"],
        "figures": "live",
    }
    path = (
        f"/api/reporting/v1/bulletins/{office.call('POST', '/api/reporting/v1/bulletins', json=draft)['id']}"
    )

    def sent() -> bool:
        # Figures may still be moving; what moved is refreshed before it is sent.
        office.call("POST", f"{path}/refresh")
        office.call("POST", f"{path}/send")
        return True

    until(sent)
    hand = at("chief")
    hand.begin("/approvals")
    hand.click("[data-testid=P88-paper]:has-text('通报') [data-testid=P88-return]")
    hand.page.locator(".el-message-box input").fill("请补充下月安排")
    hand.click(".el-message-box .el-button--primary")
    until(lambda: office.get(path)["state"] == "draft")
    found = office.get(path)
    office.close()
    assert found["steps"][-1]["reason"] == "请补充下月安排"


def test_the_wall_turns_and_names_nobody(at: At, bureau: Bureau):
    hand = at("chief", viewport=WALL)
    hand.begin("/screen/all")
    hand.see("[data-testid=P60-wall] .bars")
    account = bureau.accounts["assessment_office"]
    office = Caller(bureau.url, account["username"], account["password"])
    names = {one["name"] for one in office.every("/api/org/v1/officers")}
    office.close()
    for title in ("单位排名", "工作进度", "清零行动"):
        hand.see(f"h1:has-text('{title}')")
        hand.page.wait_for_load_state("networkidle")
        shown = hand.page.locator(".bars .name").all_inner_texts()
        assert shown
        assert names.isdisjoint(shown)
        assert hand.page.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
        hand.click("[data-testid=P60-next]")


def test_the_wall_shows_the_boards_that_were_chosen(at: At):
    hand = at("chief", viewport=WALL)
    hand.begin("/screen/all?boards=ranking,zero&seconds=60")
    hand.see("h1:has-text('单位排名')")
    hand.click("[data-testid=P60-next]")
    hand.see("h1:has-text('清零行动')")
    hand.click("[data-testid=P60-choose]")
    hand.click("[data-testid=P60-choice] label:has-text('单位排名')")
    hand.page.wait_for_url("**boards=zero**")
    hand.click("[data-testid=P60-next]")
    hand.see("h1:has-text('清零行动')")
    assert not hand.serious()


def test_a_number_of_the_coverage_opens_its_targets(at: At):
    hand = at("assessment_office")
    hand.begin("/cascade")
    hand.click("[data-testid=P54-levels] button")
    hand.see("[data-testid=P54-list] .el-table__row")


def test_zero_and_red_line_say_why(at: At):
    hand = at("chief")
    hand.begin("/zero")
    hand.see("[data-testid=P61-people] .el-table__row:has-text('未提交')")
    hand.see("[data-testid=P61-red]:has-text('低于红线 1.40 的单位')")


def test_who_signs_nothing_has_no_approvals(at: At):
    hand = at("officer")
    menu = hand.page.locator("nav.side").inner_text()
    assert "签批" not in menu
    assert "驾驶舱" not in menu
    hand.begin("/cockpit")
    hand.see("[data-testid=P10-forbidden]")


SCREENS = [
    ("chief", "/cockpit"), ("chief", "/approvals"), ("assessment_office", "/bulletins"), ("officer", "/bulletins"),
    ("assessment_office", "/zero"), ("officer", "/publicity"), ("assessment_office", "/cascade"), ("assessment_office", "/indicators"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "path"), SCREENS)
def test_nobody_is_kept_out(at: At, role: str, path: str):
    hand = at(role)
    hand.begin(path)
    hand.page.wait_for_load_state("networkidle")
    assert hand.serious() == []


@pytest.mark.parametrize(("role", "path"), SCREENS)
def test_nothing_hangs_over_the_edge_of_a_phone(at: At, role: str, path: str):
    hand = at(role, viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin(path)
    hand.page.wait_for_load_state("networkidle")
    assert hand.page.evaluate("document.querySelector('main').scrollWidth") <= PHONE["width"]
