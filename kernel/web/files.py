"""Whoever opens a file or takes an export is written down before the first byte leaves."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kernel.audit.acting import current_acting
from kernel.runtime import Runtime


class FilesWrittenDown:
    """An answer with a Content-Disposition is a file. The parts of one after the first are the same opening."""

    def __init__(self, app: ASGIApp, *, runtime: Runtime) -> None:
        self._app, self._runtime = app, runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def written_down(message: Message) -> None:
            if message["type"] == "http.response.start" and _opens_file(message):
                await self._write_down(scope, Headers(raw=message["headers"]))
            await send(message)

        await self._app(scope, receive, written_down)

    async def _write_down(self, scope: Scope, answer: Headers) -> None:
        acting = current_acting.get()
        if acting is None:
            return
        facts = {"query": scope["query_string"].decode("latin-1"), "type": answer.get("content-type", "")}
        async with self._runtime.db.transaction() as tx:
            tx.act(acting.operation, "file", acting.target, after=facts)


def _opens_file(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    if message["status"] not in {200, 206} or "content-disposition" not in headers:
        return False
    return headers.get("content-range", "bytes 0-").startswith("bytes 0-")
