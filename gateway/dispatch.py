"""Hands a request to the service that it is for: in the same process, or at an address."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

import httpx2

from gateway.routing import service_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade".split()
)


_FORWARDED = b"x-forwarded-for"


class Upstream(Protocol):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Dispatcher:
    """`upstreams` by service; `own` answers everything else. What is internal cannot be reached through here.

    Services hear from here, and from nobody else, which address a request comes from: the peer's, or what a proxy in
    front of the gateway (`behind_proxy`) has written down.
    """

    def __init__(self, upstreams: Mapping[str, Asgi], own: Asgi, *, behind_proxy: bool = False) -> None:
        self._upstreams, self._own, self._behind_proxy = upstreams, own, behind_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            service = service_of(scope["path"])
            if service is not None:
                if not self._behind_proxy:
                    _write_down_peer(scope)
                await self._upstreams[service](scope, receive, send)
                return
        await self._own(scope, receive, send)


def _write_down_peer(scope: Scope) -> None:
    peer = scope["client"][0] if scope.get("client") else ""
    kept = [(k, v) for k, v in scope["headers"] if k != _FORWARDED]
    scope["headers"] = [*kept, (_FORWARDED, peer.encode("latin-1"))] if peer else kept


class Forward:
    """Streams a request to the service at `url`, and its answer back."""

    def __init__(self, client: httpx2.AsyncClient, url: str) -> None:
        self._client, self._url = client, url.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode("latin-1")
        target = self._url + scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        headers = [(k, v) for k, v in scope["headers"] if k not in HOP_BY_HOP]
        has_body = any(
            k == b"transfer-encoding" or (k == b"content-length" and v != b"0") for k, v in scope["headers"]
        )
        request = self._client.build_request(
            scope["method"], target, headers=headers, content=_body(receive) if has_body else None
        )
        try:
            answer = await self._client.send(request, stream=True)
        except httpx2.TransportError:
            await _unavailable(send)
            return
        try:
            kept = [(k.lower(), v) for k, v in answer.headers.raw if k.lower() not in HOP_BY_HOP]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": kept})
            async for piece in answer.aiter_raw():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await answer.aclose()


async def _body(receive: Receive) -> Any:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise httpx2.ReadError("the client went away")
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


async def _unavailable(send: Send) -> None:
    body = (
        '{"type":"urn:kaohe:problem:unavailable","title":"服务暂时不可用","status":503,"code":"unavailable",'
        '"detail":"服务暂时不可用,请稍后再试 / Temporarily unavailable; please try again"}'
    ).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"retry-after", b"2")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
