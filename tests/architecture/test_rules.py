"""Rules of the house that no linter knows, read from the source."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import RouteContext

from cli.documents import ROOT
from contracts.catalog import SERVICES
from kernel.service import UNSAFE, Service, _deny_by_default, access_of, build_app, routes_of
from kernel.web.idempotency import _once

PACKAGES = ("contracts", "rules", "sealing", "kernel", "services", "gateway", "cli")
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers"}
MIGRATIONS = "migrations/versions"
PUBLISHES = {"publish", "publish_many"}


def modules(*packages: str) -> Iterator[tuple[str, Path]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if MIGRATIONS not in name:
                yield name, path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def services() -> list[Service]:
    from cli.documents import _services

    return list(_services())


def routes(service: Service) -> list[RouteContext]:
    nothing: Any = SimpleNamespace(settings=SimpleNamespace(max_body_bytes=1))
    app = build_app(service, nothing)
    found = routes_of(app)
    assert len(found) > len(service.routers)
    return found


def has_once(route: RouteContext) -> bool:
    waiting = list(route.dependant.dependencies)
    while waiting:
        found = waiting.pop()
        if found.call is _once:
            return True
        waiting += found.dependencies
    return False


def test_file_names_say_what_is_in_the_file():
    assert [n for n, p in modules(*PACKAGES, "tests", "bench", "examples") if p.stem in VAGUE] == []


def test_modules_are_short_enough_to_read_at_once():
    limits = dict.fromkeys(PACKAGES, 300) | {"tests": 500, "bench": 300, "examples": 300}
    long = {
        name: count
        for package, limit in limits.items()
        for name, path in modules(package)
        if name != "sealing/standalone/verify_receipt.py"  # one file on a USB stick is the point
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > limit
    }
    assert long == {}


def test_only_the_delivery_kernel_commits():
    allowed = ("kernel/delivery/", "kernel/db/migrations.py")
    found = [
        n
        for n, p in modules(*PACKAGES)
        if not n.startswith(allowed) and any(c.attr == "commit" for c in calls(p))
    ]
    assert found == []


def test_only_the_clock_asks_what_time_it_is():
    asks = {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("datetime", "today"),
        ("date", "today"),
        ("time", "time"),
    }
    found = [
        f"{name}:{call.lineno}"
        for name, path in modules(*PACKAGES)
        if name != "kernel/clock.py"
        for call in calls(path)
        if isinstance(call.value, ast.Name) and (call.value.id, call.attr) in asks
    ]
    assert found == []


def test_only_actions_publish_events():
    found = [
        f"{name}:{call.lineno}"
        for name, path in modules("services", "gateway", "cli")
        if Path(name).parts[2:3] != ("actions",)
        for call in calls(path)
        if call.attr in PUBLISHES
    ]
    assert found == []


def test_every_service_in_the_catalogue_has_a_manifest_of_that_name():
    assert {s.name for s in services()} <= set(SERVICES)


def test_every_unsafe_route_accepts_an_idempotency_key():
    """Between services an event's own id is the key: offering it twice is offering it once."""
    without = [
        f"{sorted(route.methods & UNSAFE)} {route.path}"
        for service in services()
        for route in routes(service)
        if route.methods & UNSAFE and not has_once(route) and not route.path.startswith("/internal/bus/")
    ]
    assert without == []


def test_every_route_declares_its_access_exactly_once():
    found = {
        f"{sorted(route.methods)} {route.path}": len(access_of(route))
        for service in services()
        for route in routes(service)
        if len(access_of(route)) != 1
    }
    assert found == {}


def test_no_two_routes_of_a_service_have_the_same_name_in_the_api_document():
    for service in services():
        names = [route.name for route in routes(service) if route.include_in_schema]
        assert sorted(names) == sorted(set(names)), service.name


def test_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def test_reference_documents_are_current():
    """In a process of its own: pages list what is loaded, and a test run has loaded more than the platform."""
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "documents", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, f"run `kaohe documents`: {done.stdout}{done.stderr[-2000:]}"


def in_a_thread(dependant: Any) -> Iterator[str]:
    """What FastAPI would hand to a thread: whatever is no coroutine, a class too."""
    call = dependant.call
    if not any(inspect.iscoroutinefunction(one) for one in (call, getattr(call, "__call__", None))):  # noqa: B004
        yield getattr(call, "__qualname__", repr(call))
    for further in dependant.dependencies:
        yield from in_a_thread(further)


def test_no_route_and_nothing_that_it_depends_on_is_run_in_a_thread():
    """A hop to a thread and back costs as much as a read of the database, and who acts is not known there."""
    found = {
        f"{service.name} {route.path}: {name}"
        for service in services()
        for route in routes(service)
        for name in in_a_thread(route.dependant)
    }
    assert not found


def test_a_route_without_an_access_mark_is_found_before_the_service_starts():
    router = APIRouter()

    @router.get("/open")
    async def forgotten() -> None: ...

    outer = APIRouter()
    outer.include_router(router)
    app = FastAPI()
    app.include_router(outer)
    with pytest.raises(RuntimeError, match="/open"):
        _deny_by_default(app)
