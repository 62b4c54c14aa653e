"""Everything that goes wrong leaves as application/problem+json (RFC 9457), in the reader's language."""

import json
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from kernel.bus.canonical import plain
from kernel.db.engine import UNREACHABLE, is_passing
from kernel.delivery.idempotency import Replayed
from kernel.errors import Conflict, Finding, Findings, Invalid, Kind, NotFound, Problem, Unavailable
from kernel.web.validation import sentences

STATUS = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED: 415,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger(__name__)


class ValuesRefused(Invalid):
    code = "value-refused"
    zh = "有值超出允许范围或含有不允许的字符"
    en = "A value is out of range or contains characters that are not allowed"


class ValidationRefused(Findings):
    code = "validation"
    zh = "有 {count} 处填写不正确"
    en = "{count} fields are not valid"


class BodyUnreadable(Invalid):
    code = "body-unreadable"
    zh = "无法读取请求内容"
    en = "The body of the request cannot be read"


class MethodNotAllowed(NotFound):
    code = "method-not-allowed"
    zh = "此地址不支持该方法"
    en = "This address does not support the method"


class StaleVersion(Conflict):
    code = "stale-version"
    zh = "数据已被他人修改,请刷新后再试"
    en = "Somebody else has changed this meanwhile; reload and try again"


class Internal(Unavailable):
    code = "internal"
    zh = "系统内部错误,已记录,请联系管理员并告知请求号"
    en = "An internal error; it has been logged. Please tell the administrator the request id"


#: Where HTTP has a word of its own that the kinds do not.
OWN_STATUS: Mapping[type[Problem], int] = {BodyUnreadable: 400, MethodNotAllowed: 405, Internal: 500}
#: SQLSTATE class of values that a type or an encoding does not hold, NUL above all.
_DATA = "22"
_FRAMEWORK: Mapping[int, type[Problem]] = {400: BodyUnreadable, 404: NotFound, 405: MethodNotAllowed}


def status_of(problem: type[Problem]) -> int:
    """The HTTP status that a problem of this class is answered with."""
    return OWN_STATUS.get(problem) or STATUS[problem.kind]


def language_of(request: Request) -> str:
    """Chinese unless English is asked for first."""
    first = request.headers.get("accept-language", "").strip().lower()
    return "en" if first.startswith("en") else "zh"


def problem_body(problem: Problem, language: str, *, status: int, request_id: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"urn:kaohe:problem:{problem.code}",
        "title": type(problem).zh if language == "zh" and not problem.facts else problem.text(language),
        "status": status,
        "detail": problem.text(language),
        "code": problem.code,
        "request_id": request_id,
    }
    body |= {key: _fact(value) for key, value in problem.facts.items() if key not in body}
    if isinstance(problem, Findings):
        body["errors"] = [
            {"place": i.place, "code": i.code, "detail": i.text(language)} for i in problem.items
        ]
    return body


def _fact(value: Any) -> Any:
    try:
        return plain(value)
    except (TypeError, ValueError):
        return str(value)


def problem_response(request: Request, problem: Problem, *, status: int | None = None) -> Response:
    status = status or status_of(type(problem))
    request_id = request.scope.get("state", {}).get("request_id")
    body = problem_body(problem, language_of(request), status=status, request_id=request_id)
    headers = {"Retry-After": str(problem.facts["retry_after"])} if "retry_after" in problem.facts else None
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def install(app: FastAPI) -> None:
    """Answer every foreseen exception with a problem; `bug_response` is for the others."""
    handlers: Mapping[type[Exception], Any] = {
        Problem: _on_problem,
        Replayed: _on_replay,
        RequestValidationError: _on_validation,
        HTTPException: _on_http,
        StatementError: _on_database,
        PoolTimeout: _on_unreachable,
        **dict.fromkeys(UNREACHABLE, _on_unreachable),
        UnicodeEncodeError: _on_value,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _on_problem(request: Request, error: Problem) -> Response:
    return problem_response(request, error)


async def _on_replay(_: Request, error: Replayed) -> Response:
    return Response(error.body, error.status, {"Idempotent-Replay": "true"}, "application/json")


async def _on_validation(request: Request, error: RequestValidationError) -> Response:
    items = [Finding(place, code, zh, en) for place, code, zh, en in sentences(error.errors())]
    return problem_response(request, ValidationRefused(items))


async def _on_http(request: Request, error: HTTPException) -> Response:
    problem = _FRAMEWORK.get(error.status_code, ValuesRefused)()
    response = problem_response(request, problem, status=error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _on_database(request: Request, error: StatementError) -> Response:
    """Values that the column types refuse are the sender's mistake; a lost server is ours."""
    if type(error).__name__ == "StaleDataError":
        return problem_response(request, StaleVersion())
    cause = error.orig
    if isinstance(error, DataError) or (not isinstance(error, DBAPIError) and isinstance(cause, ValueError)):
        return problem_response(request, ValuesRefused())
    if str(getattr(cause, "sqlstate", None)).startswith(_DATA):
        return problem_response(request, ValuesRefused())
    if isinstance(error, OperationalError | InterfaceError) or is_passing(error):
        _log.warning("database_unavailable", error=repr(cause)[:300])
        return problem_response(request, Unavailable())
    return bug_response(request.scope, error)


async def _on_unreachable(request: Request, error: Exception) -> Response:
    _log.warning("dependency_unreachable", error=repr(error)[:300])
    return problem_response(request, Unavailable())


async def _on_value(request: Request, _: UnicodeEncodeError) -> Response:
    return problem_response(request, ValuesRefused())


def bug_response(scope: MutableMapping[str, Any], error: Exception) -> Response:
    """Logs what nobody foresaw, and says no more than that it happened."""
    _log.error("unhandled", path=scope["path"], exc_info=error)
    return problem_response(Request(scope), Internal())


def problems(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: which problems it may answer with, by status."""
    by_status: dict[int | str, list[type[Problem]]] = {}
    for kind in kinds:
        by_status.setdefault(STATUS[kind.kind], []).append(kind)
    return {status: _documented(found) for status, found in by_status.items()}


def _documented(kinds: Sequence[type[Problem]]) -> dict[str, Any]:
    examples = {k.code: {"value": {"code": k.code, "detail": k.zh, "title": k.en}} for k in kinds}
    return {
        "description": "; ".join(f"`{k.code}`: {k.en}" for k in kinds),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": json.loads(json.dumps(examples)),
            }
        },
    }
