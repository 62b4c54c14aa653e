"""Whatever is sent to any operation of any service, the answer is never a server error."""

import logging
import warnings
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from contracts.catalog import SERVICES
from contracts.permissions import ASSESSMENT_ROLES, Role
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.testing.people import grant, person
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap

EXAMPLES = 12
SERVER_ERROR = 500
#: Signing out or ending a session would only end the test's own.
LEFT_OUT = {("DELETE", "/api/org/v1/session")}


@schemathesis.serializer("application/offset+octet-stream")
def _parts(_context: Any, value: Any) -> bytes:
    """Parts of an upload are bytes as they are."""
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


def cases(document: dict[str, Any]) -> list[Any]:
    """Valid and invalid requests for every operation; the same at every run."""
    found: list[Any] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_dict(document)
        for result in schema.get_all_operations():
            operation = result.ok()
            if (operation.method.upper(), operation.path) in LEFT_OUT:
                continue

            @hypothesis.given(case=operation.as_strategy())
            @settings(
                max_examples=EXAMPLES,
                phases=[Phase.generate],
                database=None,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            def collect(case: Any) -> None:
                found.append(case)

            collect()
    return found


def request_of(case: Any) -> dict[str, Any]:
    parts = case.as_transport_kwargs(base_url="http://kaohe.test")
    kept = {key: parts[key] for key in ("params", "json", "data", "files") if parts.get(key) is not None}
    if isinstance(kept.get("data"), bytes | str):
        kept["content"] = kept.pop("data")
    if "files" in kept:
        kept["files"] = [(name, _file(part)) for name, part in kept["files"]]
    headers = {k: v for k, v in (parts.get("headers") or {}).items() if k.lower() == "content-type"}
    return {"method": parts["method"].upper(), "url": parts["url"], "headers": headers, **kept}


def _file(part: Any) -> Any:
    """A part as the client can send it: a drawn number or list goes as its text."""
    if isinstance(part, tuple):
        return (part[0], _file(part[1]), *part[2:])
    return part if isinstance(part, bytes | str) or part is None else str(part).encode()


def everybody(root_id: Any) -> list[Principal]:
    """An assessment role of each kind in one person, and the three administrators."""
    mighty = person(*(grant(role, root_id, "JZ/") for role in sorted(ASSESSMENT_ROLES)), officer_id=uuid4())
    administrators = [
        Principal(uuid4(), new_id(), role, grants=(grant(role, root_id, "JZ/"),))
        for role in (Role.ROSTER_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
    ]
    return [mighty, *administrators]


@pytest.mark.parametrize("service", SERVICES)
async def test_no_request_leads_to_a_server_error(whole: Platform, service: str):
    logging.getLogger("schemathesis").setLevel(logging.ERROR)
    await bootstrap(whole.runtimes["org"], root_code="JZ", root_name="江州市公安局")
    callers = [whole.caller(service, principal) for principal in everybody(uuid4())]
    broken, sent = [], 0
    for case in cases(whole.apps[service].openapi()):
        request = request_of(case)
        method, url = request.pop("method"), request.pop("url")
        for caller in callers:
            try:
                answer = await caller.send(method, url, **request)
            except (ValueError, TypeError):  # what the client itself cannot put on the wire
                continue
            sent += 1
            if answer.status_code >= SERVER_ERROR:
                broken.append((method, url, str(request)[:300], answer.text[:200]))
    assert broken == []
    assert sent > len(callers) * EXAMPLES
