"""Templates of bulletins and security policies: what holds, what is weaker than it should be, and what cannot be used."""

import io
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, until

At = Callable[..., Hand]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _today() -> str:
    """The bureau's day."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def _broken() -> bytes:
    document = Document()
    document.add_paragraph("{{ nonsense }}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_template_is_tried_refused_with_reasons_and_rolled_back(at: At, bureau: Bureau) -> None:
    account = bureau.accounts["assessment_office"]
    office = Caller(bureau.url, account["username"], account["password"])
    shipped = office.http.get("/api/reporting/v1/bulletin-templates/0/file").content
    office.close()
    hand = at("assessment_office")
    hand.begin("/admin/templates")
    hand.see("[data-testid=P96-shipped]")
    chosen = {"name": "模板.docx", "mimeType": WORD, "buffer": _broken()}
    hand.page.set_input_files("[data-testid=workbook]", files=[chosen])
    assert "nonsense" in hand.see("[data-testid=P96-faults]").inner_text()
    hand.page.set_input_files("[data-testid=workbook]", files=[chosen | {"buffer": shipped}])
    hand.see("[data-testid=P96-version]:has-text('使用中')")
    assert not hand.page.locator("[data-testid=P96-faults]").count()
    with hand.page.expect_download() as download:
        hand.click("[data-testid=P96-sample]")
    assert download.value.suggested_filename == "试填_模板.docx"
    hand.click("[data-testid=P96-restore]")
    hand.click(".el-message-box .el-button--primary")
    hand.count("[data-testid=P96-version]", 2)
    assert not hand.serious()


def test_a_policy_weaker_than_recommended_is_marked(at: At, bureau: Bureau) -> None:
    people = [
        Caller(bureau.url, bureau.accounts[role]["username"], bureau.accounts[role]["password"])
        for role in ("roster_admin", "security_admin")
    ]
    roster, security = people
    wish = {"key": "lockout-failures", "value": "8", "effective_on": _today(), "reason": "演示"}
    change = roster.call("POST", "/api/org/v1/parameters/changes", json=wish)
    hand = at("security_admin")
    hand.begin("/security/policies")
    hand.see("[data-testid=P102-lockout-failures]:has-text('待批准')")
    assert not hand.serious()
    security.call("POST", f"/api/org/v1/parameters/changes/{change['id']}/approve")
    until(lambda: [p for p in security.get("/api/org/v1/parameters")["items"] if p["weaker"]])
    hand.begin("/security/policies")
    hand.see("[data-testid=P102-lockout-failures]:has-text('弱于推荐值')")
    hand.see("[data-testid=P102-summary]:has-text('1 项')")
    back = roster.call("POST", "/api/org/v1/parameters/changes", json=wish | {"value": "5"})
    security.call("POST", f"/api/org/v1/parameters/changes/{back['id']}/approve")
    for person in people:
        person.close()


def test_who_is_cut_off_is_told(at: At) -> None:
    hand = at("officer")
    hand.begin("/my/tasks")
    hand.see("main h1")
    hand.page.wait_for_load_state("networkidle")
    hand.page.context.set_offline(True)
    hand.see("[data-testid=offline]")
    hand.page.context.set_offline(False)
    hand.page.locator("[data-testid=offline]").wait_for(state="hidden")


@pytest.mark.parametrize(
    ("role", "path"), [("assessment_office", "/admin/templates"), ("security_admin", "/security/policies")]
)
def test_nothing_hangs_over_the_edge_of_a_phone(at: At, role: str, path: str) -> None:
    hand = at(role, viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin(path)
    hand.page.wait_for_load_state("networkidle")
    assert hand.page.evaluate("document.querySelector('main').scrollWidth") <= PHONE["width"]
    assert not hand.serious()
