"""三员分立: proposed by one, approved by another, never two classes in one account; the database holds it too."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from contracts.permissions import Role, permissions_of
from kernel.testing.people import grant, person
from tests.services.org.conftest import ORG, Org
from tests.services.org.test_deciding import published


async def account(org: Org, number: str) -> str:
    officer = await org.officer(number)
    slip = await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]})
    return slip["account_id"]


def wish(org: Org, account_id: str, role: str) -> dict:
    return {
        "account_id": account_id,
        "role": role,
        "scope_unit_id": org.root["id"],
        "valid_from": "2026-01-01",
    }


async def test_a_grant_is_proposed_by_one_and_approved_by_another(org: Org):
    proposed = await org.roster.post(f"{ORG}/grants", wish(org, await account(org, "100001"), "assessor"))
    assert proposed["status"] == "proposed"
    assert (await org.roster.problem("POST", f"{ORG}/grants/{proposed['id']}/approve", json={}))[
        "code"
    ] == "permission-denied"
    approved = await org.security.post(f"{ORG}/grants/{proposed['id']}/approve")
    assert approved["status"] == "approved"


async def test_a_grant_is_told_with_whose_it_is_and_when_it_was_decided(org: Org):
    """Who led a unit, and until when, follows from it elsewhere."""
    officer = await org.officer("100001")
    slip = await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]})
    proposed = await org.roster.post(f"{ORG}/grants", wish(org, slip["account_id"], "unit_leader"))
    for act in ("approve", "revoke"):
        await org.security.post(f"{ORG}/grants/{proposed['id']}/{act}")
    said = [grant for grant in await published(org, "org.grant.v1") if grant["id"] == proposed["id"]]
    assert [(g["status"], g["officer_id"], g["decided_at"] is not None) for g in said] == [
        ("proposed", officer["id"], False),
        ("approved", officer["id"], True),
        ("revoked", officer["id"], True),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("auditor", "security_admin"),
        ("roster_admin", "auditor"),
        ("auditor", "assessor"),
        ("chief", "roster_admin"),
    ],
)
async def test_two_classes_of_roles_do_not_meet_in_one_account(org: Org, first: str, second: str):
    holder = await account(org, "100001")
    await org.roster.post(f"{ORG}/grants", wish(org, holder, first))
    problem = await org.roster.problem("POST", f"{ORG}/grants", json=wish(org, holder, second))
    assert (problem["status"], problem["code"]) == (409, "roles-conflict")


async def test_the_database_refuses_the_mixture_to_everybody(org: Org):
    holder = await account(org, "100001")
    await org.roster.post(f"{ORG}/grants", wish(org, holder, "auditor"))
    copy = (
        "INSERT INTO role_grant (id, version, account_id, role, role_class, scope_unit_id, lines, status, valid_from) "
        "SELECT gen_random_uuid(), 1, account_id, 'assessor', 'assessment', scope_unit_id, lines, 'proposed', valid_from "
        "FROM role_grant WHERE account_id = :holder"
    )
    with pytest.raises(IntegrityError, match="two classes"):
        async with org.platform.runtimes["org"].db.engine.begin() as connection:
            await connection.execute(text(copy), {"holder": holder})


async def test_nobody_approves_what_he_proposed(org: Org):
    proposed = await org.roster.post(f"{ORG}/grants", wish(org, await account(org, "100001"), "chief"))
    proposer = org.roster.principal
    assert proposer is not None
    both = person(grant(Role.SECURITY_ADMIN, org.security.principal.grants[0].scope_id, "JZ/"))
    own = both.__class__(proposer.account_id, both.session_id, "x", grants=both.grants)
    problem = await org.caller(own).problem("POST", f"{ORG}/grants/{proposed['id']}/approve", json={})
    assert problem["code"] == "grant-own"


@pytest.mark.parametrize("role", ["officer", "machine"])
async def test_some_roles_cannot_be_granted(org: Org, role: str):
    problem = await org.roster.problem(
        "POST", f"{ORG}/grants", json=wish(org, await account(org, "100001"), role)
    )
    assert problem["code"] == "role-not-grantable"


async def test_history_cannot_be_rewritten(org: Org):
    with pytest.raises(DBAPIError):
        async with org.platform.runtimes["org"].db.engine.begin() as connection:
            await connection.execute(text("DELETE FROM history"))


async def test_an_officer_has_one_account(org: Org):
    officer = await org.officer("100009")
    await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]})
    problem = await org.roster.problem("POST", f"{ORG}/accounts", json={"officer_id": officer["id"]})
    assert problem["code"] == "username-taken"


async def test_a_grant_may_be_approved_for_a_shorter_time_and_not_for_a_longer(org: Org):
    asked = wish(org, await account(org, "100001"), "assessor") | {"valid_to": "2026-12-31"}
    proposed = await org.roster.post(f"{ORG}/grants", asked)
    path = f"{ORG}/grants/{proposed['id']}/approve"
    assert (await org.security.problem("POST", path, json={"valid_to": "2027-01-31"}))[
        "code"
    ] == "grant-longer"
    assert (await org.security.post(path, {"valid_to": "2026-06-30"}))["valid_to"] == "2026-06-30"


async def test_who_approves_sees_names_and_what_to_look_at(org: Org):
    holder = await account(org, "100001")
    await org.roster.post(f"{ORG}/grants", wish(org, holder, "assessor"))
    await org.roster.post(f"{ORG}/grants", wish(org, holder, "adjudicator") | {"valid_to": "2027-01-01"})
    lines = (await org.security.get(f"{ORG}/grants", account_id=holder))["items"]
    assert {one["account_name"] for one in lines} == {lines[0]["account_name"]}
    seen = {one["role"]: (one["others"], one["risks"]) for one in lines}
    assert seen == {
        "assessor": (["adjudicator"], ["reviews-and-judges", "wide-scope", "no-end"]),
        "adjudicator": (["assessor"], ["reviews-and-judges", "wide-scope"]),
    }
    own = (await org.roster.get(f"{ORG}/grants", account_id=holder))["items"]
    assert all("own" in one["risks"] for one in own)


async def test_the_table_of_roles_is_the_one_that_decides(org: Org):
    before = {one["role"]: one for one in (await org.security.get(f"{ORG}/roles"))["roles"]}
    assert set(before["auditor"]["permissions"]) == permissions_of(Role.AUDITOR)
    assert "assessor" in before["auditor"]["apart"]
    assert "auditor" in before["assessor"]["apart"]
    assert before["officer"]["holders"] is None
    proposed = await org.roster.post(f"{ORG}/grants", wish(org, await account(org, "100001"), "chief"))
    await org.security.post(f"{ORG}/grants/{proposed['id']}/approve")
    after = {one["role"]: one["holders"] for one in (await org.security.get(f"{ORG}/roles"))["roles"]}
    assert after["chief"] == before["chief"]["holders"] + 1
