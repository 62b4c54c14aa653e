"""Boards: which stretch, which figures, ranked by what; who has no place and why; what open appeals could still change."""

from collections.abc import Callable

from tests.e2e.browsing import PHONE, Hand

TABLE = "[data-testid=P59-table]"


def choose(hand: Hand, what: str, text: str) -> None:
    hand.click(f"[data-testid=P59-{what}]")
    hand.click(f".el-select-dropdown__item:visible:has-text('{text}')")


def test_a_board_of_a_quarter_and_of_the_month_before_are_two_choices_away(at: Callable[..., Hand]) -> None:
    hand = at("officer")
    hand.begin("/rankings?kind=unit&look=table")
    hand.see(f"{TABLE} tbody tr")
    choose(hand, "span", "本季")
    hand.page.wait_for_url("**/rankings?*span=quarter*")
    hand.see(f"{TABLE} tbody tr")
    assert not hand.serious()
    assert not hand.complaints


def test_a_module_is_ranked_by_itself_and_the_address_says_so(at: Callable[..., Hand]) -> None:
    hand = at("officer")
    hand.begin("/rankings?kind=unit&look=table")
    hand.see(f"{TABLE} tbody tr")
    hand.click("[data-testid=P59-module]")
    hand.click(".el-select-dropdown__item:visible", nth=1)
    hand.page.wait_for_url("**/rankings?*module=*")
    address = hand.page.url
    hand.begin(address.removeprefix(hand.url))
    hand.see(f"{TABLE} tbody tr")
    assert not hand.complaints


def test_without_a_stretch_before_improvement_says_what_is_missing(at: Callable[..., Hand]) -> None:
    hand = at("officer")
    hand.begin("/rankings?kind=unit&by=improvement")
    hand.see("text=没有可以比较的上期得分")
    assert not hand.complaints


def test_open_appeals_are_told_where_somebody_asks_for_them(at: Callable[..., Hand]) -> None:
    hand = at("officer")
    hand.begin("/rankings?kind=unit&look=table")
    hand.see(f"{TABLE} tbody tr")
    hand.click("[data-testid=P59-appeals]")
    hand.see("[data-testid=P59-disputes]")
    assert not hand.serious()
    assert not hand.complaints


def test_who_has_no_place_is_named_with_the_reason(at: Callable[..., Hand]) -> None:
    hand = at("officer", viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin("/rankings?kind=unit")
    hand.see("[data-testid=P59-unranked] li:has-text('暂无得分')")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not hand.page.evaluate(wide)
    assert not hand.serious()
