"""`kaohe prove`: the nightly verifications of every service, now, on whatever database is named; for restored backups."""

import asyncio
import os
from pathlib import Path

import typer
from pydantic import SecretStr
from rich.console import Console

from cli.texts import say
from contracts.catalog import SERVICES
from kernel.service import Service
from kernel.settings import SECRETS_DIR, ProvisionSettings, ServiceSettings

_console = Console(stderr=True, highlight=False)


def prove() -> None:
    """核验各服务的事件链、台账与封存 / Verify event logs, ledger and seals of all services; exit code 1 if any fails.

    KAOHE_POSTGRES_HOST=postgres kaohe prove
    """
    raise typer.Exit(1 if asyncio.run(_prove()) else 0)


async def _prove() -> int:
    """How many checks found something wrong."""
    from cli.manifests import load  # noqa: PLC0415 -- `--help` need not load the platform
    from kernel import nightly  # noqa: PLC0415
    from kernel.lifecycle import make_runtime  # noqa: PLC0415
    from kernel.local.provisioning import app_url  # noqa: PLC0415

    given = ProvisionSettings.read()
    address = f"{given.postgres_host}:{given.postgres_port}"
    wrong = 0
    for name in SERVICES:
        service = load(name)
        url = app_url(name, given.passwords()[name]["app"], address=address)
        runtime = make_runtime(service, settings_of(service, url))
        try:
            for job in (
                *nightly.jobs(name),
                *(job for job in service.jobs if job.name.startswith("verify-")),
            ):
                await job.run(runtime)
        finally:
            await runtime.db.engine.dispose()
    for check, failures in sorted(nightly.outcomes().items()):
        verdict = say("通过", "holds") if failures == 0 else say("不通过", "FAILS")
        _console.print(f"{check}: {verdict}", markup=False)
        wrong += failures > 0
    return wrong


def settings_of(service: Service, url: str) -> ServiceSettings:
    """As the service has them, from an installation's folder, where all services' keys lie side by side."""
    os.environ.setdefault("KAOHE_S3_ENDPOINT", "unused")  # what is verified lies in the databases
    folder = Path(os.environ.get("KAOHE_SECRETS_DIR", SECRETS_DIR))
    key = (folder / f"{service.name}_service_key").read_text("utf-8")
    return service.settings(_secrets_dir=folder, database_url=SecretStr(url), service_key=SecretStr(key))
