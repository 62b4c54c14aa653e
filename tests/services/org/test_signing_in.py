"""Signing in: right and wrong passwords, lock-out, one-time passwords, sessions that end."""

from datetime import timedelta

import pytest

from kernel.testing.people import Caller
from services.org.domain.lockout import LockRule, locked_until
from services.org.domain.passwords import Demands, PasswordWeak, Policy, check_password, one_time_password
from tests.services.org.conftest import ORG, Org

NEW = "Guanli-2026-x"
RULE = LockRule(5, timedelta(minutes=30))
ASKED = Demands(10, timedelta(days=90), 5)


async def sign_in(org: Org, username: str, password: str) -> tuple[Caller, dict]:
    """A browser: keeps cookies, sends the CSRF token."""
    caller = org.caller()
    answer = await caller.send("POST", f"{ORG}/session", json={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    caller.headers = {"X-CSRF-Token": answer.json()["csrf"]}
    return caller, answer.json()


async def with_own_password(org: Org, role: str = "roster_admin") -> tuple[Caller, dict]:
    slip = org.slips[role]
    first, _ = await sign_in(org, slip["username"], slip["password"])
    await first.post(f"{ORG}/password", {"current": slip["password"], "new": NEW})
    return await sign_in(org, slip["username"], NEW)


async def test_a_one_time_password_opens_nothing_but_its_own_change(org: Org):
    slip = org.slips["roster_admin"]
    caller, session = await sign_in(org, slip["username"], slip["password"])
    assert session["must_change_password"] is True
    assert (await caller.problem("GET", f"{ORG}/units"))["code"] == "permission-denied"
    await caller.post(f"{ORG}/password", {"current": slip["password"], "new": NEW})
    caller, session = await sign_in(org, slip["username"], NEW)
    assert session["must_change_password"] is False
    assert len((await caller.get(f"{ORG}/units"))["items"]) == 1


async def test_the_sixth_wrong_password_finds_the_door_shut_and_so_does_the_right_one(org: Org):
    slip = org.slips["auditor"]
    caller = org.caller()
    for _ in range(5):
        wrong = {"username": slip["username"], "password": "wrong"}
        assert (await caller.problem("POST", f"{ORG}/session", json=wrong))["code"] == "wrong-credentials"
    problem = await caller.problem(
        "POST", f"{ORG}/session", json={"username": slip["username"], "password": slip["password"]}
    )
    assert (problem["status"], problem["code"]) == (429, "account-locked")
    assert 0 < problem["retry_after"] <= 60


async def test_an_unknown_name_is_treated_like_a_wrong_password(org: Org):
    caller = org.caller()
    codes = [
        (await caller.problem("POST", f"{ORG}/session", json={"username": "nobody", "password": "x"}))["code"]
        for _ in range(6)
    ]
    assert codes == ["wrong-credentials"] * 5 + ["account-locked"]


def test_waits_double_up_to_half_an_hour():
    from datetime import UTC, datetime

    now = datetime(2026, 11, 1, tzinfo=UTC)
    waits = [(until - now) if (until := locked_until(n, now, RULE)) else None for n in (4, 5, 6, 7, 12)]
    assert waits == [
        None,
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=4),
        timedelta(minutes=30),
    ]


async def test_signing_out_ends_the_token_too(org: Org):
    caller, _ = await with_own_password(org)
    await caller.delete(f"{ORG}/session")
    caller.client.cookies.clear()
    answer = await caller.send("GET", f"{ORG}/session")
    assert answer.status_code == 401


async def test_a_session_goes_on_with_a_new_secret_and_an_old_one_ends_it(org: Org):
    caller, _ = await with_own_password(org)
    old = caller.client.cookies["kaohe-session"]
    await caller.post(f"{ORG}/session/refresh")
    fresh = caller.client.cookies["kaohe-session"]
    assert fresh != old
    runtime = org.platform.runtimes["org"]
    async with runtime.db.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE session SET rotated_at = rotated_at - interval '1 minute'")
    thief = org.caller()
    thief.client.cookies.set("kaohe-session", old)
    assert (await thief.problem("POST", f"{ORG}/session/refresh"))["code"] == "session-ended"
    assert (await caller.problem("POST", f"{ORG}/session/refresh"))["code"] == "session-ended"


async def test_an_idle_session_does_not_go_on(org: Org):
    caller, _ = await with_own_password(org)
    async with org.platform.runtimes["org"].db.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE session SET idle_until = clock_timestamp() - interval '1 second'"
        )
    assert (await caller.problem("POST", f"{ORG}/session/refresh"))["code"] == "session-ended"


async def test_changing_the_password_needs_the_current_one_and_not_a_former_one(org: Org):
    caller, _ = await with_own_password(org)
    problem = await caller.problem("POST", f"{ORG}/password", json={"current": "no", "new": "Another-2026-y"})
    assert problem["code"] == "current-password-wrong"
    problem = await caller.problem("POST", f"{ORG}/password", json={"current": NEW, "new": NEW})
    assert problem["code"] == "password-weak"


@pytest.mark.parametrize(
    ("policy", "password"),
    [
        (Policy.MLPS3, "Short-1"),
        (Policy.MLPS3, "alllowercaseletters"),
        (Policy.MLPS3, "Zhang-100001-x"),
        (Policy.NIST, "elevenchars"),
        (Policy.NIST, "password1234"),
    ],
)
def test_a_weak_password_is_refused(policy: Policy, password: str):
    with pytest.raises(PasswordWeak):
        check_password(policy, ASKED, password, username="100001")


def test_a_one_time_password_satisfies_both_policies():
    for policy in Policy:
        check_password(policy, ASKED, one_time_password(), username="100001")
