"""Signing in, and what is shown where something is not as it should be."""

from tests.e2e.browsing import Hand
from tests.e2e.screens.faking import failing, offline
from tests.e2e.screens.looking import Shot

LOCKED = {
    "code": "account-locked", "detail": "口令错误次数过多,请在 18:42 之后再试",
    "detail_en": "Too many wrong passwords: try again after 18:42",
}  # fmt: skip
BOTH = ("pc", "phone")


def _sign_in(hand: Hand) -> None:
    hand.fill("#username", "900001")
    hand.fill("#password", "wrong-again-1")
    hand.page.click("button[type=submit]")
    hand.see("[data-testid=P01-problem]")


def shots(_: dict[str, str]) -> list[Shot]:
    return [
        Shot("sign-in", "", "/login", views=BOTH, screen="S1"),
        Shot(
            "sign-in-locked", "", "/login", _sign_in, views=BOTH, screen="S1",
            before=failing(r"/api/org/v1/session$", 429, **LOCKED),
        ),
        Shot("state-403", "officer", "/review", screen="S32"),
        Shot("state-404", "officer", "/no/such/page", screen="S32"),
        Shot("state-500", "officer", "/my/appeals", before=failing(r"/api/submissions/v1/appeals"), screen="S32"),
        Shot("state-offline", "officer", "/my/tasks", offline, before=lambda _: None, screen="S32"),
        Shot("unsupported", "", "/unsupported.html", languages=("zh",), screen="S32"),
    ]  # fmt: skip
