"""`kaohe migrate` and `kaohe migration`."""

import asyncio

import typer
from rich.console import Console

from cli.manifests import load
from cli.texts import EXIT_USAGE, say
from contracts.catalog import SERVICES
from kernel.settings import OwnerSettings

_console = Console(stderr=True, highlight=False)


def migrate(service: str = typer.Argument(help=" | ".join(SERVICES))) -> None:
    """把一个服务的数据库升级到本程序的版本 / Bring a service's database to the revision of this program.

    KAOHE_DATABASE_OWNER_URL=postgresql://… kaohe migrate org
    """
    from kernel.db.migrations import newest, upgrade  # noqa: PLC0415 -- `--help` need not load Alembic

    _known(service)
    asyncio.run(upgrade(service, OwnerSettings.read().database_owner_url.get_secret_value()))
    print(f"{service}: {newest(service)}")


def migration(
    service: str, message: str = typer.Option(..., "--message", "-m", help="一句话说明 / what it is for")
) -> None:
    """为开发者:由行定义与数据库的差异写出下一个迁移 / For developers: write the next migration from what differs."""
    from kernel.db.migrations import new_revision  # noqa: PLC0415

    _known(service)
    url = OwnerSettings.read().database_owner_url.get_secret_value()
    asyncio.run(new_revision(service, url, load(service).metadata, message))


def _known(service: str) -> None:
    if service not in SERVICES:
        _console.print(say(f"没有名为 {service} 的服务", f"There is no service called {service}"))
        raise typer.Exit(EXIT_USAGE)
