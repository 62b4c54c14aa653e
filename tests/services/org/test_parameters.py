"""The bureau's own figures of the door and of passwords: each that there is, is obeyed."""

from datetime import datetime, timedelta
from pathlib import Path

from services.org.actions import signing_in
from services.org.domain.parameters import DEFINITIONS
from services.org.models import SignInFailureRow
from tests.services.org.conftest import ORG, Org
from tests.services.org.test_accounts import day
from tests.services.org.test_signing_in import NEW, sign_in, with_own_password

_HOME = Path("services/org/domain/parameters.py")


async def decided(org: Org, key: str, value: int) -> None:
    wish = {"key": key, "value": str(value), "effective_on": day(org), "reason": "安全要求"}
    change = await org.roster.post(f"{ORG}/parameters/changes", wish)
    await org.security.post(f"{ORG}/parameters/changes/{change['id']}/approve")


def test_every_parameter_is_read_somewhere():
    read = "".join(
        path.read_text(encoding="utf-8") for path in Path("services").rglob("*.py") if path != _HOME
    )
    assert [key for key in DEFINITIONS if f'"{key}"' not in read] == []


async def test_what_guards_less_than_recommended_is_said(org: Org):
    for key, value in (("lockout-failures", 6), ("password-length", 12), ("password-days", 60)):
        await decided(org, key, value)
    found = (await org.security.get(f"{ORG}/parameters"))["items"]
    assert {one["key"] for one in found if one["weaker"]} == {"lockout-failures"}
    assert {one["key"] for one in found if not one["protects"]} == {"grant-notice-days"}


async def test_the_door_shuts_after_as_many_wrong_passwords_as_the_bureau_has_set(org: Org):
    await decided(org, "lockout-failures", 3)
    username, caller = org.slips["auditor"]["username"], org.caller()
    codes = [
        (await caller.problem("POST", f"{ORG}/session", json={"username": username, "password": "x"}))["code"]
        for _ in range(4)
    ]
    assert codes == [*["wrong-credentials"] * 3, "account-locked"]


async def test_it_stays_shut_no_longer_than_the_bureau_has_set(org: Org):
    await decided(org, "lockout-minutes", 5)
    async with org.platform.runtimes["org"].db.transaction() as tx:
        for _ in range(12):
            await signing_in.count_failure(tx, "somebody", settings=org.platform.runtimes["org"].settings)
        row = await tx.session.get_one(SignInFailureRow, "somebody")
        assert row.locked_until - row.at == timedelta(minutes=5)


async def test_a_password_is_as_long_as_the_bureau_asks_and_the_page_says_so(org: Org):
    await decided(org, "password-length", 20)
    slip = org.slips["roster_admin"]
    first, _ = await sign_in(org, slip["username"], slip["password"])
    assert (await first.get(f"{ORG}/password-policy"))["least"] == 20
    body = {"current": slip["password"], "new": NEW}
    assert (await first.problem("POST", f"{ORG}/password", json=body))["code"] == "password-weak"
    assert (
        await first.send("POST", f"{ORG}/password", json=body | {"new": f"{NEW}-{NEW}"})
    ).status_code < 300


async def test_a_password_lives_as_many_days_as_the_bureau_has_set(org: Org):
    caller, _ = await with_own_password(org)
    before = await caller.get(f"{ORG}/me")
    await decided(org, "password-days", 30)
    after = await caller.get(f"{ORG}/me")
    lives = [
        datetime.fromisoformat(me["password_expires_at"]) - datetime.fromisoformat(me["password_changed_at"])
        for me in (before, after)
    ]
    assert lives == [timedelta(days=90), timedelta(days=30)]


async def test_only_as_many_former_passwords_are_refused_as_the_bureau_has_set(org: Org):
    await decided(org, "password-history", 1)
    caller, _ = await with_own_password(org)
    other = f"{NEW}-2"
    await caller.post(f"{ORG}/password", {"current": NEW, "new": other})
    again, _ = await sign_in(org, org.slips["roster_admin"]["username"], other)
    same = {"current": other, "new": other}
    assert (await again.problem("POST", f"{ORG}/password", json=same))["code"] == "password-weak"
    assert (
        await again.send("POST", f"{ORG}/password", json={"current": other, "new": NEW})
    ).status_code < 300
