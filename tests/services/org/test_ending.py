"""Rights end on their last day, at midnight of the bureau, and that is said before."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts.permissions import Role
from kernel.clock import ManualClock
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from services.org.jobs import announce_ends
from services.org.queries import access
from tests.services.org.conftest import ORG, Org, begun
from tests.services.org.test_deciding import account, as_person
from tests.services.org.test_signing_in import NEW, sign_in

TODAY = date(2026, 11, 12)
NOON = datetime(2026, 11, 12, 4, tzinfo=UTC)


@pytest.fixture
async def org(databases: Databases, objects: ObjectStore) -> AsyncIterator[Org]:
    async with begun(databases, objects, clock=ManualClock(NOON)) as made:
        yield made


async def grant_of(org: Org, slip: dict, until: str | None, role: str = "assessor", **more: object) -> str:
    wish = {
        "account_id": slip["account_id"],
        "role": role,
        "scope_unit_id": org.root["id"],
        "lines": ["theft"],
    }
    wish |= {"valid_from": "2026-01-01", "valid_to": until} | more
    proposed = await org.roster.post(f"{ORG}/grants", wish)
    await org.security.post(f"{ORG}/grants/{proposed['id']}/approve")
    return proposed["id"]


async def said(org: Org) -> dict[str, int]:
    """By id, how often each grant was said to end."""
    async with org.platform.runtimes["org"].db.reading() as session:
        rows = await session.execute(
            text(
                "SELECT thing_id, count(*) AS times FROM history WHERE action = 'ends-soon' GROUP BY thing_id"
            )
        )
        return {str(row.thing_id): row.times for row in rows}


async def test_a_grant_is_spoken_of_once_some_days_before_it_ends(org: Org):
    zhang, li = await account(org, "100001", "张三"), await account(org, "100002", "李四")
    soon = await grant_of(org, zhang, "2026-11-26")
    await grant_of(org, zhang, "2026-11-27", "adjudicator")
    await grant_of(org, li, None)
    for _ in range(2):
        await announce_ends(org.platform.runtimes["org"])
    assert await said(org) == {soon: 1}


async def test_nothing_is_said_of_a_grant_that_goes_on(org: Org):
    zhang = await account(org, "100001", "张三")
    ending = await grant_of(org, zhang, "2026-11-20")
    await grant_of(org, zhang, "2027-11-20", valid_from="2026-11-21")
    await announce_ends(org.platform.runtimes["org"])
    assert await said(org) == {}
    other = await grant_of(org, zhang, "2026-11-20", lines=["traffic"])
    await announce_ends(org.platform.runtimes["org"])
    assert await said(org) == {other: 1}
    assert ending != other


async def test_a_token_lives_no_longer_than_the_first_right_in_it(org: Org):
    clock = org.platform.runtimes["org"].clock
    assert isinstance(clock, ManualClock)
    slip = await account(org, "100001", "张三")
    await grant_of(org, slip, "2026-11-12")
    username = (await org.roster.get(f"{ORG}/accounts", q="张三"))["items"][0]["username"]
    first, _ = await sign_in(org, username, slip["one_time_password"])
    await first.post(f"{ORG}/password", {"current": slip["one_time_password"], "new": NEW})
    clock.move_to(datetime(2026, 11, 12, 15, 55, tzinfo=UTC))  # five to midnight in the bureau
    browser, session = await sign_in(org, username, NEW)
    assert session["expires_at"] == "2026-11-12T16:00:00Z"
    clock.move_to(datetime(2026, 11, 12, 16, 0, 6, tzinfo=UTC))
    assert (await browser.problem("GET", f"{ORG}/session"))["code"] == "token-expired"
    renewed = await browser.post(f"{ORG}/session/refresh", {})
    assert renewed["expires_at"] == "2026-11-12T16:10:06Z"
    assert (await browser.get(f"{ORG}/session"))["grants"] == []


async def test_a_right_that_was_delegated_ends_with_the_delegation(org: Org):
    absent, substitute = await account(org, "100001", "张三"), await account(org, "100002", "李四")
    grant_id = await grant_of(org, absent, None)
    mine = as_person(org, absent, Role.ASSESSOR)
    wish = {"grant_id": grant_id, "to_account_id": substitute["account_id"], "reason": "休假"}
    await mine.post(f"{ORG}/delegations", wish | {"valid_from": "2026-11-12", "valid_to": "2026-11-13"})
    async with org.platform.runtimes["org"].db.reading() as session:
        rights = await access.rights_on(session, UUID(substitute["account_id"]), TODAY)
    assert (len(rights.claims), rights.last_day) == (1, date(2026, 11, 13))
