"""Who may use which route, read from the routes themselves: the reference page, and what a test holds every route to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from contracts.permissions import Role, roles_with
from kernel.documents import NOTE
from kernel.service import Service, access_of, build_app, routes_of
from kernel.web.access import FromService, Public, SignedInOnly

EXPLAINED = (
    "Which roles the edge lets through to a route (`+`). What of it they then see or change, their scope decides: one "
    "rule a resource, the same for list, item, export, file and search; what is out of scope answers 404 as if it did "
    "not exist. `public` needs no sign-in, `signed in` any, `service` is for other services and never routed from outside, `signature` for requests signed with a key of their own."
)


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """`admits` are the roles that get past the edge; nobody in particular for `public` and `service`."""

    service: str
    method: str
    path: str
    needs: str
    admits: frozenset[Role]


def matrix(services: Sequence[Service]) -> Iterator[RouteAccess]:
    """Every route of every service, in the order in which they are matched."""
    for service in services:
        # Nothing runs: routes are only asked what they are.
        runtime: Any = SimpleNamespace(settings=SimpleNamespace(max_body_bytes=1, largest_upload=1))
        for route in routes_of(build_app(service, runtime)):
            (access,) = access_of(route)
            for method in sorted(route.methods or ()):
                yield RouteAccess(service.name, method, route.path or "", *_admitted(access))


def _admitted(access: Any) -> tuple[str, frozenset[Role]]:
    if isinstance(access, Public):
        return "public", frozenset()
    if isinstance(access, SignedInOnly):
        return "signed in", frozenset(Role)
    if isinstance(access, FromService):
        return "service", frozenset()
    if access.permission is None:
        return "signature", frozenset()
    return access.permission, roles_with(access.permission)


def authorisation_page(services: Sequence[Service]) -> str:
    found = list(matrix(services))
    lines = ["# Authorisation", "", NOTE, "", EXPLAINED, ""]
    for service in services:
        lines += [f"## `{service.name}`", ""]
        lines.append(f"| Route | Needs | {' | '.join(role.value.replace('_', ' ') for role in Role)} |")
        lines.append("| --- " * (len(Role) + 2) + "|")
        for route in (r for r in found if r.service == service.name):
            marks = " | ".join("+" if role in route.admits else "" for role in Role)
            lines.append(f"| `{route.method} {route.path}` | `{route.needs}` | {marks} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"
