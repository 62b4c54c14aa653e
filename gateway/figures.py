"""What the gateway process counts: its own pages, what it hands on, and the pages that listen for hints."""

import time
from wsgiref.simple_server import WSGIServer

from prometheus_client import start_http_server

from gateway.dispatch import Asgi, Message, Receive, Scope, Send
from gateway.routing import service_of
from kernel.observability.metrics import BUILD, DURATION, REQUESTS
from kernel.version import VERSION

JOB = "gateway"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PROBES = "/health/"


class Counted:
    """Counts answers by their first byte: a stream of hints ends when its page does, which says nothing of speed.

    What is handed on is timed by the service that answers it, and is only counted here: it may be down, and then nobody else counts.
    """

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_PROBES):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                _count(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, counting)


def _count(scope: Scope, status: int, seconds: float) -> None:
    service = service_of(scope["path"])
    handler = f"/api/{service}/*" if service else getattr(scope.get("route"), "path", "none")
    method = scope["method"] if scope["method"] in _METHODS else "other"
    REQUESTS.labels(JOB, handler, method, f"{status // 100}xx").inc()
    if service is None:
        DURATION.labels(JOB, handler, method).observe(seconds)


def tell_figures(port: int, host: str) -> WSGIServer:
    """`GET /metrics` on a port of its own, in a thread: browsers reach the other one, and must not find it there."""
    BUILD.labels(JOB, VERSION).set(1)
    server, _ = start_http_server(port, addr=host)
    return server
