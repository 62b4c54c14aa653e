"""What happens to every request: an id, a measure, headers of safety, a limit of size. Plain ASGI, no buffering."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import structlog
from starlette.datastructures import Headers, MutableHeaders

from contracts.envelope import Headers as EventHeaders
from kernel.audit.acting import current_acting
from kernel.delivery.transaction import current_headers
from kernel.ids import new_id
from kernel.observability import tracing
from kernel.observability.metrics import DURATION, IN_PROGRESS, REQUESTS

if TYPE_CHECKING:
    from kernel.observability.otlp import Span

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Failed = Callable[[Scope, Exception], Asgi]

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
API_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_log = structlog.get_logger(__name__)


class RequestContext:
    """Binds request and trace id to logs and events; counts, times and logs the answer; answers for bugs."""

    def __init__(self, app: Asgi, *, service: str, failed: Failed) -> None:
        self._app, self._service, self._failed = app, service, failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(new_id())
        given = headers.get("traceparent", "")
        parent = given if TRACEPARENT.fullmatch(given) else None
        scope.setdefault("state", {})["request_id"] = request_id
        # What machines ask all day (health, figures, feeds) would bury what people ask.
        asked = scope["path"].startswith("/api/")
        spanned = (
            tracing.span(scope["method"], "server", parent=parent, root=request_id)
            if asked
            else nullcontext(None)
        )
        with spanned as traced:
            await self._traced(scope, receive, send, request_id, tracing.traceparent() or parent, traced)

    async def _traced(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        request_id: str,
        traceparent: str | None,
        traced: "Span | None",
    ) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            service=self._service,
            request_id=request_id,
            **({"trace_id": traceparent.split("-")[1]} if traceparent else {}),
        )
        current_acting.set(None)
        current_headers.set(EventHeaders(correlation_id=request_id, traceparent=traceparent))
        status, began, answering = 500, time.perf_counter(), False

        async def with_headers(message: Message) -> None:
            nonlocal status, answering
            if message["type"] == "http.response.start":
                status, answering = message["status"], True
                answer = MutableHeaders(scope=message)
                answer["X-Request-Id"] = request_id
                for name, value in API_HEADERS.items():
                    if name not in answer:
                        answer[name] = value
            await send(message)

        IN_PROGRESS.labels(self._service).inc()
        try:
            await self._app(scope, receive, with_headers)
        except Exception as error:
            if answering:  # too late for another answer: the server cuts the connection
                raise
            await self._failed(scope, error)(scope, receive, with_headers)
        finally:
            IN_PROGRESS.labels(self._service).dec()
            self._observe(scope, status, time.perf_counter() - began, traced)

    def _observe(self, scope: Scope, status: int, seconds: float, traced: "Span | None") -> None:
        handler, method = getattr(scope.get("route"), "path", "none"), scope["method"]
        if method not in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}:
            method = "other"
        REQUESTS.labels(self._service, handler, method, f"{status // 100}xx").inc()
        DURATION.labels(self._service, handler, method).observe(seconds)
        if traced is not None:
            facts = {"http_request_method": method, "http_route": handler, "kaohe_service": self._service}
            name = f"{method} {handler}"
            traced.tell(name=name, failed=status >= 500, http_response_status__code=status, **facts)  # noqa: PLR2004
        _log.info("request", route=handler, method=method, status=status, duration_s=round(seconds, 4))


class BodyLimit:
    """Refuses bodies beyond the limit of their address, by the announced length and by what really comes."""

    def __init__(self, app: Asgi, *, limit_of: Callable[[Scope], int], refuse: Callable[[int], Asgi]) -> None:
        self._app, self._limit_of, self._refuse = app, limit_of, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope)
        refuse = self._refuse(limit)
        length = Headers(scope=scope).get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > limit:
            await refuse(scope, receive, send)
            return
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return {"type": "http.disconnect"} if taken > limit else message

        async def unless_refused(message: Message) -> None:
            # Whatever the application makes of a body that was cut off, the sender is told why it was.
            if taken <= limit:
                await send(message)
            elif message["type"] == "http.response.start":
                await refuse(scope, receive, send)

        await self._app(scope, limited, unless_refused)
