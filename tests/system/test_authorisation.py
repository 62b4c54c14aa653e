"""Every route × every role × own and foreign scope: nobody gets further than the table says."""

import re
from typing import Any
from uuid import uuid4

import pytest

from cli.manifests import load, load_all
from contracts.catalog import SERVICES
from contracts.permissions import Role
from kernel.authorisation import RouteAccess, matrix
from kernel.identity import Principal
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap

#: Ends the session that the test speaks with.
LEFT_OUT = {("DELETE", "/api/org/v1/session")}
#: What answers yes to an empty request about things that do not exist, and rightly so: a check, or one's own affairs.
#: An export of people, units, accounts or grants shows what their list shows.
HARMLESS = re.compile(
    r"/(integrity|audit|verification)(/verify)?$|/verification/(witnessed|evidence)$|/(officers|units|accounts|grants)/export$|/autosaves/\{key\}$|/messages/read-all$"
)
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def holder(role: Role, path: str) -> Principal:
    """Somebody with this role and no other, in the whole bureau or in a part that has nothing of it."""
    if role is Role.OFFICER:
        return person(officer_id=uuid4(), unit_id=uuid4(), unit_path=path)
    return person(grant(role, uuid4(), path))


def caller_of(whole: Platform, service: str, role: Role, path: str) -> Caller:
    principal = holder(role, path)
    if role is not Role.MACHINE:
        return whole.caller(service, principal)
    token, _ = whole.runtimes["org"].sessions.sign_machine(principal)
    return whole.caller(service, None, Authorization=f"Bearer {token}")


async def answered(caller: Caller, route: RouteAccess) -> tuple[int, str | None]:
    path = re.sub(r"\{[^}]+\}", lambda _: str(uuid4()), route.path)
    request: dict[str, Any] = {"json": {}} if route.method in UNSAFE else {}
    answer = await caller.send(route.method, path, **request)
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code, answer.json()["code"] if is_problem else None


def unexpected(
    route: RouteAccess, role: Role | None, scope: str, answer: tuple[int, str | None]
) -> str | None:
    """What is wrong with the answer, if anything."""
    status, code = answer
    told = f"{role or 'nobody'} ({scope}) {route.method} {route.path}: {status} {code}"
    if status >= 500:
        return told
    if route.needs == "public":
        return None
    if route.needs in {"service", "signature"} or role is None:
        return None if status == 401 else told
    if role not in route.admits:
        return None if (status, code) == (403, "permission-denied") else told
    if code in {"unauthenticated", "token-refused", "permission-denied"}:  # the table says yes
        return told
    foreign = scope == "foreign" and route.method in UNSAFE and route.needs != "signed in"
    return told if foreign and status < 300 and not HARMLESS.search(route.path) else None


@pytest.mark.parametrize("service", SERVICES)
async def test_nobody_gets_further_than_the_table_says(whole: Platform, service: str):
    await bootstrap(whole.runtimes["org"], root_code="JZ", root_name="江州市公安局")
    routes = [r for r in matrix([load(service)]) if (r.method, r.path) not in LEFT_OUT]
    nobody, asked = whole.caller(service), 0
    wrong = [unexpected(route, None, "-", await answered(nobody, route)) for route in routes]
    for role in Role:
        own, foreign = (caller_of(whole, service, role, path) for path in ("JZ/", "ZZ/"))
        for route in routes:
            asked += 1
            wrong.append(unexpected(route, role, "own", await answered(own, route)))
            # Elsewhere the edge asks the same of those whom it turns away; the others must get nothing done.
            if role in route.admits and route.method in UNSAFE:
                wrong.append(unexpected(route, role, "foreign", await answered(foreign, route)))
    assert [told for told in wrong if told] == []
    assert asked == len(routes) * len(Role)


def test_only_what_must_is_open_to_everybody():
    open_to_all = {f"{r.method} {r.path}" for r in matrix(load_all()) if r.needs == "public"}
    kept = {name for name in open_to_all if not name.endswith(("/health/live", "/health/ready", "/metrics"))}
    assert kept == {
        "POST /api/org/v1/session",
        "POST /api/org/v1/session/refresh",
        "POST /api/org/v1/machine-token",
    }
