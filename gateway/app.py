"""The gateway's own pages: landing page, API documents, health. No data and no rules."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import fastapi_offline
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from typing_extensions import override

from contracts.catalog import SERVICES
from gateway import interface
from gateway.dispatch import Asgi, Dispatcher

STATIC = Path(__file__).parent / "static"
SWAGGER = Path(fastapi_offline.__file__).parent / "static"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": PAGE_POLICY.format(styles=""),
}
# Swagger UI sets style attributes from script; nothing else on this page may.
DOCS_HEADERS = HEADERS | {"Content-Security-Policy": PAGE_POLICY.format(styles=" 'unsafe-inline'")}

#: Addresses below these are no pages of the interface.
OTHERS = (
    "/api/",
    "/internal",
    "/metrics",
    "/health/",
    "/static/",
    "/swagger/",
    "/assets/",
    "/pdf/",
    "/legacy/",
)

#: Gives the names of the services and whether each is ready.
Readiness = Callable[[], Awaitable[Mapping[str, bool]]]


def make_gateway(
    upstreams: Mapping[str, Asgi],
    readiness: Readiness,
    *,
    built: Path = interface.BUILT,
    behind_proxy: bool = False,
    live: Asgi | None = None,
) -> Asgi:
    """The front of the platform: services by prefix, the pages in `built` and the gateway's own for the rest."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        found = await readiness()
        good = all(found.values())
        return JSONResponse(
            {"status": "ready" if good else "not-ready", "services": dict(found)},
            status_code=200 if good else 503,
        )

    async def services(_: Request) -> Response:
        return JSONResponse(
            {"services": [{"name": s, "openapi": f"/api/{s}/openapi.json"} for s in SERVICES]}
        )

    has_pages = interface.is_built(built)
    routes: list[Any] = [
        *(interface.routes(built) if has_pages else [Route("/", _page("index.html", HEADERS))]),
        Route("/docs", _page("docs.html", DOCS_HEADERS)),
        Route("/favicon.ico", _page("icon.svg", HEADERS)),
        Route("/health/live", alive),
        Route("/health/ready", ready),
        Route("/api/services", services),
        *([Route("/api/live", live, methods=["GET"])] if live else []),
        Mount("/static", _Static(directory=STATIC)),
        Mount("/swagger", _Static(directory=SWAGGER)),
    ]
    absent = _absent(built) if has_pages else _not_found
    own = Starlette(routes=routes, exception_handlers={404: absent, 405: _not_found})
    return Dispatcher(upstreams, own, behind_proxy=behind_proxy)


class _Static(StaticFiles):
    """Files that ship with the program, with the headers of a page."""

    @override
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(HEADERS | {"Cache-Control": "no-cache"})
        return response


def _page(name: str, headers: Mapping[str, str]) -> Callable[[Request], Awaitable[Response]]:
    async def page(_: Request) -> Response:
        return FileResponse(STATIC / name, headers={**headers, "Cache-Control": "no-cache"})

    return page


def _absent(built: Path) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Addresses of pages are the interface's own; it says itself if there is none."""

    async def answer(request: Request, error: Exception) -> Response:
        path = request.url.path
        wants_page = "text/html" in request.headers.get("accept", "") and request.method in {"GET", "HEAD"}
        is_page = not path.startswith(OTHERS) and "." not in path.rsplit("/", 1)[-1]
        return interface.page(built) if wants_page and is_page else await _not_found(request, error)

    return answer


async def _not_found(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    body = {
        "type": "urn:kaohe:problem:not-found",
        "title": "没有这个地址 / No such address",
        "status": status,
        "code": "not-found",
        "detail": "没有这个地址 / No such address",
    }
    if "text/html" in request.headers.get("accept", ""):
        return FileResponse(STATIC / "404.html", status_code=status, headers=HEADERS)
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=HEADERS)
