"""`kaohe rebuild`: a service that is made of copies is made anew from the event logs while it serves."""

import asyncio
import time
from typing import Any

import httpx2
import typer
from rich.console import Console

from cli.manifests import load
from cli.texts import EXIT_FAILED, EXIT_USAGE, say
from contracts.catalog import SERVICES, SUBSCRIPTIONS
from kernel.errors import Problem

_console = Console(stderr=True, highlight=False)


def rebuild(
    service: str = typer.Argument(help="reporting"),
    check: bool = typer.Option(False, "--check", help="只比较,不切换 / compare only"),
    even_if_different: bool = typer.Option(
        False,
        "--even-if-different",
        help="与现有数据不同也切换(升级新增字段后) / exchange though they differ",
    ),
) -> None:
    """由全部事件日志重建,旧表照常服务;比较后切换 / Rebuild from all event logs beside the running service, compare, exchange.

    Needs KAOHE_DATABASE_OWNER_URL and KAOHE_FEEDS beside the service's settings. Nothing that people decided is touched.
    """
    manifest = load(service) if service in SERVICES else None
    tables = (manifest.extras or {}).get("rebuilt") if manifest else None
    if not tables:
        _console.print(say(f"{service} 不能重建", f"{service} cannot be rebuilt from the logs of others"))
        raise typer.Exit(EXIT_USAGE)
    try:
        different = asyncio.run(_rebuild(service, tables, check=check, anyway=even_if_different))
    except Problem as problem:
        _console.print(problem.text("zh"), problem.text("en"))
        raise typer.Exit(EXIT_FAILED) from problem
    if different and not even_if_different:
        raise typer.Exit(EXIT_FAILED)


async def _rebuild(service: str, tables: Any, *, check: bool, anyway: bool) -> dict[str, tuple[int, int]]:
    from kernel.db.engine import make_engine  # noqa: PLC0415 -- `--help` need not load the platform
    from kernel.delivery import rebuilding  # noqa: PLC0415
    from kernel.delivery.feed import HttpFeed  # noqa: PLC0415
    from kernel.delivery.transaction import Database  # noqa: PLC0415
    from kernel.lifecycle import make_runtime  # noqa: PLC0415
    from kernel.settings import OwnerSettings  # noqa: PLC0415

    manifest = load(service)
    runtime = make_runtime(manifest, manifest.settings.read())
    owner = OwnerSettings.read().database_owner_url.get_secret_value()
    db = Database(make_engine(owner, name=f"kaohe-rebuild-{service}", pool_size=2))
    began = time.monotonic()
    async with httpx2.AsyncClient(timeout=60, trust_env=False) as client:
        feeds = {
            stream: HttpFeed(
                client, runtime.settings.feeds[stream], stream,
                lambda s=stream: runtime.services.sign(audience=s),  # type: ignore[misc]
            )
            for stream in SUBSCRIPTIONS[service]
        }  # fmt: skip
        async with db.transaction() as tx:
            await rebuilding.prepare(tx.session, manifest.metadata, tables)
        done = await rebuilding.replay(db, manifest.handlers, feeds)
    seconds = time.monotonic() - began
    print(f"{done.events} events, {seconds:.1f} s, {done.events / max(seconds, 0.001):.0f}/s")
    async with db.transaction() as tx:
        different = await rebuilding.compare(tx.session, tables)
    for table, (now, then) in different.items():
        print(
            say(
                f"不同:{table} 现有 {now} 行,重建 {then} 行",
                f"different: {table}, {now} rows now, {then} rebuilt",
            )
        )
    if not check and (anyway or not different):
        async with db.transaction() as tx:
            more = await rebuilding.exchange(tx, manifest.handlers, tables, done, SUBSCRIPTIONS[service])
        print(say(f"已切换,补上 {more} 个事件", f"exchanged; {more} events were brought up"))
    await db.engine.dispose()
    await runtime.db.engine.dispose()
    return different
