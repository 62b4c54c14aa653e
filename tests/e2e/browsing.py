"""A person at a browser: signs in, and every click and every key that decides something is counted."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response, expect
from playwright.sync_api import TimeoutError as Timeout

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PC, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
WALL = {"width": 1920, "height": 1080}
#: How long a page may take where other tests keep the machine busy. A bound, not a goal.
PATIENCE_S = 40


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@dataclass
class Hand:
    """`clicks` since the last `begin`. `refused`: answers of the services that were no success and not expected."""

    page: Page
    url: str
    clicks: int = 0
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("response", self._answered)

    def _answered(self, answer: Response) -> None:
        own = answer.url.startswith((self.url, f"blob:{self.url}"))
        if not own or answer.status >= 500:
            self.complaints.append(f"{answer.status} {answer.url}")

    def begin(self, path: str) -> None:
        self.page.goto(self.url + path)
        self.clicks = 0

    def click(self, what: str, *, nth: int = 0) -> None:
        self.page.locator(what).nth(nth).click()
        self.clicks += 1

    def press(self, key: str) -> None:
        """A key that takes the place of a click."""
        self.page.keyboard.press(key)
        self.clicks += 1

    def fill(self, what: str, text: str) -> None:
        self.page.locator(what).fill(text)

    def see(self, what: str, *, seconds: float = PATIENCE_S) -> Any:
        found = self.page.locator(what).first
        try:
            found.wait_for(state="visible", timeout=seconds * 1000)
        except Timeout as error:
            error.add_note(f"{self.page.url} {self.complaints}\n{self.page.inner_text('body')[:2000]}")
            raise
        return found

    def count(self, what: str, number: int) -> None:
        """Waits until there are so many of them."""
        expect(self.page.locator(what)).to_have_count(number, timeout=PATIENCE_S * 1000)

    def serious(self) -> list[str]:
        """What axe finds that keeps people out."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary'][:160]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]


def sign_in(context: BrowserContext, url: str, account: dict[str, str], *, live: bool = False) -> Hand:
    """Without hints unless asked for: a stream that stays open is never idle, and as where there is no broker, pages do."""
    if not live:
        context.route("**/api/live", lambda route: route.fulfill(status=404))
    hand = Hand(context.new_page(), url)
    hand.watch()
    _arrive(hand)
    hand.fill("#username", account["username"])
    hand.fill("#password", account["password"])
    hand.page.click("button[type=submit]")
    hand.see(".shell")
    return hand


def _arrive(hand: Hand) -> None:
    """Once more where a network interface of the machine came or went meanwhile: Chromium drops what it was loading then."""
    for _ in range(3):
        hand.page.goto(f"{hand.url}/login")
        try:
            hand.page.locator("#username").wait_for(timeout=PATIENCE_S * 250)
        except Timeout:
            continue
        return
