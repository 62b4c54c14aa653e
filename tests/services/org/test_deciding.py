"""Substitutes, recusals: who acts for whom, and who must not decide about whom."""

from uuid import UUID, uuid4

from contracts.permissions import Role
from kernel.identity import Principal
from kernel.testing.people import Caller, grant, person
from services.org.queries import access
from tests.services.org.conftest import ORG, Org

DAYS = {"valid_from": "2026-03-01", "valid_to": "2026-03-20"}


async def account(org: Org, number: str, name: str) -> dict:
    officer = await org.officer(number, name=name)
    return await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]})


def as_person(org: Org, slip: dict, role: Role | None = None, **more: object) -> Caller:
    root = UUID(org.root["id"])
    grants = (grant(role, root, "JZ/"),) if role else ()
    officer = UUID(slip["officer_id"])
    return org.caller(Principal(UUID(slip["account_id"]), uuid4(), "某人", officer, grants=grants, **more))


async def granted(org: Org, slip: dict, role: str) -> str:
    wish = {
        "account_id": slip["account_id"],
        "role": role,
        "scope_unit_id": org.root["id"],
        "lines": ["theft"],
    }
    proposed = await org.roster.post(f"{ORG}/grants", wish | {"valid_from": "2026-01-01"})
    await org.security.post(f"{ORG}/grants/{proposed['id']}/approve")
    return proposed["id"]


async def test_a_substitute_acts_by_the_absent_ones_grant_and_both_are_named(org: Org):
    absent, substitute = await account(org, "100001", "张三"), await account(org, "100002", "李四")
    grant_id = await granted(org, absent, "assessor")
    mine = as_person(org, absent, Role.ASSESSOR)
    wish = {"grant_id": grant_id, "to_account_id": substitute["account_id"], "reason": "休假"} | DAYS
    made = await mine.post(f"{ORG}/delegations", wish)
    assert (await mine.problem("POST", f"{ORG}/delegations", json=wish))["code"] == "delegation-twice"
    async with org.platform.runtimes["org"].db.reading() as session:
        from datetime import date

        during = (await access.rights_on(session, UUID(substitute["account_id"]), date(2026, 3, 10))).claims
        after = (await access.rights_on(session, UUID(substitute["account_id"]), date(2026, 3, 21))).claims
    [claim] = during
    assert (claim.role, claim.lines, claim.delegated_by) == (
        Role.ASSESSOR,
        ("theft",),
        UUID(absent["account_id"]),
    )
    assert after == ()
    acting = person(claim)
    token, _ = org.platform.runtimes["org"].sessions.sign(acting, "csrf")
    verified = org.platform.runtimes["org"].sessions.verify(token).principal
    [used] = verified.covering("submissions:review", "JZ/A/", "theft")
    assert used.delegated_by == UUID(absent["account_id"])
    ended = await mine.post(f"{ORG}/delegations/{made['id']}/end")
    assert ended["ended_at"] is not None


async def test_what_was_delegated_is_not_delegated_on_and_only_for_a_while(org: Org):
    absent, substitute = await account(org, "100001", "张三"), await account(org, "100002", "李四")
    grant_id = await granted(org, absent, "assessor")
    wish = {"grant_id": grant_id, "to_account_id": absent["account_id"], "reason": "转托"} | DAYS
    other = as_person(org, substitute, Role.ASSESSOR)
    assert (await other.problem("POST", f"{ORG}/delegations", json=wish))[
        "code"
    ] == "delegation-not-delegable"
    mine = as_person(org, absent, Role.ASSESSOR)
    long = wish | {"to_account_id": substitute["account_id"], "valid_to": "2027-03-01"}
    assert (await mine.problem("POST", f"{ORG}/delegations", json=long))["code"] == "delegation-dates"


async def test_a_declared_relative_is_known_as_a_recusal_both_ways_and_the_relation_to_nobody(org: Org):
    one, other = await account(org, "100001", "张三"), await account(org, "100002", "张四")
    mine, theirs = as_person(org, one), as_person(org, other)
    body = {"officer_id": other["officer_id"], "relation": "配偶"}
    declared = await mine.post(f"{ORG}/me/recusals/declarations", body)
    assert (await mine.get(f"{ORG}/me/recusals"))["items"][0]["relation"] == "配偶"
    assert (await theirs.get(f"{ORG}/me/recusals"))["items"] == []
    office = as_person(org, await account(org, "100003", "王五"), Role.ASSESSMENT_OFFICE)
    assert (await office.get(f"{ORG}/recusals"))["items"] == []
    events = await published(org, "org.recusal.v1")
    assert {(e["officer_id"], e["subject_id"], e["in_force"]) for e in events} == {
        (one["officer_id"], other["officer_id"], True), (other["officer_id"], one["officer_id"], True),
    }  # fmt: skip
    assert not any("配偶" in str(event) for event in events)
    await mine.post(f"{ORG}/me/recusals/{declared['id']}/withdraw")
    assert not any(e["in_force"] for e in (await published(org, "org.recusal.v1"))[-2:])


async def published(org: Org, kind: str) -> list[dict]:
    import json

    from sqlalchemy import text

    await org.platform.until_quiet()
    async with org.platform.runtimes["org"].db.reading() as session:
        rows = await session.scalars(
            text("SELECT body FROM bus.event_log WHERE type = :t ORDER BY seq"), {"t": kind}
        )
        return [json.loads(body) for body in rows]


async def test_a_recusal_is_asked_for_by_the_assessed_and_decided_by_neither(org: Org):
    asking, asked = await account(org, "100001", "张三"), await account(org, "100002", "李四")
    mine = as_person(org, asking)
    body = {"officer_id": asked["officer_id"], "subject_kind": "officer", "reason": "与我有诉讼"}
    foreign = await mine.problem(
        "POST", f"{ORG}/me/recusals/requests", json=body | {"subject_id": str(uuid4())}
    )
    assert foreign["code"] == "recusal-not-yours"
    request = await mine.post(f"{ORG}/me/recusals/requests", body | {"subject_id": asking["officer_id"]})
    decision = {"granted": True, "decision": "属实"}
    himself = as_person(org, asked, Role.ASSESSMENT_OFFICE)
    refused = await himself.problem("POST", f"{ORG}/recusals/{request['id']}/decide", json=decision)
    assert refused["code"] == "recusal-not-yours"
    office = as_person(org, await account(org, "100003", "王五"), Role.ASSESSMENT_OFFICE)
    decided = await office.post(f"{ORG}/recusals/{request['id']}/decide", decision)
    assert decided["status"] == "granted"
    again = await office.problem("POST", f"{ORG}/recusals/{request['id']}/decide", json=decision)
    assert again["code"] == "recusal-state"
