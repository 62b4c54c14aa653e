"""Accounts of a whole roster, the first sign-in, authenticators, machines, parameters, dictionaries."""

from datetime import timedelta
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import text

from contracts.permissions import Role
from kernel.identity import Principal
from kernel.testing.people import Caller
from tests.services.org.conftest import ORG, Org


def day(org: Org, ahead: int = 0) -> str:
    runtime = org.platform.runtimes["org"]
    return (runtime.clock.now().astimezone(runtime.zone).date() + timedelta(days=ahead)).isoformat()


async def served(org: Org, *numbers: str) -> list[dict]:
    unit = await org.unit("A", name="甲支队")
    officers = [await org.officer(number) for number in numbers]
    for officer in officers:
        body = {"officer_id": officer["id"], "unit_id": unit["id"], "post": "民警", "is_primary": True}
        await org.roster.post(f"{ORG}/postings", body | {"valid_from": "2026-01-01"})
    return officers


async def signed_in(org: Org, username: str, password: str, **more: str) -> dict:
    body = {"username": username, "password": password} | more
    return (await org.caller().send("POST", f"{ORG}/session", json=body)).json()


def officer_caller(org: Org, slip: dict) -> Caller:
    return org.caller(Principal(UUID(slip["account_id"]), uuid4(), "张三", UUID(slip["officer_id"])))


async def test_accounts_for_everybody_below_a_unit_come_with_slips_that_are_handed_out_once(org: Org):
    await served(org, "100001", "100002", "100003")
    asked = await org.roster.post(f"{ORG}/accounts/roster", {"under": "JZ/A/"})
    done = await org.errand(asked["errand_id"])
    assert done == {"accounts": 3}
    slips = await org.roster.send("POST", f"{ORG}/errands/{asked['errand_id']}/file")
    assert slips.content.startswith(b"%PDF")
    again = await org.roster.problem("POST", f"{ORG}/errands/{asked['errand_id']}/file")
    assert again["code"] == "errand-file-gone"
    nobody = await org.roster.problem("POST", f"{ORG}/accounts/roster", json={"under": "JZ/A/"})
    assert nobody["code"] == "accounts-nobody"
    accounts = (await org.roster.get(f"{ORG}/accounts", q="1000"))["items"]
    assert all(account["must_change_password"] for account in accounts)


async def test_a_one_time_password_does_not_open_for_ever(org: Org):
    [officer] = await served(org, "100001")
    slip = await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]})
    async with org.platform.runtimes["org"].db.transaction() as tx:
        await tx.session.execute(text("UPDATE account SET one_time_until = now() - interval '1 hour'"))
    refused = await signed_in(org, slip["username"], slip["one_time_password"])
    assert refused["code"] == "one-time-password-expired"


async def test_the_first_sign_in_shows_the_rules_and_takes_what_is_wrong_with_the_data(org: Org):
    [officer] = await served(org, "100001")
    slip = await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]})
    me = officer_caller(org, slip)
    policy = await me.get(f"{ORG}/password-policy")
    assert (policy["policy"], {r["code"] for r in policy["rules"]}) == (
        "mlps3",
        {"length", "username", "former", "classes"},
    )
    seen = await me.get(f"{ORG}/me")
    assert (seen["unit"], seen["post"], seen["confirmed_at"]) == ("甲支队", "民警", None)
    reported = await me.post(f"{ORG}/me/report", {"note": "职务应为中队长"})
    assert [r["id"] for r in (await org.roster.get(f"{ORG}/roster-reports"))["items"]] == [reported["id"]]
    settled = await org.roster.post(f"{ORG}/roster-reports/{reported['id']}/settle", {"answer": "已更正"})
    assert settled["status"] == "settled"
    await me.post(f"{ORG}/me/confirm")
    assert (await me.get(f"{ORG}/me"))["confirmed_at"] is not None


async def test_preferences_are_kept_one_by_one(org: Org):
    [officer] = await served(org, "100001")
    me = officer_caller(org, await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]}))
    await me.patch(f"{ORG}/me/preferences", {"font_scale": 125, "quiet_from": "22:00", "quiet_to": "07:00"})
    kept = await me.patch(f"{ORG}/me/preferences", {"density": "compact"})
    assert (kept["font_scale"], kept["density"], kept["quiet_from"]) == (125, "compact", "22:00:00")
    wrong = await me.problem("PATCH", f"{ORG}/me/preferences", json={"font_scale": 300})
    assert wrong["status"] == 422


async def test_an_authenticator_is_asked_for_once_it_is_in_force_and_no_code_works_twice(org: Org):
    slip = org.slips[Role.SECURITY_ADMIN]
    admin = org.security
    begun = await admin.post(f"{ORG}/me/authenticator")
    assert "Kaohe" in begun["address"]
    totp, clock = pyotp.TOTP(begun["secret"]), org.platform.runtimes["org"].clock
    assert (await admin.problem("POST", f"{ORG}/me/authenticator/confirm", json={"code": "000000"}))[
        "code"
    ] == "totp-wrong"
    code = totp.at(clock.now())
    await admin.post(f"{ORG}/me/authenticator/confirm", {"code": code})
    assert (await signed_in(org, slip["username"], slip["password"]))["code"] == "totp-needed"
    assert (await signed_in(org, slip["username"], slip["password"], code=code))["code"] == "totp-wrong"
    later = totp.at(clock.now() + timedelta(seconds=30))
    assert "csrf" in await signed_in(org, slip["username"], slip["password"], code=later)
    outcomes = [row["outcome"] for row in (await admin.get(f"{ORG}/me/sign-ins"))["items"]]
    assert outcomes == ["ok"]
    online = (await admin.get(f"{ORG}/sessions/everybody"))["items"]
    assert [row["username"] for row in online] == [slip["username"]]


async def test_a_machine_is_proposed_by_one_and_approved_by_another_and_revoked_at_once(org: Org):
    wish = {
        "name": "案件系统",
        "purpose": "报送立案数",
        "scope_unit_id": org.root["id"],
        "expires_on": day(org, 100),
    }
    machine = await org.roster.post(f"{ORG}/machines", wish)
    assert (await org.roster.problem("PUT", f"{ORG}/machines/{machine['id']}/key"))["code"] == "machine-state"
    await org.security.post(f"{ORG}/machines/{machine['id']}/approve")
    key = (await org.roster.put(f"{ORG}/machines/{machine['id']}/key", {}))["key"]
    token = await org.caller().post(f"{ORG}/machine-token", {"key": key})
    principal = org.platform.runtimes["org"].sessions.verify_machine(token["token"]).principal
    assert (principal.name, principal.roles()) == ("案件系统", {Role.MACHINE})
    fresh = (await org.roster.put(f"{ORG}/machines/{machine['id']}/key", {}))["key"]
    assert (await org.caller().problem("POST", f"{ORG}/machine-token", json={"key": key}))[
        "code"
    ] == "machine-refused"
    await org.security.post(f"{ORG}/machines/{machine['id']}/revoke")
    for bad in (fresh, "kaohe_x_y", "nonsense"):
        assert (await org.caller().problem("POST", f"{ORG}/machine-token", json={"key": bad}))[
            "code"
        ] == "machine-refused"


async def test_a_parameter_holds_from_its_day_once_another_has_approved_it(org: Org):
    def value(page: dict) -> str:
        return next(p["value"] for p in page["items"] if p["key"] == "lockout-failures")

    wish = {"key": "lockout-failures", "value": "7", "effective_on": day(org), "reason": "试行"}
    change = await org.roster.post(f"{ORG}/parameters/changes", wish)
    assert value(await org.roster.get(f"{ORG}/parameters")) == "5"
    twice = await org.roster.problem("POST", f"{ORG}/parameters/changes", json=wish)
    assert twice["code"] == "parameter-proposed"
    [line] = (await org.security.get(f"{ORG}/parameters/changes", status="proposed"))["items"]
    assert (line["now"], line["value"], line["label_zh"]) == ("5", "7", "口令错误几次后锁定")
    assert line["proposed_by_name"]
    assert line["decided_by_name"] is None
    await org.security.post(f"{ORG}/parameters/changes/{change['id']}/approve")
    assert value(await org.roster.get(f"{ORG}/parameters")) == "7"
    for bad, code in (
        ({"value": "99"}, "parameter-value"),
        ({"key": "x"}, "parameter-unknown"),
        ({"value": "1e1"}, "parameter-value"),
    ):
        assert (await org.roster.problem("POST", f"{ORG}/parameters/changes", json=wish | bad))[
            "code"
        ] == code
    past = wish | {"effective_on": day(org, -1)}
    assert (await org.roster.problem("POST", f"{ORG}/parameters/changes", json=past))[
        "code"
    ] == "parameter-past"


async def test_a_word_of_a_dictionary_is_disabled_and_stays(org: Org):
    wish = {"dictionary": "reasons", "code": "no-evidence", "zh": "材料不足", "en": "not enough evidence"}
    term = await org.roster.post(f"{ORG}/terms", wish)
    assert (await org.roster.problem("POST", f"{ORG}/terms", json=wish))["code"] == "term-taken"
    await org.roster.patch(f"{ORG}/terms/{term['id']}", {"version": 1, "enabled": False})
    [kept] = (await org.roster.get(f"{ORG}/terms", dictionary="reasons"))["items"]
    assert (kept["enabled"], kept["zh"]) == (False, "材料不足")
    stale = await org.roster.problem("PATCH", f"{ORG}/terms/{term['id']}", json={"version": 1, "zh": "x"})
    assert stale["code"] == "stale-version"


async def test_people_are_found_by_the_first_letters_of_their_pinyin(org: Org):
    await org.officer("100001", name="曾国藩")
    await org.officer("100002", name="李鸿章")
    for typed in ("zgf", "ZGF", "cgf", "国藩", "0001"):
        assert [o["name"] for o in (await org.roster.get(f"{ORG}/officers", q=typed))["items"]] == ["曾国藩"]
