"""The main journeys, click by click: each fails above its target."""

import base64
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, picture, until

At = Callable[..., Hand]
QUEUE = "[data-testid=P40-queue] li"

PASTE = """([first, second]) => {
  const data = new DataTransfer()
  for (const [name, bytes] of [first, second]) {
    data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type: 'image/png' }))
  }
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
}"""


def _encoded(number: int) -> list[str]:
    return [f"粘贴{number}.png", base64.b64encode(picture(number)).decode()]


def test_j1_an_officer_submits_an_item_with_two_pasted_photos(at: At):
    hand = at("officer")
    hand.begin("/")
    hand.click("[data-testid=P03-tasks] li:has-text('网上受理全流程') [data-testid=P03-act]")
    hand.fill("#quantity", "1")
    hand.fill("#summary", "受理群众报案一起,全流程网上办理")
    hand.page.evaluate(PASTE, [_encoded(101), _encoded(102)])
    hand.count("[data-testid=P13-files] .remove", 2)
    hand.see("[data-testid=P13-estimate] .figure, [data-testid=P13-estimate] .hint")
    hand.click("[data-testid=P13-submit]")
    assert "已提交" in hand.see("[data-testid=P13-sent]").inner_text()
    assert hand.clicks <= 5
    assert hand.complaints == []


def test_j1p_the_same_with_the_camera_of_a_phone(at: At):
    hand = at("officer", viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin("/")
    hand.click("[data-testid=phone-submit]")
    hand.click("#task")
    hand.click(".el-select-dropdown__item:has-text('网上受理全流程')")
    hand.fill("#quantity", "1")
    hand.fill("#summary", "现场走访一次")
    for number in (111, 112):
        file = {"name": f"相机{number}.png", "mimeType": "image/png", "buffer": picture(number)}
        hand.page.set_input_files("[data-testid=P13-camera]", files=[file])
        hand.clicks += 1
    hand.click("[data-testid=P13-submit]")
    hand.see("[data-testid=P13-sent]")
    assert hand.clicks <= 6
    assert hand.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_j2_an_officer_repairs_a_returned_item(at: At):
    hand = at("officer")
    hand.begin("/")
    hand.click("[data-testid=P03-tasks] .returned [data-testid=P03-act]")
    assert "照片不清晰" in hand.see("[data-testid=P13-why]").inner_text()
    hand.click("[data-testid=P13-files] .remove")
    file = {"name": "重新拍摄.png", "mimeType": "image/png", "buffer": picture(121)}
    hand.page.set_input_files("[data-testid=P13-pick]", files=[file])
    hand.clicks += 1
    hand.see("[data-testid=P13-files] .remove")
    hand.click("[data-testid=P13-submit]")
    hand.see("[data-testid=P13-sent]")
    assert hand.clicks <= 4


def test_j3_an_officer_asks_why_this_score_and_appeals_and_j9_it_is_decided(at: At):
    hand = at("officer")
    hand.begin("/my/scores")
    hand.click("[data-testid=P16-module]")
    hand.click("[data-testid=P16-indicator]")
    hand.click("[data-testid=P16-entry]")
    hand.see("[data-testid=P16-drawer] [data-testid=evidence] img")
    assert hand.clicks <= 3, "evidence is three clicks away"
    hand.click("[data-testid=P16-appeal]")
    hand.fill("#grounds", "四件均为本月受理,上月计分的是另一件,见录入时间")
    hand.click("[data-testid=P18-submit]")
    hand.see("[data-testid=timeline]")
    assert hand.clicks <= 7

    judge = at("adjudicator")
    judge.begin("/appeals")
    judge.click("[data-testid=selection-bar], .el-table__row a")
    judge.click("[data-testid=P81-change]")
    judge.click("[data-testid=P81-ruling] .phrases button")
    judge.click("[data-testid=P81-sign]")
    judge.page.get_by_text("裁决已签发").wait_for()
    judge.see("text=复议改判")
    assert judge.clicks <= 6
    assert hand.complaints + judge.complaints == []


def test_j4_an_assessor_clears_the_queue_by_keys_and_pinyin_decides_nothing(at: At, bureau: Bureau):
    hand = at("reviewer")
    hand.begin("/review")
    hand.see("[data-testid=P40-decision]")
    hand.see("[data-testid=evidence] img")

    def waiting() -> int:
        return hand.page.locator(QUEUE).count()

    before = waiting()
    assert before >= 10
    hand.press("r")
    hand.press("2")
    expect(hand.page.locator("#reason")).to_have_value("缺少办理结果,请补充说明")
    # Letters of an input method go into the box and nowhere else.
    hand.page.locator("#reason").focus()
    hand.page.evaluate(
        """() => { for (const key of ['a', 'n', 'r', 'Enter'])
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, keyCode: 229, isComposing: true, bubbles: true })) }"""
    )
    hand.page.keyboard.insert_text("拼音")
    assert waiting() == before
    hand.page.locator("[data-testid=P40-reason-box] h3").click()
    hand.press("Enter")
    hand.see("[data-testid=P40-pending]")
    assert hand.clicks <= 3, "returning takes three keys"
    hand.press("z")
    hand.count(QUEUE, before)
    hand.clicks = 0
    for done in range(1, 9):
        hand.see("[data-testid=evidence] img")
        hand.press("a")
        hand.count(QUEUE, before - done)
    assert hand.clicks == 8, "one key an item"
    hand.page.locator("[data-testid=P40-pending]").wait_for(state="hidden", timeout=12_000)
    reviewer = Caller(bureau.url, **bureau.accounts["reviewer"])
    until(lambda: len(reviewer.every("/api/submissions/v1/submissions", status="accepted")) >= 8)
    reviewer.close()
    hand.begin("/review/done")
    hand.see(".el-table__row >> nth=7")
    assert hand.complaints == []


def test_j5_a_leader_splits_all_indicators_and_issues_them(at: At):
    hand = at("unit_leader")
    hand.begin("/unit/cascade")
    hand.click("[data-testid=period-chip]")
    hand.click(".el-popover .el-select >> nth=0")
    hand.click(".el-popover .el-select-dropdown__item:has-text('经费执行')")
    hand.page.keyboard.press("Escape")
    hand.see("[data-testid=P22-grid] input")
    hand.click("[data-testid=P22-even]")
    cells = hand.page.locator("[data-testid=P22-grid] input")
    one, two = cells.nth(0), cells.nth(1)
    whole = int(one.input_value()) + int(two.input_value())
    one.fill("1")
    two.fill(str(whole - 1))
    assert hand.page.locator("[data-testid=P22-grid] .above").count() == 0
    hand.click("[data-testid=P22-issue]")
    hand.click(".P22-confirm")
    hand.see("[data-testid=P22-grid] .handed")
    assert hand.clicks <= 6
    assert hand.complaints == []
