"""Who is at the door, and may they: tokens, CSRF, permissions. Deny by default."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, Request
from typing_extensions import override

from kernel.audit.acting import Acting, Actor, current_acting
from kernel.delivery.transaction import current_headers
from kernel.errors import Forbidden, Unauthenticated
from kernel.identity import Principal
from kernel.observability.metrics import PERMISSION_DENIED
from kernel.runtime import Runtime
from kernel.settings import ServiceSettings
from kernel.tokens import SessionToken, TokenRefused, cookie_name
from kernel.web.app import App

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "x-csrf-token"
_VERIFIED = "verified_token"
_log = structlog.get_logger(__name__)


class CsrfRefused(Forbidden):
    code = "csrf-refused"
    zh = "安全校验未通过,请刷新页面后重试"
    en = "The request did not carry the right security token; reload the page and try again"


class PermissionDenied(Forbidden):
    code = "permission-denied"
    zh = "您没有此项权限:{permission_zh}"
    en = "You do not have this permission: {permission}"


def token_cookie(settings: ServiceSettings) -> str:
    return cookie_name("token", secure=settings.cookie_secure)


def session_cookie(settings: ServiceSettings) -> str:
    return cookie_name("session", secure=settings.cookie_secure)


def check_origin(request: Request, settings: ServiceSettings) -> None:
    """Browsers send Origin with unsafe requests; it must be ours."""
    origin = request.headers.get("origin")
    if origin is None or origin in settings.public_origins:
        return
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        raise CsrfRefused from None
    if host != request.headers.get("host"):
        raise CsrfRefused


def signed_in(request: Request, app: Runtime) -> SessionToken:
    """The verified token of the request, of a browser's cookie or a machine's header; verified once a request.

    Raises Unauthenticated, CsrfRefused, or TooMany for an account that asks too often.
    """
    known = request.scope.setdefault("state", {})
    if _VERIFIED not in known:
        token = _verified(request, app)
        app.rates.count_account(token.principal.account_id)
        known[_VERIFIED] = token
    found: SessionToken = known[_VERIFIED]
    return found


def token_of(request: Request, app: Runtime) -> SessionToken:
    """What the request carries, if it is genuine; whether it may be used for the request is not asked."""
    text = request.cookies.get(token_cookie(app.settings))
    if text:
        return app.sessions.verify(text)
    return app.sessions.verify_machine(_bearer(request))


def _verified(request: Request, app: Runtime) -> SessionToken:
    token = token_of(request, app)
    if token.principal.session_id in app.revoked:
        raise TokenRefused
    # A header is sent on purpose; only cookies go along with what a foreign page asks for.
    if token.csrf and request.method not in SAFE:
        check_origin(request, app.settings)
        if not secrets.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), token.csrf.encode()):
            raise CsrfRefused
    return token


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise Unauthenticated
    return token


def begin_acting(request: Request, principal: Principal) -> None:
    """What this request changes from here on, it changes in this name."""
    current_headers.set(current_headers.get().model_copy(update={"actor": str(principal.account_id)}))
    current_acting.set(Acting(Actor.of(principal), request.scope["route"].name, request.url.path))


class Access:
    """Marks a route's dependency, so that a route without one is found when the service starts.

    All are coroutines: in a thread they could not say who acts in the request's own context.
    """

    permission: str | None

    def admit(self, request: Request, app: Runtime) -> None:
        """Refuse whom the route would refuse, before its body is read."""


class Requires(Access):
    """Gives the principal if a role of his carries the permission; the rules of scope are the service's."""

    def __init__(self, permission: str) -> None:
        from contracts.permissions import PERMISSIONS  # noqa: PLC0415 -- only at import of routes

        self.permission = permission
        self._zh, self._en = PERMISSIONS[permission]

    async def __call__(self, request: Request, app: App) -> Principal:
        principal = self._permitted(request, app)
        begin_acting(request, principal)
        return principal

    @override
    def admit(self, request: Request, app: Runtime) -> None:
        self._permitted(request, app)

    def _permitted(self, request: Request, app: Runtime) -> Principal:
        principal = signed_in(request, app).principal
        if not principal.may(self.permission or ""):
            PERMISSION_DENIED.labels(app.service).inc()
            _log.info("permission_denied", permission=self.permission, account=str(principal.account_id))
            raise PermissionDenied(permission=self._en, permission_zh=self._zh)
        return principal


class Public(Access):
    permission = None

    async def __call__(self) -> None:
        return None


class SignedInOnly(Access):
    """Asks for a valid sign-in and no permission: also somebody who must change the password first has that."""

    permission = None

    async def __call__(self, request: Request, app: App) -> None:
        begin_acting(request, signed_in(request, app).principal)

    @override
    def admit(self, request: Request, app: Runtime) -> None:
        signed_in(request, app)


class CheckedBy(Access):
    """Gives whoever `check` finds at the door: for callers that are no people and no services of ours."""

    permission = None

    def __init__(self, check: Callable[[Request, Runtime], Awaitable[Any]]) -> None:
        self._check = check

    async def __call__(self, request: Request, app: App) -> Any:
        return await self._check(request, app)


class FromService(Access):
    """Gives the name of the service that asks."""

    permission = None

    async def __call__(self, request: Request, app: App) -> str:
        return app.services.verify(_bearer(request))

    @override
    def admit(self, request: Request, app: Runtime) -> None:
        app.services.verify(_bearer(request))


def require(permission: str) -> Any:
    """Gives the principal, or refuses who may not.

    For annotations: `Reader = Annotated[Principal, require("org:read")]`.
    """
    return Depends(Requires(permission))


def checked_by(check: Callable[[Request, Runtime], Awaitable[Any]]) -> Any:
    """Gives what `check` gives, or refuses by what it raises."""
    return Depends(CheckedBy(check))


def public() -> Any:
    """For `dependencies=[public()]` of a route that needs no sign-in."""
    return Depends(Public())


def self_checked() -> Any:
    """For `dependencies=[self_checked()]` of a route about one's own session."""
    return Depends(SignedInOnly())


Service = Annotated[str, Depends(FromService())]


def is_access(dependency: Any) -> bool:
    return isinstance(dependency, Access)
