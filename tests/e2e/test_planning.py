"""The office writes a scheme in the browser: rules that say themselves, checks, publication, a revision with its day."""

from collections.abc import Callable

import pytest

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller

NAME = "年度方案(编制演示)"


@pytest.fixture(scope="module")
def draft(bureau: Bureau) -> str:
    """A draft with the indicators of the demonstration scheme, without a calendar."""
    account = bureau.accounts["assessment_office"]
    office = Caller(bureau.url, account["username"], account["password"])
    source = next(one for one in office.every("/api/targets/v1/schemes") if one["code"] == "DEMO-CASES")
    body = {"code": "PLANNING", "name": NAME, "year": 2027}
    made = office.call("POST", f"/api/targets/v1/schemes/{source['id']}/copy", json=body)
    office.close()
    return str(made["id"])


def _field(hand: Hand, name: str) -> str:
    return f"[data-testid={name}] input, input[data-testid={name}]"


def test_a_rule_says_itself_is_tried_and_kept_with_its_example(at: Callable[..., Hand], draft: str) -> None:
    hand = at("assessment_office")
    hand.begin("/plans")
    hand.page.get_by_role("link", name=NAME).click()
    hand.click("[data-testid=P51-open]", nth=3)
    hand.see("[data-testid=P51-sentence]")
    hand.fill(_field(hand, "P51-rule-above"), "-0.25")
    hand.see("[data-testid=P51-sentence]:has-text('0.25')")
    hand.fill(_field(hand, "P51-test-actual"), "4")
    hand.see("[data-testid=P51-trial]:has-text('得 14.00 分')")
    assert not hand.serious()
    hand.click("[data-testid=P51-example]")
    hand.see("[data-testid=P51-kept]:has-text('14')")
    hand.click("[data-testid=P51-save]")
    hand.see("text=指标已保存")
    assert hand.clicks <= 3
    hand.page.reload()
    hand.see("text=每高1扣0.25分")
    assert not hand.complaints


def test_a_rule_that_is_not_complete_says_what_is_missing(at: Callable[..., Hand], draft: str) -> None:
    hand = at("assessment_office")
    hand.begin(f"/plans/{draft}")
    hand.click("[data-testid=P51-open]", nth=0)
    hand.see("[data-testid=P51-sentence]")
    hand.fill(_field(hand, "P51-rule-full"), "很多")
    hand.see("[data-testid=P51-rule] [role=alert]")
    assert not hand.page.locator("[data-testid=P51-sentence]").count()


def test_the_check_stands_beside_the_scheme_until_it_can_be_published(
    at: Callable[..., Hand], draft: str
) -> None:
    hand = at("assessment_office")
    hand.begin(f"/plans/{draft}?tab=calendar")
    hand.see("[data-testid=P51-checks]:has-text('没有考核周期')")
    assert hand.page.locator("[data-testid=P51-publish]").is_disabled()
    hand.click("[data-testid=P51-make-calendar]")
    hand.see("[data-testid=P51-checks]:has-text('可以发布')")
    assert not hand.serious()
    hand.click("[data-testid=P51-publish]")
    hand.click("[data-testid=P51-confirm]")
    hand.see("text=已发布")
    assert hand.clicks <= 4
    assert not hand.complaints


def test_a_published_indicator_changes_by_a_revision_that_is_published_and_compared(
    at: Callable[..., Hand], draft: str
) -> None:
    hand = at("assessment_office")
    hand.begin(f"/plans/{draft}")
    hand.click("[data-testid=P51-open]", nth=3)
    hand.see("[data-testid=P51-sentence]")
    hand.fill(_field(hand, "P51-rule-above"), "-0.5")
    hand.fill(_field(hand, "P51-test-actual"), "4")
    hand.see("[data-testid=P51-trial]:has-text('得 13.00 分')")
    hand.click("[data-testid=P51-example]")
    hand.fill(_field(hand, "P51-reason"), "按上级文件调整扣分标准")
    hand.click("[data-testid=P51-save]")
    hand.see("text=已加入修订")
    hand.page.get_by_role("tab", name="版本与经过").click()
    hand.see("[data-testid=P51-revision]:has-text('AJ-04')")
    assert not hand.serious()
    hand.click("[data-testid=P51-publish-revision]")
    hand.see("[data-testid=P51-versions]:has-text('第 2 版')")
    hand.see("[data-testid=P51-versions] ins:has-text('扣0.5分')")
    assert not hand.complaints


def test_others_do_not_write_schemes_and_a_scheme_that_is_not_there_says_so(at: Callable[..., Hand]) -> None:
    officer = at("officer", viewport=PHONE, has_touch=True, is_mobile=True)
    officer.begin("/plans")
    officer.see("text=没有权限")
    office = at("assessment_office")
    office.begin("/plans/01a222bf-0000-7000-8000-000000000000")
    office.see("text=没有找到")
