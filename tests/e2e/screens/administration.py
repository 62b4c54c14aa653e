"""The three administrators: organisation and how the platform stands, rights, the auditor's proofs."""

from typing import Any

from tests.e2e.browsing import Hand
from tests.e2e.screens.faking import changed
from tests.e2e.screens.looking import Shot

ROSTER, SECURITY, AUDITOR = "roster_admin", "security_admin", "auditor"


def _warning(work: Any) -> None:
    """An event was put aside."""
    work["parked"] = [
        {
            "event_id": "0197a3c1-52b0-7c11-9a52-6f1b3a0d4e21", "type": "targets.target.issued.v1", "producer": "targets",
            "attempts": 8, "recorded_at": "2026-11-28T03:12:44Z", "last_error": "UnitUnknown: no unit JZX14 yet",
        }
    ]  # fmt: skip


def _broken(found: Any) -> None:
    """The chain does not hold from one entry on."""
    found |= {"holds": False, "first_wrong": 47}


def _verified(hand: Hand) -> None:
    hand.page.locator("[data-testid=P113-run]").click()
    hand.count("[data-testid=P113-chains] .bad, [data-testid=P113-chains] .good", 10)


def shots(_: dict[str, str]) -> list[Shot]:
    return [
        Shot("units", ROSTER, "/admin/orgs", screen="S28"),
        Shot("people", ROSTER, "/admin/users", screen="S28"),
        Shot("transfers", ROSTER, "/admin/transfers", ("[data-testid=P93-record]",)),
        Shot("parameters", ROSTER, "/admin/params", ("[data-testid=P95-lockout-failures] [data-testid=P95-propose]",)),
        Shot("jobs", ROSTER, "/admin/jobs"),
        Shot("system", ROSTER, "/admin/system"),
        Shot("system-warning", ROSTER, "/admin/system", before=changed(r"/api/targets/v1/work$", _warning), views=("desk",), screen="S29"),
        Shot("grants", SECURITY, "/security/grants", ("[data-testid=P100-open]",), screen="S30"),
        Shot("roles", SECURITY, "/security/roles", wide=True, screen="S30"),
        Shot("policies", SECURITY, "/security/policies", views=("pc", "phone")),
        Shot("audit", AUDITOR, "/audit", screen="S31"),
        Shot("trail", AUDITOR, "/audit/scores", ("[data-testid=P112-open]", "[data-testid=P112-verify]"), screen="S31"),
        Shot("integrity", AUDITOR, "/audit/integrity", ("[data-testid=P113-run]", "[data-testid=P113-replay]", "[data-testid=P113-rehash]"), screen="S31"),
        Shot("integrity-broken", AUDITOR, "/audit/integrity", _verified, before=changed(r"/api/scoring/v1/integrity/verify$", _broken), views=("desk",), screen="S31"),
    ]  # fmt: skip
