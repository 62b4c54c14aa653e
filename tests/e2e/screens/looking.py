"""One picture: who looks, at what, on which screen, and what must not be there while it is taken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error

from tests.e2e.browsing import PC, PHONE, WALL, Hand, sign_in
from tests.e2e.bureau import Bureau

OUT = Path(__file__).parents[3] / "docs" / "screens"
DESK = {"width": 1440, "height": 900}
#: What a PC shows at a zoom of 200 %.
TWICE = {"width": PC["width"] // 2, "height": PC["height"] // 2}
VIEWS: dict[str, dict[str, int]] = {"pc": PC, "desk": DESK, "phone": PHONE, "wall": WALL, "twice": TWICE}
LANGUAGES = ("zh", "en")
#: Height of what stands over the scrolled part of a page.
BAR = 48
#: Names of keys and values of the interface of programs that reached the page, text that is cut, pages wider than the screen.
FAULTS = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Shot:
    name: str
    """With view and language it names the file."""
    role: str
    """Whose account; empty for somebody who has not signed in."""
    path: str
    do: tuple[str, ...] | Callable[[Hand], Any] = ()
    """What is clicked before the picture is taken, or what the hand does."""
    before: Callable[[Hand], Any] | None = None
    """Done before the page is opened, in a window of its own."""
    views: tuple[str, ...] = ("pc",)
    languages: tuple[str, ...] = LANGUAGES
    whole: bool = False
    """The whole height of the page, not only what is in sight."""
    wide: bool = False
    """Its table may be wider than the page: it scrolls in a frame of its own."""
    screen: str = ""
    """Number of the acceptance screen that it shows."""


@dataclass
class Gallery:
    """Takes pictures with one window for each person, screen and language, and keeps what was wrong."""

    browser: Browser
    bureau: Bureau
    out: Path = OUT
    faults: list[str] = field(default_factory=list)
    _windows: dict[tuple[str, str, str], Hand] = field(default_factory=dict)

    def window(self, role: str, view: str, language: str) -> Hand:
        context = self.browser.new_context(
            viewport=VIEWS[view], has_touch=view == "phone", is_mobile=view == "phone", locale="zh-CN"
        )
        context.set_default_timeout(20_000)
        if language == "en":
            context.add_init_script("localStorage.setItem('kaohe-language', 'en')")
        if role:
            return sign_in(context, self.bureau.url, self.bureau.accounts[role])
        hand = Hand(context.new_page(), self.bureau.url)
        hand.watch()
        return hand

    def take_each(self, shot: Shot) -> None:
        """On every screen, in every language; a page that does not come is a fault and stops nothing."""
        for view in shot.views:
            for language in shot.languages:
                try:
                    self.take(shot, view, language)
                except Error as error:
                    self.faults.append(f"{shot.name}-{view}-{language}: not taken: {error.message[:300]}")

    def take(self, shot: Shot, view: str, language: str) -> None:
        key = (shot.role, view, language)
        own = shot.before is not None or not shot.role
        hand = self.window(*key) if own else self._windows.get(key) or self.window(*key)
        if not own:
            self._windows[key] = hand
        try:
            if shot.before:
                shot.before(hand)
            hand.page.set_viewport_size(VIEWS[view])
            hand.begin(shot.path)
            hand.page.wait_for_load_state("networkidle")
            self._act(hand, shot)
            name = f"{shot.name}-{view}-{language}"
            if shot.whole:
                tall = hand.page.evaluate("document.querySelector('main').scrollHeight") + BAR
                hand.page.set_viewport_size(VIEWS[view] | {"height": max(VIEWS[view]["height"], tall)})
                hand.page.wait_for_timeout(300)
            hand.page.screenshot(path=self.out / f"{name}.png")
            self.faults += [f"{name}: {one}" for one in self._wrong(hand, shot)]
        finally:
            if own:
                hand.page.context.close()

    def _act(self, hand: Hand, shot: Shot) -> None:
        if callable(shot.do):
            shot.do(hand)
        else:
            for step in shot.do:
                # A table keeps one more copy of its cells out of sight.
                hand.page.locator(f"{step} >> visible=true").first.click()
        hand.page.wait_for_load_state("networkidle")
        # Charts grow and drawers slide: neither tells when it is done.
        hand.page.wait_for_timeout(700)

    def _wrong(self, hand: Hand, shot: Shot) -> list[str]:
        found = hand.page.evaluate(FAULTS, {"wide": shot.wide})
        complaints = [] if shot.before else hand.complaints
        hand.complaints = []
        return [*hand.serious(), *found, *(f"console: {one}" for one in complaints)]

    def close(self) -> None:
        for hand in self._windows.values():
            hand.page.context.close()
