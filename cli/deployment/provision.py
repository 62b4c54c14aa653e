"""`kaohe provision`: databases, roles and schema of all services on one PostgreSQL, before they start."""

import asyncio

from rich.console import Console

from cli.texts import say
from contracts.catalog import SERVICES
from kernel.settings import ProvisionSettings

_console = Console(stderr=True, highlight=False)


def provision_all() -> None:
    """建立各服务的数据库和角色并升级到本版本;可重复执行 / Make databases and roles, migrate them; may run at every start.

    KAOHE_POSTGRES_HOST=postgres kaohe provision
    """
    asyncio.run(_provision(ProvisionSettings.read()))


async def _provision(settings: ProvisionSettings) -> None:
    from kernel.db.migrations import newest, upgrade  # noqa: PLC0415 -- `--help` need not load Alembic
    from kernel.local.provisioning import Credentials, owner_url, provision  # noqa: PLC0415

    address = f"{settings.postgres_host}:{settings.postgres_port}"
    password = settings.postgres_password.get_secret_value()
    given = {name: Credentials(**pair) for name, pair in settings.passwords().items()}
    await provision(
        f"postgresql://{settings.postgres_user}:{password}@{address}/postgres",
        {name: given[name] for name in SERVICES},
    )
    for step, name in enumerate(SERVICES, start=1):
        await upgrade(name, owner_url(name, given[name].owner, address=address))
        _console.print(
            f"{step}/{len(SERVICES)} {name}: {newest(name)} {say('已是最新', 'is current')}", markup=False
        )
