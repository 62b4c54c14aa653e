"""Who answers which address, and what does not get through."""

import json

import httpx2
import pytest

from contracts.catalog import SERVICES
from gateway.app import make_gateway
from gateway.dispatch import Forward
from gateway.routing import PREFIXES, service_of
from gateway.settings import GatewaySettings
from kernel.local.child import free_port
from tests.gateway.conftest import Front, ask


@pytest.mark.parametrize("service", SERVICES)
async def test_each_service_answers_below_its_prefix(front: Front, service: str):
    answer = await front.ask(f"/api/{service}/v1/things?q=%E8%AD%A6&q=2")
    assert (answer.status, answer.body.decode()) == (207, service)
    assert [r[:2] for r in front.requests()] == [("GET", f"/api/{service}/v1/things")]


@pytest.mark.parametrize(
    "path",
    [
        "/internal/bus/v1/org/head", "/internal/", "/metrics", "/api/internal/x", "/api/org", "/api/orgs/v1", "/API/org/v1",
        "//api/org/v1", "/api//org/v1", "/%61pi/../internal/x", "/api/nobody/v1",
    ],
)  # fmt: skip
async def test_nothing_else_reaches_a_service(front: Front, path: str):
    assert (await front.ask(path)).status == 404
    assert front.requests() == []


@pytest.mark.parametrize(
    "path",
    [
        "/api/org/../../internal/bus/v1/org/head", "/api/org/../../metrics", "/api/org/..", "/api/org/%2e%2e/%2e%2e/metrics",
        "/api/org/.%2E/.%2e/internal/", "/api/org/./x", "/api/org/v1/../../../health/ready",
        "/api/org/..%2f..%2fmetrics", "/api/org/..\\..\\metrics", "/api/org/%5c..%5cmetrics",
    ],
)  # fmt: skip
async def test_nobody_climbs_out_of_a_prefix(front: Front, path: str):
    assert (await front.ask(path)).status == 404
    assert front.requests() == []


async def test_what_a_client_says_of_itself_is_passed_on_but_not_where_it_comes_from(front: Front):
    headers = {
        "Authorization": "Bearer of-a-machine",
        "Cookie": "kaohe-token=t",
        "X-CSRF-Token": "c",
        "Idempotency-Key": "k",
        "X-Forwarded-For": "203.0.113.9",
    }
    await front.ask("/api/org/v1/units", "POST", headers, b"{}")
    ((method, _, passed, body),) = front.requests()
    assert (method, body) == ("POST", b"{}")
    assert passed[b"authorization"] == b"Bearer of-a-machine"
    assert (passed[b"cookie"], passed[b"x-csrf-token"], passed[b"idempotency-key"]) == (
        b"kaohe-token=t",
        b"c",
        b"k",
    )
    assert passed[b"host"] == b"kaohe.test"
    assert passed[b"x-forwarded-for"] == b"127.0.0.1"


async def test_the_answer_comes_back_as_it_was(front: Front):
    answer = await front.ask("/api/org/v1/units")
    assert (answer.headers["x-own"], answer.headers["set-cookie"]) == ("1", "a=1")


async def test_headers_of_one_connection_stay_on_it():
    from tests.gateway.conftest import Upstream

    upstream = Upstream("org")
    forward = Forward(httpx2.AsyncClient(transport=httpx2.ASGITransport(app=upstream)), "http://org:8000")
    answer = await ask(
        forward, "/api/org/v1", headers={"TE": "trailers", "Upgrade": "h2c", "Keep-Alive": "1", "X-Own": "1"}
    )
    ((_, _, passed, _),) = upstream.requests
    assert not {b"te", b"upgrade", b"keep-alive"} & passed.keys()
    assert passed[b"x-own"] == b"1"
    assert "connection" not in answer.headers


@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("POST", b"{}"), ("DELETE", b"")])
async def test_a_service_that_is_down_is_a_problem_to_be_tried_again(method: str, body: bytes):
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = await ask(
            Forward(client, f"http://127.0.0.1:{free_port()}"), "/api/org/v1/units", method, body=body
        )
    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.headers["retry-after"] == "2"
    found = json.loads(answer.body)
    assert (found["code"], found["status"]) == ("unavailable", 503)
    assert found["type"] == "urn:kaohe:problem:unavailable"


def test_the_table_has_every_service_and_nothing_internal():
    assert set(PREFIXES.values()) == set(SERVICES)
    assert all(service_of(f"/api/{name}/v1/x") == name for name in SERVICES)
    assert service_of("/internal/bus/v1/org/head") is None


def test_the_gateway_wants_an_address_of_every_service():
    with pytest.raises(ValueError, match="reporting"):
        GatewaySettings(upstreams={name: "http://x" for name in SERVICES if name != "reporting"})


async def test_the_gateway_starts_and_stops_without_anything_to_do():
    async def readiness() -> dict[str, bool]:
        return {}

    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent = []

    async def receive() -> dict[str, str]:
        return next(messages)

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])

    await make_gateway({}, readiness)({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
