"""The front of the platform before services that say what they were asked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from contracts.catalog import SERVICES
from gateway.app import make_gateway
from gateway.dispatch import Asgi, Forward


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def ask(
    app: Asgi, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """A request exactly as given: a client library would tidy up the path first."""
    raw, _, query = path.partition("?")
    sent = {"host": "kaohe.test", **(headers or {})} | ({"content-length": str(len(body))} if body else {})
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(raw),
        "raw_path": raw.encode("latin-1"), "query_string": query.encode(), "root_path": "",
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in sent.items()],
        "client": ("127.0.0.1", 1), "server": ("kaohe.test", 80),
    }  # fmt: skip
    answer = Answer()

    bodies = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Any:
        return next(bodies, None) or await asyncio.Future()  # the client waits for the answer

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode().lower(): v.decode("latin-1") for k, v in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


class Upstream:
    """Notes each request and answers with its own name."""

    def __init__(self, name: str) -> None:
        self.name, self.requests = name, []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        self.requests.append((scope["method"], scope["raw_path"].decode(), dict(scope["headers"]), body))
        headers = [
            (b"content-type", b"text/plain"),
            (b"x-own", b"1"),
            (b"connection", b"close"),
            (b"set-cookie", b"a=1"),
        ]
        await send({"type": "http.response.start", "status": 207, "headers": headers})
        await send({"type": "http.response.body", "body": self.name.encode()})


@dataclass
class Front:
    gateway: Asgi
    upstreams: dict[str, Upstream]
    ready: dict[str, bool]

    async def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        return await ask(self.gateway, path, method, headers, body)

    def requests(self) -> list[Any]:
        return [request for upstream in self.upstreams.values() for request in upstream.requests]


@pytest.fixture(params=["in this process", "forwarded"])
def front(request: pytest.FixtureRequest) -> Front:
    upstreams = {name: Upstream(name) for name in SERVICES}
    reached: dict[str, Asgi] = dict(upstreams)
    if request.param == "forwarded":
        reached = {
            name: Forward(httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)), f"http://{name}:8000/")
            for name, app in upstreams.items()
        }
    ready = dict.fromkeys(SERVICES, True)

    async def readiness() -> Mapping[str, bool]:
        return ready

    # Whether somebody has built the pages here must not matter.
    return Front(make_gateway(reached, readiness, built=Path("not-built")), upstreams, ready)
