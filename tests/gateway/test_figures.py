"""What the gateway counts, and that browsers do not find it."""

import httpx2
from prometheus_client import REGISTRY

from gateway.dispatch import Receive, Scope, Send
from gateway.figures import Counted, tell_figures
from kernel.local.child import free_port
from tests.gateway.conftest import Front, ask


def _count(handler: str, status: str) -> float:
    labels = {"job": "gateway", "handler": handler, "method": "GET", "status": status}
    return REGISTRY.get_sample_value("http_requests_total", labels) or 0.0


def _timed(handler: str) -> float:
    labels = {"job": "gateway", "handler": handler, "method": "GET"}
    return REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) or 0.0


async def test_own_pages_are_counted_and_timed_and_what_is_handed_on_is_counted(front: Front):
    app, before = Counted(front.gateway), (_count("/docs", "2xx"), _count("/api/org/*", "2xx"))
    timed = _timed("/docs")
    await ask(app, "/docs")
    await ask(app, "/api/org/v1/units/7")
    assert (_count("/docs", "2xx"), _count("/api/org/*", "2xx")) == (before[0] + 1, before[1] + 1)
    assert _timed("/docs") == timed + 1
    assert _timed("/api/org/*") == 0


async def test_a_probe_is_nobodys_request(front: Front):
    front.ready["org"] = False
    await ask(Counted(front.gateway), "/health/ready")
    assert _count("/health/ready", "5xx") == 0


async def test_an_answer_counts_when_it_begins():
    async def stream(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        seen.append(_count("none", "2xx"))
        await send({"type": "http.response.body", "body": b""})

    seen: list[float] = []
    before = _count("none", "2xx")

    await ask(Counted(stream), "/stream")
    assert seen == [before + 1]


async def test_figures_are_told_on_a_port_of_their_own(front: Front):
    port = free_port()
    server = tell_figures(port, "127.0.0.1")
    try:
        async with httpx2.AsyncClient(trust_env=False) as client:
            told = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    finally:
        server.shutdown()
        server.server_close()
    assert 'kaohe_build_info{service="gateway"' in told
    assert (await front.ask("/metrics")).status == 404
