"""Personal records, and the search for everything: one's own, a superior's look, what is not one's business."""

import re
from collections.abc import Callable
from urllib.parse import quote

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller

At = Callable[..., Hand]


def _officer(bureau: Bureau) -> tuple[str, str]:
    """Id and name of the officer."""
    account = bureau.accounts["officer"]
    caller = Caller(bureau.url, account["username"], account["password"])
    caller.close()
    return caller.officer, caller.name


def test_an_officer_reads_and_prints_the_own_record(at: At, bureau: Bureau) -> None:
    hand = at("officer")
    hand.begin("/my/scores")
    hand.click("[data-testid=P16-record]")
    hand.see(f"h1:has-text('{_officer(bureau)[1]}的考核档案')")
    month = hand.see("[data-testid=P20-year] [data-testid=P20-month]").inner_text()
    assert re.search(r"\d+\.\d\d\s+实时", month)
    hand.see("[data-testid=P20-mean]")
    hand.see("[data-testid=P20-marks]")
    hand.see("[data-testid=P20-followed]")
    assert not hand.serious()
    with hand.page.expect_download(timeout=60_000) as given:
        hand.click("[data-testid=P20-pdf]")
    assert given.value.suggested_filename.endswith("考核档案.pdf")
    assert not hand.complaints


def test_a_record_fits_a_phone(at: At) -> None:
    hand = at("officer", viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin("/my/record")
    hand.see("[data-testid=P20-month]")
    assert hand.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not hand.serious()


def test_a_superior_finds_a_person_and_reads_the_record(at: At, bureau: Bureau) -> None:
    _, name = _officer(bureau)
    hand = at("chief")
    hand.begin(f"/search?q={quote(name)}")
    hand.click(f"[data-testid=P06-officer] a:text-is('{name}')")
    hand.see("[data-testid=P20-month]")
    assert not hand.complaints


def test_a_colleague_s_record_is_not_shown(at: At, bureau: Bureau) -> None:
    account = bureau.accounts["assessment_office"]
    office = Caller(bureau.url, account["username"], account["password"])
    people = office.get("/api/org/v1/officers", limit=2)["items"]
    office.close()
    other = next(one["id"] for one in people if one["id"] != _officer(bureau)[0])
    hand = at("officer")
    hand.begin(f"/people/{other}/record")
    hand.see("main [role=status]")
    assert not hand.page.locator("[data-testid=P20-pdf]").count()


def test_initials_lead_from_the_palette_to_everything(at: At) -> None:
    hand = at("assessment_office")
    hand.page.keyboard.press("Control+k")
    hand.page.locator("input[aria-controls=palette-found]").fill("czfj")
    hand.see("[data-testid=palette-everything]:has-text('czfj')")
    hand.press("Enter")
    hand.page.wait_for_url(re.compile(r"/search\?q=czfj$"))
    hand.see("[data-testid=P06-unit] a:has-text('城中分局')")
    assert not hand.serious()
    hand.click("[data-testid=P06-unit] a:has-text('城中分局')")
    hand.see("h1:has-text('城中分局')")
    assert not hand.complaints


def test_one_letter_asks_for_more_and_nothing_says_so(at: At) -> None:
    hand = at("officer")
    hand.begin("/search")
    hand.fill("[data-testid=P06-field]", "城")
    hand.click("[data-testid=P06-go]")
    hand.see("text=请至少输入两个字")
    hand.fill("[data-testid=P06-field]", "查无此项")
    hand.press("Enter")
    hand.see("text=没有找到“查无此项”")
    assert not hand.serious()
    hand.fill("[data-testid=P06-field]", "现场 材料 录入")
    hand.page.route("**/api/reporting/v1/search?**", lambda route: route.abort())
    hand.press("Enter")
    hand.see("main button:has-text('重试')")
