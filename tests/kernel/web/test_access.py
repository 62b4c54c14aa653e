"""Who is at the door: tokens, security tokens against foreign pages, origins, services."""

import base64
import json
from datetime import timedelta
from typing import Any

import httpx2
import jwt
import pytest

from contracts.permissions import Role
from kernel.keys import SigningKey
from kernel.local.keys import key_pair
from kernel.revocation import refresh
from kernel.testing.people import Caller, grant, person
from kernel.tokens import SERVICE_TYPE, SESSION_LIFE, SESSION_TYPE, ServiceTokens
from tests.kernel.web.conftest import ORG, Edge

CSRF = "csrf-for-tests"
UNITS = f"{ORG}/units"
FEED = "/internal/bus/v1/org/head"


async def with_token(edge: Edge, token: str, method: str = "GET", **request: Any) -> httpx2.Response:
    headers = {"Cookie": f"kaohe-token={token}", **request.pop("headers", {})}
    return await edge.caller().send(method, UNITS, headers=headers, **request)


def signed(edge: Edge) -> str:
    return edge.runtime.sessions.sign(edge.admin(), CSRF)[0]


def resigned(
    edge: Edge, *, typ: str = SESSION_TYPE, pem: str | None = None, kid: str | None = None, **change: Any
) -> str:
    claims = jwt.decode(signed(edge), options={"verify_signature": False}) | change
    own = edge.runtime.settings.token_private_key
    assert own
    key = SigningKey(pem or own.get_secret_value())
    kept = {name: value for name, value in claims.items() if name not in change or value is not None}
    return jwt.encode(kept, key.private, "EdDSA", headers={"typ": typ, "kid": key.id if kid is None else kid})


def unsigned(edge: Edge) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = jwt.decode(signed(edge), options={"verify_signature": False})
    return f"{part({'alg': 'none', 'typ': SESSION_TYPE})}.{part(claims)}."


def symmetric(edge: Edge) -> str:
    """The public key used as if it were a shared secret, put together by hand."""
    import hashlib
    import hmac

    def part(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    claims = jwt.decode(signed(edge), options={"verify_signature": False})
    head = part(json.dumps({"alg": "HS256", "typ": SESSION_TYPE}).encode())
    text = head + b"." + part(json.dumps(claims).encode())
    secret = edge.runtime.settings.token_public_key.get_secret_value().encode()
    return (text + b"." + part(hmac.new(secret, text, hashlib.sha256).digest())).decode()


def code(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


async def test_a_token_of_ours_opens_the_door(edge: Edge):
    assert (await with_token(edge, signed(edge))).status_code == 200
    assert (await with_token(edge, resigned(edge))).status_code == 200


async def test_without_a_token_one_is_asked_to_sign_in(edge: Edge):
    assert code(await edge.caller().send("GET", UNITS)) == (401, "unauthenticated")


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJ9.e30.", "." * 50, "9" * 4000])
async def test_what_is_not_a_token_is_refused(edge: Edge, token: str):
    assert code(await with_token(edge, token)) == (401, "token-refused")


async def test_a_token_signed_by_another_key_is_refused(edge: Edge):
    assert code(await with_token(edge, resigned(edge, pem=key_pair()[0]))) == (401, "token-refused")


async def test_a_token_without_a_signature_is_refused(edge: Edge):
    assert code(await with_token(edge, unsigned(edge))) == (401, "token-refused")


async def test_the_public_key_is_no_shared_secret(edge: Edge):
    assert code(await with_token(edge, symmetric(edge))) == (401, "token-refused")


async def test_a_token_with_one_claim_changed_is_refused(edge: Edge):
    head, body, signature = signed(edge).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["grants"] = [["auditor", edge.root_id, "JZ/", []]]
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert code(await with_token(edge, f"{head}.{forged}.{signature}")) == (401, "token-refused")


@pytest.mark.parametrize("typ", [SERVICE_TYPE, "JWT", ""])
async def test_a_token_made_for_something_else_is_refused(edge: Edge, typ: str):
    assert code(await with_token(edge, resigned(edge, typ=typ))) == (401, "token-refused")


@pytest.mark.parametrize(
    "change",
    [
        {"sub": "nobody"},
        {"sid": None},
        {"exp": None},
        {"csrf": None},
        {"exp": "tomorrow"},
        {"grants": [["emperor", "x", "", []]]},
        {"grants": 7},
        {"officer": 7},
        {"name": None},
    ],
)
async def test_a_token_with_claims_that_make_no_sense_is_refused(edge: Edge, change: dict[str, Any]):
    assert code(await with_token(edge, resigned(edge, **change))) == (401, "token-refused")


async def test_a_token_that_lasts_for_ever_is_refused(edge: Edge):
    for exp in (1e308, float("inf")):
        assert (await with_token(edge, resigned(edge, exp=exp))).status_code == 401


async def test_an_expired_token_says_so(edge: Edge):
    token = signed(edge)
    assert (await with_token(edge, token)).status_code != 401
    edge.clock.advance(SESSION_LIFE + timedelta(seconds=6))
    assert code(await with_token(edge, token)) == (401, "token-expired")


async def test_a_revoked_session_is_refused_while_its_token_is_still_good(edge: Edge):
    caller = edge.caller()
    csrf = (await caller.post(f"{ORG}/session", edge.slips[Role.AUDITOR]))["csrf"]
    token = caller.client.cookies["kaohe-token"]
    who = {"Cookie": f"kaohe-token={token}", "X-CSRF-Token": csrf}
    assert (await edge.caller().send("GET", f"{ORG}/session", headers=who)).status_code == 200
    assert (await edge.caller().send("DELETE", f"{ORG}/session", headers=who)).status_code == 204
    assert code(await edge.caller().send("GET", f"{ORG}/session", headers=who)) == (401, "token-refused")
    edge.runtime.revoked.clear()  # as in another process, which has only the database to know it from
    await refresh(edge.runtime)
    assert code(await edge.caller().send("GET", f"{ORG}/session", headers=who)) == (401, "token-refused")


async def test_a_role_without_the_permission_is_told_which_one(edge: Edge):
    officer = person(grant(Role.AUDITOR, edge.admin().grants[0].scope_id, "JZ/"))
    found = await edge.caller(officer).problem("POST", UNITS, json=edge.unit())
    assert (found["status"], found["code"]) == (403, "permission-denied")
    assert found["permission"] == "keep units, officers and postings, import the roster"


@pytest.mark.parametrize("sent", ["", "wrong", CSRF + "x", CSRF[:-1], "é"])
async def test_an_unsafe_request_needs_the_security_token_of_its_own_session(edge: Edge, sent: str):
    answer = await edge.caller(edge.admin()).send(
        "POST", UNITS, json=edge.unit(), headers={"X-CSRF-Token": sent.encode("latin-1")}
    )
    assert code(answer) == (403, "csrf-refused")


async def test_an_unsafe_request_without_a_security_token_is_refused(edge: Edge):
    assert code(await with_token(edge, signed(edge), "POST", json=edge.unit())) == (403, "csrf-refused")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://kaohe.test.evil.example", "http://kaohe.test@evil", ""]
)
async def test_a_foreign_page_cannot_send_unsafe_requests(edge: Edge, origin: str):
    caller = edge.caller(edge.admin(), Origin=origin)
    assert code(await caller.send("POST", UNITS, json=edge.unit())) == (403, "csrf-refused")


async def test_our_own_pages_can(edge: Edge):
    caller = edge.caller(edge.admin(), Origin="http://kaohe.test")
    assert (await caller.send("POST", UNITS, json=edge.unit())).status_code == 201


def bearer(edge: Edge, token: str) -> Caller:
    return edge.caller(None, Authorization=f"Bearer {token}")


async def test_the_event_log_is_for_services_only(edge: Edge):
    assert code(await edge.caller().send("GET", FEED)) == (401, "unauthenticated")
    assert code(await edge.caller(edge.admin()).send("GET", FEED)) == (401, "unauthenticated")
    assert code(await bearer(edge, signed(edge)).send("GET", FEED)) == (401, "token-refused")
    targets = edge.platform.service_tokens("targets")
    other = targets.sign(audience="submissions")
    assert code(await bearer(edge, other).send("GET", FEED)) == (401, "token-refused")
    unknown = ServiceTokens("targets", SigningKey(key_pair()[0]), {}, edge.clock)
    own = SigningKey(edge.platform.service_keys["submissions"][0])
    pretender = ServiceTokens("targets", own, {}, edge.clock)
    for forged in (unknown, pretender):
        token = forged.sign(audience="org")
        assert code(await bearer(edge, token).send("GET", FEED)) == (401, "token-refused")


async def test_a_service_of_ours_reads_the_event_log_and_no_other(edge: Edge):
    good = bearer(edge, edge.platform.service_tokens("targets").sign(audience="org"))
    assert (await good.send("GET", FEED)).status_code == 200
    assert code(await good.send("GET", "/internal/bus/v1/targets/head")) == (404, "not-found")


async def test_a_service_token_is_no_sign_in(edge: Edge):
    token = edge.platform.service_tokens("targets").sign(audience="org")
    assert code(await bearer(edge, token).send("GET", UNITS)) == (401, "token-refused")
    assert code(await with_token(edge, token)) == (401, "token-refused")
