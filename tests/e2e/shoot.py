"""`make screens`: pictures of the pages with the seeded demonstration bureau, into docs/screens."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.browsing import PC, PHONE, Hand, launch, sign_in
from tests.e2e.conftest import running_bureau

OUT = Path(__file__).parents[2] / "docs" / "screens"
SHOTS = [
    ("workbench-officer", "officer", "/"),
    ("tasks", "officer", "/my/tasks"),
    ("submit", "officer", "/my/submissions/new"),
    ("submissions", "officer", "/my/submissions"),
    ("score", "officer", "/my/scores"),
    ("workbench-leader", "unit_leader", "/"),
    ("unit", "unit_leader", "/unit"),
    ("cascade", "unit_leader", "/unit/cascade"),
    ("review", "reviewer", "/review"),
    ("rankings", "officer", "/rankings?kind=officer"),
]
ON_PHONES = {"workbench-officer", "tasks", "submit", "submissions", "score", "unit"}


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_bureau(Path(folder)) as bureau,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for language, (kind, size) in ((a, b) for a in ("zh", "en") for b in (("pc", PC), ("phone", PHONE))):
            signed: dict[str, Hand] = {}
            for name, role, path in SHOTS:
                if kind == "phone" and name not in ON_PHONES:
                    continue
                if role not in signed:
                    context = browser.new_context(
                        viewport=size, has_touch=kind == "phone", is_mobile=kind == "phone"
                    )
                    if language == "en":
                        context.add_init_script("localStorage.setItem('kaohe-language', 'en')")
                    signed[role] = sign_in(context, bureau.url, bureau.accounts[role])
                hand = signed[role]
                hand.begin(path)
                hand.page.wait_for_load_state("networkidle")
                if name == "score":
                    hand.page.locator("[data-testid=P16-module]").first.click()
                    hand.page.locator("[data-testid=P16-indicator]").first.click()
                hand.page.wait_for_timeout(800)
                hand.page.screenshot(path=OUT / f"{name}-{kind}-{language}.png")
        browser.close()


if __name__ == "__main__":
    main()
