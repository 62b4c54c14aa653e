"""The auditor follows a score from the person to the entry, and sees whether it still is what was posted."""

import pytest
from sqlalchemy import text

from contracts import org
from contracts.org import OfficerCategory, OfficerStatus
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_closing import worked
from tests.services.scoring.test_sealing import as_owner

__all__ = ["worked"]

TRAILS = f"{API}/verification/entries"


async def test_scores_are_found_by_police_number_and_month_with_the_rule_and_what_was_posted_beside(
    worked: Desk,
):
    _, subject_id, _ = worked.bureau.subject("an")
    known = org.Officer(
        id=subject_id, version=1, police_number="100001", name="安", category=OfficerCategory.OFFICER,
        status=OfficerStatus.IN_SERVICE, series_id=None,
    )  # fmt: skip
    await worked.hear(known)
    auditor = worked["auditor"]
    [found] = (await auditor.get(TRAILS, who="100001", month="2026-11"))["items"]
    assert (found["subject_name"], found["indicator_code"]) == ("安", "A1")
    assert (await auditor.get(TRAILS, who="安"))["items"] == [found]
    assert (await auditor.get(TRAILS, who="100001", month="2026-10"))["items"] == []
    assert (await auditor.get(TRAILS, who="10000"))["items"] == []
    detail = await auditor.get(f"{TRAILS}/{found['entry']['id']}")
    assert [one["id"] for one in detail["beside"]] == [found["entry"]["id"]]
    assert detail["rule_zh"]
    assert detail["revision_now"] == found["entry"]["rule_revision"]
    assert detail["seal"] is None


async def test_only_the_auditor_follows_scores(worked: Desk):
    for name in ("office", "an"):
        assert (await worked[name].problem("GET", TRAILS))["code"] == "permission-denied"


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (None, set()),
        ("points_milli = points_milli + 1", {"unchanged"}),
        ("prev_hash = hash", {"unchanged", "linked"}),
    ],
    ids=["as posted", "altered", "unlinked"],
)
async def test_a_fingerprint_holds_until_the_entry_is_changed(
    worked: Desk, change: str | None, wrong: set[str]
):
    await worked["office"].post(f"{API}/awards", award(worked))
    newest = (await worked["auditor"].get(TRAILS))["items"][0]["entry"]
    if change:
        async with as_owner(worked) as connection:
            await connection.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER USER"))
            await connection.exec_driver_sql(f"UPDATE ledger_entry SET {change} WHERE seq = {newest['seq']}")  # noqa: S608 -- constants
    found = await worked["auditor"].get(f"{TRAILS}/{newest['id']}/fingerprint")
    assert {name for name in ("unchanged", "linked") if not found[name]} == wrong
    assert found["holds"] is not bool(wrong)
    assert found["stored"] == newest["hash"]
