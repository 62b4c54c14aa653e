"""A service as the kernel sees it: its manifest, and the application and workers that follow from it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.params import Form
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import Headers
from starlette.routing import compile_path

from contracts.envelope import Event
from kernel.delivery.handlers import Handlers
from kernel.delivery.offers import Restore
from kernel.delivery.replicas import Replica
from kernel.errands.running import Errand
from kernel.errors import TooLarge
from kernel.runtime import Runtime
from kernel.scheduling import Job
from kernel.settings import ServiceSettings
from kernel.version import VERSION
from kernel.web import access, audit, errands, feed, forks, health, integrity, openapi, work
from kernel.web.door import Door, Doors
from kernel.web.files import FilesWrittenDown
from kernel.web.middleware import Asgi, BodyLimit, Receive, RequestContext, Scope, Send
from kernel.web.problems import bug_response, install, problem_response

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Service:
    """The only door of a service. `owned` pairs each published event type with the rows it tells about."""

    name: str
    title_zh: str
    title_en: str
    metadata: MetaData
    routers: tuple[APIRouter, ...]
    handlers: Handlers
    settings: type[ServiceSettings] = ServiceSettings
    jobs: tuple[Job, ...] = ()
    errands: tuple[Errand, ...] = ()
    """Long work that people ask for (docs/decisions/0015-errands.md)."""
    owned: tuple[tuple[type[Event], type[Any]], ...] = ()
    restores: Mapping[type[Event], Restore] = field(default_factory=dict)
    """How rows come back from events that this service lost and others kept; types that are left out cannot."""
    replicas: tuple[type[Replica], ...] = ()
    stores_files: bool = False
    on_start: Callable[[Runtime], Awaitable[None]] | None = None
    due: Callable[[AsyncSession], Awaitable[int]] | None = None
    """How many things wait for one of the jobs: part of the backlog."""
    extras: Mapping[str, Any] | None = None
    """Further entrances for the composition root, by name (such as `bootstrap` of org)."""


class BodyTooLarge(TooLarge):
    code = "body-too-large"
    zh = "请求内容过大,上限为 {limit} 字节"
    en = "The request is too large; the limit is {limit} bytes"


def build_app(service: Service, runtime: Runtime) -> FastAPI:
    """The service's HTTP application. Raises RuntimeError if a route declares no access."""
    app = FastAPI(
        title=f"Kaohe {service.name}: {service.title_zh} / {service.title_en}",
        version=VERSION,
        openapi_url=f"/api/{service.name}/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
    )
    app.state.runtime = runtime
    for router in (
        *service.routers,
        integrity.make_router(service.name, service.owned, service.replicas, service.due),
        forks.make_router(service.name, service.restores),
        audit.make_router(service.name),
        errands.make_router(service.name, service.errands),
        work.make_router(service.name, service.errands),
        feed.router,
        health.router,
    ):
        app.include_router(router)
    _deny_by_default(app)
    install(app)
    openapi.describe(app)
    app.add_middleware(FilesWrittenDown, runtime=runtime)
    app.add_middleware(BodyLimit, limit_of=_limits(app, runtime.settings), refuse=_refuse)
    app.add_middleware(Door, runtime=runtime, doors=lambda: _doors(app))
    app.add_middleware(RequestContext, service=service.name, failed=bug_response)
    return app


def _doors(app: FastAPI) -> Doors:
    return [
        (route.methods, route.path, access_of(route)[0])
        for route in routes_of(app)
        if route.methods and route.path and route.methods & UNSAFE
    ]


def _limits(app: FastAPI, settings: ServiceSettings) -> Callable[[Scope], int]:
    """Only where no JSON body is read may a form, or a part of an upload, be as large as a file."""
    files = [
        (route.methods, compile_path(route.path)[0])
        for route in routes_of(app)
        if route.methods
        and route.path
        and route.methods & UNSAFE
        and all(isinstance(param.field_info, Form) for param in route.dependant.body_params)
    ]

    def limit_of(scope: Scope) -> int:
        sent = Headers(scope=scope).get("content-type", "")
        raw = sent.startswith(("multipart/form-data", "application/offset+octet-stream"))
        if raw and any(scope["method"] in methods and path.match(scope["path"]) for methods, path in files):
            return settings.largest_upload
        return settings.max_body_bytes

    return limit_of


def _refuse(limit: int) -> Asgi:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await problem_response(Request(scope), BodyTooLarge(limit=limit))(scope, receive, send)

    return answer


def routes_of(app: FastAPI) -> list[RouteContext]:
    """Every route of the included routers too, as it will be matched: with the dependencies of its routers."""
    return [route for route in iter_route_contexts(app.routes) if isinstance(route.original_route, APIRoute)]


def access_of(route: RouteContext) -> list[Any]:
    """The access marks among a route's dependencies."""
    return [d.call for d in route.dependant.dependencies if access.is_access(d.call)]


def _deny_by_default(app: FastAPI) -> None:
    open_routes = [f"{sorted(r.methods or ())} {r.path}" for r in routes_of(app) if not access_of(r)]
    if open_routes:
        raise RuntimeError(f"routes without declared access: {open_routes}")
