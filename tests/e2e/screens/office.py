"""Assessors, the assessment office and chiefs: review, closing, boards, notices, bulletins."""

from typing import Any

from tests.e2e.browsing import Hand
from tests.e2e.screens.faking import changed, empty
from tests.e2e.screens.looking import Shot

BOTH = ("pc", "phone")
OFFICE = "assessment_office"


def _over(closing: Any) -> None:
    """Its window is over: a day of publicity cannot be waited for."""
    closing["objections_until"] = "2026-11-20T10:00:00Z"


def _right(hand: Hand) -> None:
    hand.see("[data-testid=P58-row]")
    hand.page.locator("[data-testid=P58-grid]").evaluate(
        "(box) => { box.scrollLeft = 420; box.scrollTop = 260 }"
    )


def shots(to: dict[str, str]) -> list[Shot]:
    return [
        Shot("review", "reviewer", "/review", screen="S11"),
        Shot("review-empty", "reviewer", "/review", before=empty(r"/api/submissions/v1/reviews/queue|/api/submissions/v1/queue"), screen="S12"),
        Shot("review-keys", "reviewer", "/review", lambda hand: hand.page.keyboard.press("?"), screen="S12"),
        Shot("workbench-reviewer", "reviewer", "/", views=("desk",), screen="S3"),
        Shot("workbench-office", OFFICE, "/", views=("desk",), screen="S3"),
        Shot("points", OFFICE, "/points", views=("desk",), screen="S14"),
        Shot("plan", OFFICE, "/plans", ("[data-testid=P50-open]",), screen="S15"),
        Shot("plan-rule", OFFICE, "/plans", ("[data-testid=P50-open]", "[data-testid=P51-open]"), screen="S15"),
        Shot("coverage", OFFICE, "/cascade", screen="S17"),
        Shot("close-checks", OFFICE, to["checks"], views=("desk",), whole=True, screen="S18"),
        Shot("close-trial", OFFICE, to["trial"], views=("desk",), whole=True, screen="S18"),
        Shot("close-seal", OFFICE, to["public"], views=("desk",), whole=True, screen="S18", before=changed(r"/api/scoring/v1/closings/[0-9a-f-]+$", _over)),
        Shot("score-table", OFFICE, "/scores?kind=officer", wide=True, screen="S19"),
        Shot("score-table-scrolled", OFFICE, "/scores", _right, views=("wall",), wide=True, screen="S19"),
        Shot("rankings", "officer", "/rankings?kind=officer", screen="S20"),
        Shot("rankings-units", "officer", "/rankings", views=("desk", "phone"), screen="S20"),
        Shot("wall-ranking", "chief", "/screen/ranking", views=("wall",), screen="S21"),
        Shot("wall-progress", "chief", "/screen/progress", views=("wall",), screen="S21"),
        Shot("wall-zero", "chief", "/screen/zero", views=("wall",), screen="S21"),
        Shot("zero", "chief", "/zero", screen="S22"),
        Shot("publicity", "chief", "/publicity", views=BOTH, screen="S23"),
        Shot("bulletin", OFFICE, to["bulletin"], views=("pc", "desk"), screen="S24"),
        Shot("cockpit", "chief", "/cockpit", views=BOTH, screen="S26"),
        Shot("unit-profile", "chief", "/cockpit", ("[data-testid=P85-exception]",), views=("desk", "phone"), screen="S27"),
        Shot("approvals", OFFICE, "/approvals"),
        Shot("campaigns", OFFICE, "/campaigns"),
        Shot("supervision", OFFICE, "/supervision?state=all&soon=7"),
        Shot("analysis", OFFICE, "/analysis?rows=indicator&measures=submissions,points"),
        Shot("attendance", OFFICE, "/attendance?tab=kinds"),
        Shot("templates", OFFICE, "/admin/templates", views=BOTH),
        Shot("working-days", OFFICE, "/admin/calendar"),
    ]  # fmt: skip
