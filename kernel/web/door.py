"""Before a body is read: does this address ask too often, and may this person use the route at all."""

from collections.abc import Callable

from fastapi import Request
from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from kernel.errors import Problem
from kernel.runtime import Runtime
from kernel.web.access import Access, Public
from kernel.web.problems import problem_response

#: (methods, path, what the route asks for), in the order in which routes are matched.
Doors = list[tuple[set[str], str, Access]]


class Door:
    """The framework reads a form before it asks who sends it. This asks first, by the route's own mark."""

    def __init__(self, app: ASGIApp, *, runtime: Runtime, doors: Callable[[], Doors]) -> None:
        self._app, self._runtime = app, runtime
        self._doors = [(methods, compile_path(path)[0], access) for methods, path, access in doors()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            self._admit(request)
        except Problem as problem:
            await problem_response(request, problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _admit(self, request: Request) -> None:
        scope, rates = request.scope, self._runtime.rates
        peer = scope["client"][0] if scope.get("client") else ""
        address = rates.address_of(peer, Headers(scope=scope).get("x-forwarded-for", ""))
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            rates.count_address(address, entry=False)
            return
        access = self._access_of(scope)
        rates.count_address(address, entry=isinstance(access, Public))
        if access is not None:
            access.admit(request, self._runtime)

    def _access_of(self, scope: Scope) -> Access | None:
        for methods, path, access in self._doors:
            if scope["method"] in methods and path.match(scope["path"]):
                return access
        return None
