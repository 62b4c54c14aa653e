"""`GET /api/live`: server-sent hints that something changed. No content; pages ask again through the ordinary API."""

import asyncio
import json
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from kernel.clock import Clock
from kernel.errors import Problem, Unauthenticated
from kernel.live.hub import Hub, Listener
from kernel.tokens import SessionToken, SessionTokens

#: Changes of this long go out together; there are rarely few in a bureau at work.
GATHER_S = 0.5
HEARTBEAT_S = 15.0
#: A client that takes nothing for this long is dropped; its page comes back and asks again.
PATIENCE_S = 20.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_STATUS = {"too-many": 429, "live-full": 503}


class Live:
    """The endpoint. A stream ends with the token it began with; the browser then comes back with a fresh one."""

    def __init__(
        self,
        hub: Hub,
        tokens: SessionTokens,
        *,
        cookie: str,
        clock: Clock,
        gather_s: float = GATHER_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._hub, self._tokens, self._cookie, self._clock = hub, tokens, cookie, clock
        self._gather_s, self._patience_s = gather_s, patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        try:
            token = self._signed_in(headers)
            listener = self._hub.join(token.principal, token.expires_at, headers.get("last-event-id"))
        except Problem as problem:
            await _refuse(problem, send)
            return
        reason = "left"
        gone = asyncio.create_task(_until_gone(receive, listener))
        try:
            reason = await self._stream(listener, send)
        except TimeoutError:
            reason = "slow"
        except OSError:
            reason = "left"
        finally:
            gone.cancel()
            self._hub.leave(listener, reason)

    def _signed_in(self, headers: Headers) -> SessionToken:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            found = None
        if found is None:
            raise Unauthenticated
        return self._tokens.verify(found.value)

    async def _stream(self, listener: Listener, send: Send) -> str:
        """Until it ends; why it did."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._write(send, f"retry: 3000\nid: {self._hub.position}\nevent: hello\ndata: {{}}\n\n")
        while True:
            left = (listener.expires_at - self._clock.now()).total_seconds()
            if listener.ended is None and left <= 0:
                listener.ended = "expired"
            if listener.ended is not None:
                if listener.ended != "left":
                    await self._write(send, f"event: bye\ndata: {json.dumps({'reason': listener.ended})}\n\n")
                    await send({"type": "http.response.body", "body": b""})
                return listener.ended
            try:
                async with asyncio.timeout(min(HEARTBEAT_S, max(left, 0.01))):
                    await listener.something.wait()
            except TimeoutError:
                await self._write(send, ": \n\n")
                continue
            if listener.ended is None:
                await asyncio.sleep(self._gather_s)
                await self._write(send, self._told(listener))

    async def _write(self, send: Send, text: str) -> None:
        async with asyncio.timeout(self._patience_s):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    def _told(self, listener: Listener) -> str:
        position = self._hub.position
        reset, hints = listener.take()
        if reset:
            return f"id: {position}\nevent: reset\ndata: {{}}\n\n"
        lines = [
            f"event: hint\ndata: {json.dumps({'topic': h.topic, 'id': h.id, 'version': h.version})}\n\n"
            for h in hints
        ]
        return f"id: {position}\n" + "".join(lines) if lines else ": \n\n"


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end("left")


async def _refuse(problem: Problem, send: Send) -> None:
    status = _STATUS.get(problem.code, 401)
    body: dict[str, Any] = {
        "type": f"urn:kaohe:problem:{problem.code}",
        "title": problem.text("zh"),
        "status": status,
        "code": problem.code,
        "detail": f"{problem.text('zh')} / {problem.text('en')}",
    } | problem.facts
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    if "retry_after" in problem.facts:
        headers.append((b"retry-after", str(problem.facts["retry_after"]).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body, ensure_ascii=False).encode()})
