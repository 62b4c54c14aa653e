"""The office closes a month: checks, trial, publicity. The seal needs a day of publicity and is shown by tests/services/scoring."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller

OCTOBER = {
    "months": ["2026-10"], "start_day": 26, "cutoff_day": 25, "cutoff_time": "18:00", "rest_day": "stays",
    "review_days": 5, "review_unit": "calendar_days", "appeal_working_days": 5, "year_start": {"month": 1, "day": 1},
}  # fmt: skip


@pytest.fixture(scope="module")
def office(bureau: Bureau) -> Iterator[Caller]:
    account = bureau.accounts["assessment_office"]
    found = Caller(bureau.url, account["username"], account["password"])
    yield found
    found.close()


@pytest.fixture(scope="module")
def october(office: Caller) -> Any:
    """A month that is over, of a scheme of its own."""
    schemes = office.every("/api/targets/v1/schemes")
    first = next(one for one in schemes if not one["has_plan"])
    copied = {"code": "CLOSED", "name": "十月考核(演示)", "year": 2026}
    scheme = office.call("POST", f"/api/targets/v1/schemes/{first['id']}/copy", json=copied)
    path = f"/api/targets/v1/schemes/{scheme['id']}"
    office.call("POST", f"{path}/calendar", json=OCTOBER)
    version = office.get(path)["version"]
    office.call("POST", f"{path}/publish", json={"version": version})
    return office.every(f"{path}/periods")[0]


def test_the_office_closes_a_month_as_far_as_its_publicity(
    at: Callable[..., Hand], office: Caller, october: Any
) -> None:
    hand = at("assessment_office")
    hand.begin(f"/periods/{october['id']}/close")
    hand.click("[data-testid=P57-begin]")
    hand.see("[data-testid=P57-checks]")
    assert hand.page.locator("[data-testid=P57-publish]").is_disabled()
    hand.click("[data-testid=P57-run]")
    hand.see("[data-testid=P57-trial] dl", seconds=60)
    assert not hand.serious()
    hand.click("[data-testid=P57-publish]")
    hand.see("[data-testid=P57-window]")
    assert hand.clicks <= 8
    hand.see("text=没有异议")
    assert not hand.page.locator("[data-testid=P57-sign]").count()
    found = office.get(f"/api/scoring/v1/closings/{october['id']}")
    assert (found["status"], found["trial"]["different"], found["current"]) == ("public", 0, True)


def test_a_month_that_runs_cannot_be_closed(at: Callable[..., Hand], office: Caller) -> None:
    now = datetime.now(UTC).isoformat()
    periods = office.every("/api/targets/v1/periods", open="true")
    running = next(one for one in periods if one["cutoff_at"] > now)
    hand = at("assessment_office", viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin(f"/periods/{running['id']}/close")
    hand.see("text=之后才能开始结账")
    assert hand.page.locator("[data-testid=P57-begin]").is_disabled()
    assert not hand.serious()


def test_only_who_closes_or_seals_sees_the_periods(at: Callable[..., Hand]) -> None:
    hand = at("unit_leader")
    assert not hand.page.locator("a[href='/periods']").count()
    hand.begin("/periods")
    hand.see("text=没有权限")
