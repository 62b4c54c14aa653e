"""The pages as a person at a PC waits for them: `python -m bench.pages`.

The demonstration bureau with its 3,000 officers, started as a user starts it, in Debian's Chromium on this machine: largest paint
and shifts of a first visit with an empty cache, what the page takes to answer clicks and keys, and how a score table of 10,000
rows and 40 columns scrolls. With LIGHTHOUSE=…/lighthouse/cli/index.js its scores of the same pages (desktop, empty cache).
"""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from bench import record
from bench.server import say
from tests.e2e.browsing import CHROMIUM, FLAGS, PC, Hand, sign_in
from tests.e2e.bureau import Bureau
from tests.e2e.conftest import running_bureau
from tests.e2e.test_score_table import GRID, told

DEBUGGING = 9444
SETTLED_MS = 1_500
#: Kept by the browser from the start of each document on.
_WATCH = """
    window.kept = {paint: 0, shift: 0, slowest: 0}
    const watch = (type, take, more) => new PerformanceObserver((list) => list.getEntries().forEach(take))
      .observe({type, buffered: true, ...more})
    watch('largest-contentful-paint', (one) => { kept.paint = one.startTime })
    watch('layout-shift', (one) => { if (!one.hadRecentInput) kept.shift += one.value })
    watch('event', (one) => { if (one.interactionId) kept.slowest = Math.max(kept.slowest, one.duration) }, {durationThreshold: 16})
"""
_SCROLL = """
    (box) => new Promise((done) => {
      const frames = [], step = (box.scrollHeight - box.clientHeight) / 240
      let last = performance.now(), count = 0
      const tick = (now) => {
        frames.push(now - last); last = now; box.scrollTop += step
        ++count < 240 ? requestAnimationFrame(tick) : done(frames.slice(1).sort((a, b) => a - b))
      }
      requestAnimationFrame(tick)
    })
"""


def _walk(hand: Hand) -> None:
    """Keys that any page answers: the palette, typing in it, and closing it."""
    hand.press("Control+k")
    hand.page.keyboard.type("paichusuo", delay=60)
    hand.press("Escape")


def _sign_in_form(hand: Hand) -> None:
    hand.page.locator("#username").press_sequentially("100001", delay=60)
    hand.page.locator("#password").press_sequentially("abc", delay=60)


def _ranking(hand: Hand) -> None:
    for choice in hand.page.locator(".bar .el-radio-button").all():
        choice.click()
        hand.page.wait_for_timeout(400)
    _walk(hand)


def _review(hand: Hand) -> None:
    for key in "jkjkj":
        hand.press(key)
        hand.page.wait_for_timeout(250)
    _walk(hand)


@dataclass(frozen=True, slots=True)
class Visit:
    name: str
    role: str | None
    path: str
    acts: Callable[[Hand], None]


VISITS = (
    Visit("sign-in", None, "/login", _sign_in_form),
    Visit("workbench", "officer", "/", _walk),
    Visit("ranking", "officer", "/rankings?kind=officer", _ranking),
    Visit("review", "reviewer", "/review", _review),
)


def _kept(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.evaluate("window.kept")
    return found


def visit(context: BrowserContext, bureau: Bureau, one: Visit) -> dict[str, float]:
    """A first visit: whoever signed in did so on another page, and nothing of it is in the cache."""
    hand = sign_in(context, bureau.url, bureau.accounts[one.role]) if one.role else None
    hand = hand or Hand(context.new_page(), bureau.url)
    hand.page.add_init_script(_WATCH)
    hand.page.context.new_cdp_session(hand.page).send("Network.clearBrowserCache")
    hand.begin(one.path)
    hand.page.wait_for_load_state("networkidle")
    hand.page.wait_for_timeout(SETTLED_MS)
    shown = _kept(hand.page)
    one.acts(hand)
    hand.page.wait_for_timeout(SETTLED_MS)
    if not hand.page.evaluate("performance.interactionCount"):
        raise RuntimeError(f"{one.name}: the browser saw no click and no key")
    return {
        f"{one.name}: largest paint, ms (at most 2,000)": shown["paint"],
        f"{one.name}: shift (at most 0.1)": _kept(hand.page)["shift"],
        f"{one.name}: slowest answer to a click or key, ms, 0 below 16 (at most 200)": _kept(hand.page)[
            "slowest"
        ],
    }


def grid(context: BrowserContext, bureau: Bureau) -> dict[str, float]:
    """Scrolled from end to end in 240 frames: rows come as the service would tell them, at once."""
    hand = sign_in(context, bureau.url, bureau.accounts["assessment_office"])
    hand.page.route(re.compile(r"/api/reporting/v1/score-table\?"), told)
    hand.begin("/scores?kind=officer")
    hand.see("[data-testid=P58-row]:has-text('民警0')")
    frames: list[float] = hand.page.locator(GRID).evaluate(_SCROLL)
    return {
        "grid of 10,000 × 40: a frame, ms": sum(frames) / len(frames),
        "grid of 10,000 × 40: 95 of 100 frames, ms": frames[int(len(frames) * 0.95)],
        "grid of 10,000 × 40: longest frame, ms": frames[-1],
    }


def lighthouse(bureau: Bureau, one: Visit, program: str) -> dict[str, float]:
    """Its scores out of 100; it empties the cache itself and leaves the sign-in."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "node", program, bureau.url + one.path, f"--port={DEBUGGING}", "--preset=desktop", "--output=json", "--quiet",
            "--only-categories=performance,accessibility,best-practices", f"--output-path={folder}/report.json",
        ]  # fmt: skip
        subprocess.run(command, check=True, timeout=240, env=os.environ | {"CHROME_PATH": CHROMIUM})  # noqa: S603
        report: dict[str, Any] = json.loads(Path(folder, "report.json").read_text(encoding="utf-8"))
    return {f"{one.name}: {name}": found["score"] * 100 for name, found in report["categories"].items()}


def _browsing(playwright: Playwright, work: Callable[[BrowserContext], dict[str, float]]) -> dict[str, float]:
    """With a profile of its own, as somebody has who comes for the first time."""
    with tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=[*FLAGS, f"--remote-debugging-port={DEBUGGING}"], viewport=PC  # type: ignore[arg-type]
        )  # fmt: skip
        found = work(context)
        context.close()
    return found


def main() -> None:
    figures: dict[str, float] = {}
    program = os.environ.get("LIGHTHOUSE")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        say("the demonstration bureau …")
        with running_bureau(Path(folder)) as bureau:
            for one in VISITS:
                say(one.name)
                figures |= _browsing(playwright, lambda context, one=one: visit(context, bureau, one))  # type: ignore[misc]
                if program:
                    figures |= _browsing(
                        playwright, lambda context, one=one: _rated(context, bureau, one, program)
                    )  # type: ignore[misc]
            figures |= _browsing(playwright, lambda context: grid(context, bureau))
    figures = {name: round(value, 3) for name, value in figures.items()}
    record("pages", figures)
    for name, value in figures.items():
        print(f"{name}: {value}")


def _rated(context: BrowserContext, bureau: Bureau, one: Visit, program: str) -> dict[str, float]:
    if one.role:
        sign_in(context, bureau.url, bureau.accounts[one.role])
        context.unroute_all()
    return lighthouse(bureau, one, program)


if __name__ == "__main__":
    main()
