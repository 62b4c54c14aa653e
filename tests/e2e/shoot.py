"""`make screens`: pictures of the pages with the seeded demonstration bureau, into docs/screens."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.browsing import PC, PHONE, WALL, Hand, launch, sign_in
from tests.e2e.bureau import Bureau
from tests.e2e.conftest import running_bureau
from tests.e2e.people import Caller

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
    ("cockpit", "chief", "/cockpit"),
    ("unit-profile", "chief", "/cockpit"),
    ("approvals", "assessment_office", "/approvals"),
    ("bulletin", "assessment_office", "/bulletins"),
    ("zero", "chief", "/zero"),
    ("publicity", "chief", "/publicity"),
    ("plan", "assessment_office", "/plans"),
    ("plan-rule", "assessment_office", "/plans"),
    ("score-table", "assessment_office", "/scores?kind=officer"),
    ("campaigns", "assessment_office", "/campaigns"),
    ("supervision", "assessment_office", "/supervision?state=all&soon=7"),
    ("analysis", "assessment_office", "/analysis?rows=indicator&measures=submissions,points"),
    ("attendance", "assessment_office", "/attendance?tab=kinds"),
    ("coverage", "assessment_office", "/cascade"),
    ("wall-ranking", "chief", "/screen/ranking"),
    ("wall-progress", "chief", "/screen/progress"),
    ("wall-zero", "chief", "/screen/zero"),
    ("todo", "unit_leader", "/todo"),
    ("units", "roster_admin", "/admin/orgs"),
    ("people", "roster_admin", "/admin/users"),
    ("transfers", "roster_admin", "/admin/transfers"),
    ("parameters", "roster_admin", "/admin/params"),
    ("working-days", "assessment_office", "/admin/calendar"),
    ("jobs", "roster_admin", "/admin/jobs"),
    ("system", "roster_admin", "/admin/system"),
    ("grants", "security_admin", "/security/grants"),
    ("roles", "security_admin", "/security/roles"),
    ("audit", "auditor", "/audit"),
    ("trail", "auditor", "/audit/scores"),
    ("integrity", "auditor", "/audit/integrity"),
]
#: What is clicked before the picture is taken; a table keeps one more copy of its cells out of sight.
STEPS = {
    "plan": ("[data-testid=P50-open]",),
    "plan-rule": ("[data-testid=P50-open]", "[data-testid=P51-open]"),
    "score": ("[data-testid=P16-module]", "[data-testid=P16-indicator]"),
    "transfers": ("[data-testid=P93-record]",),
    "parameters": ("[data-testid=P95-lockout-failures] [data-testid=P95-propose]",),
    "grants": ("[data-testid=P100-open]",),
    "trail": ("[data-testid=P112-open]", "[data-testid=P112-verify]"),
    "integrity": ("[data-testid=P113-run]", "[data-testid=P113-replay]", "[data-testid=P113-rehash]"),
}
ON_PHONES = {"workbench-officer", "tasks", "submit", "submissions", "score", "unit", "todo"}


def _propose(bureau: Bureau) -> None:
    """A grant that waits for approval and has something to look at: who reviews would also decide appeals."""
    admin = bureau.accounts["roster_admin"]
    caller = Caller(bureau.url, admin["username"], admin["password"])
    [account] = caller.get("/api/org/v1/accounts", q=bureau.accounts["reviewer"]["username"])["items"]
    root = next(one for one in caller.every("/api/org/v1/units") if one["parent_id"] is None)
    wish = {
        "account_id": account["id"], "role": "adjudicator", "scope_unit_id": root["id"], "lines": [],
        "valid_from": "2026-01-01",
    }  # fmt: skip
    caller.call("POST", "/api/org/v1/grants", json=wish)
    caller.close()


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_bureau(Path(folder)) as bureau,
        sync_playwright() as playwright,
    ):
        _propose(bureau)
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
                hand.page.set_viewport_size(WALL if name.startswith("wall") else size)
                hand.begin(path)
                hand.page.wait_for_load_state("networkidle")
                for step in STEPS.get(name, ()):
                    hand.page.locator(f"{step} >> visible=true").first.click()
                hand.page.wait_for_load_state("networkidle")
                hand.page.wait_for_timeout(800)
                hand.page.screenshot(path=OUT / f"{name}-{kind}-{language}.png")
        browser.close()


if __name__ == "__main__":
    main()
