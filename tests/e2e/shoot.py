"""`make screens`: pictures of the pages with the seeded demonstration bureau, into docs/screens.

Ends with what is wrong on them: what keeps people out, cut text, raw words, a page wider than its screen. Names as arguments: those alone.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.browsing import launch
from tests.e2e.bureau import Bureau
from tests.e2e.conftest import running_bureau
from tests.e2e.screens import administration, entry, office, officer, papers
from tests.e2e.screens.looking import OUT, Gallery, Shot
from tests.e2e.screens.seeding import caller, furnish


def shots(to: dict[str, str]) -> list[Shot]:
    return [one for part in (entry, officer, office, administration) for one in part.shots(to)]


def take_all(bureau: Bureau, to: dict[str, str], only: set[str], out: Path = OUT) -> list[str]:
    """What is wrong with them."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        gallery = Gallery(browser, bureau, out)
        for one in shots(to):
            if not only or only & {one.name, one.screen}:
                gallery.take_each(one)
        for sheet in papers.prints(to):
            if not only or only & {sheet.name, sheet.screen}:
                hand = gallery.window(sheet.role, "desk", "zh")
                papers.printed(hand, sheet, out)
                hand.page.context.close()
        gallery.close()
        browser.close()
    for paper in papers.papers(to):
        if not only or only & {paper.name, paper.screen}:
            person = caller(bureau, paper.role)
            papers.render(person.http.get(paper.path).raise_for_status().content, out, paper.name)
            person.close()
    return gallery.faults


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_bureau(Path(folder)) as bureau:
        faults = take_all(bureau, furnish(bureau), set(sys.argv[1:]))
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
