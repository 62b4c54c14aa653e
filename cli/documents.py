"""`kaohe documents`: the reference pages, the Caddyfile and the dashboards, written from the program, or compared with it."""

import json
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import typer
from pydantic_settings import BaseSettings

import kernel
from cli.cluster import cluster_pages
from cli.dashboards import dashboard_pages
from cli.manifests import load
from contracts.catalog import SERVICES
from gateway.routing import caddyfile
from gateway.settings import GatewaySettings
from kernel.authorisation import authorisation_page
from kernel.documents import (
    asyncapi,
    events_page,
    metrics_page,
    permissions_page,
    problems_page,
    settings_page,
)
from kernel.service import Service
from kernel.settings import OwnerSettings, ProvisionSettings, ServiceSettings
from rules.plan.schema import expected_schema, facts_schema, plan_schema

ROOT = Path(__file__).parent.parent
_ASIDE = {"alembic", "migrations", "local", "testing", "otlp"}  # the last one needs an extra


def documents(
    check: bool = typer.Option(
        False, "--check", help="只核对,不写 / compare only; exit code 1 if a page is stale"
    ),
) -> None:
    """生成参考文档 / Write the reference pages.  e.g. `kaohe documents --check`"""
    stale = [name for name, text in pages().items() if _current(name) != text]
    for name in stale:
        print(f"stale: {name}" if check else f"written: {name}")
    if check:
        raise typer.Exit(code=1 if stale else 0)
    for name, text in pages().items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8")


def pages() -> Mapping[str, str]:
    """What the files should say, by path from the root of the repository."""
    services = list(_services())
    _import_all(kernel)
    for service in services:
        _import_all(import_module(f"services.{service.name}"))
    classes: list[type[BaseSettings]] = [ServiceSettings]
    classes += [s.settings for s in services if s.settings is not ServiceSettings]
    classes += [GatewaySettings, OwnerSettings, ProvisionSettings]
    return {
        "docs/reference/settings.md": settings_page(classes),
        "docs/reference/permissions.md": permissions_page(),
        "docs/reference/authorisation.md": authorisation_page(services),
        "docs/reference/problems.md": problems_page(),
        "docs/reference/events.md": events_page(),
        "docs/reference/asyncapi.json": asyncapi(),
        "docs/reference/metrics.md": metrics_page(),
        "docs/reference/plan.schema.json": _schema(plan_schema()),
        "docs/reference/facts.schema.json": _schema(facts_schema()),
        "docs/reference/expected.schema.json": _schema(expected_schema()),
        "gateway/Caddyfile": caddyfile(),
        **dashboard_pages(),
        **cluster_pages(ROOT),
    }


def _schema(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _services() -> Iterator[Service]:
    for name in SERVICES:
        try:
            yield load(name)
        except ModuleNotFoundError as error:
            if error.name not in {f"services.{name}", f"services.{name}.manifest"}:
                raise


def _import_all(package: ModuleType) -> None:
    """Problems and metrics are known once their modules are imported, by whatever way a command came here."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not _ASIDE & set(found.name.split(".")):
            import_module(found.name)


def _current(name: str) -> str | None:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else None
