"""What comes out on paper: pages of documents and what the browser prints, as pictures."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from tests.e2e.browsing import Hand

#: Pixels a point: a page of A4 is 893 wide.
SCALE = 1.5
#: A long table or text goes on as it began.
MOST_PAGES = 3


@dataclass(frozen=True)
class Print:
    """What the browser makes of a page that is printed."""

    name: str
    role: str
    path: str
    ready: Callable[[Hand], object]
    form: str = "A4"
    landscape: bool = False
    screen: str = ""


@dataclass(frozen=True)
class Paper:
    """A document that a service sets."""

    name: str
    role: str
    path: str
    screen: str = ""


def render(content: bytes, out: Path, name: str) -> None:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    for number in range(min(len(document), MOST_PAGES)):
        image = document[number].render(scale=SCALE).to_pil().convert("P", colors=64)
        image.save(out / f"{name}-{number + 1}.png", optimize=True)
    document.close()


def printed(hand: Hand, one: Print, out: Path) -> None:
    hand.begin(one.path)
    hand.page.wait_for_load_state("networkidle")
    one.ready(hand)
    hand.page.wait_for_timeout(700)
    render(hand.page.pdf(format=one.form, landscape=one.landscape, print_background=True), out, one.name)


def prints(to: dict[str, str]) -> list[Print]:
    return [
        Print("print-item", "officer", to["decided"], lambda hand: hand.see("[data-testid=timeline]"), screen="S7"),
        Print("print-score", "officer", "/my/scores", lambda hand: hand.see("[data-testid=P16-module]"), screen="S8"),
        Print("print-table", "assessment_office", "/scores", _table, "A3", landscape=True, screen="S19"),
        Print("print-notice", "chief", "/publicity", lambda hand: hand.see("[data-testid=P62-notice]"), screen="S23"),
    ]  # fmt: skip


def _table(hand: Hand) -> None:
    hand.see("[data-testid=P58-row]")
    # The sheet is there while the page waits for the printer.
    hand.page.evaluate("window.print = () => { window.sheet = document.querySelector('.paper')?.outerHTML }")
    hand.page.locator("[data-testid=P58-print]").click()


def papers(to: dict[str, str]) -> list[Paper]:
    bulletin = f"/api/reporting/v1/bulletins/{to['bulletin-id']}/document.pdf"
    return [
        Paper("paper-bulletin", "assessment_office", bulletin, screen="S24"),
        Paper(
            "paper-record",
            "officer",
            f"/api/reporting/v1/records/{to['officer-id']}/paper",
            screen="S35",
        ),
    ]
