"""`kaohe run`: a whole platform in one process, for trial, development and rehearsals."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from cli.loading import for_good
from cli.manifests import load_all
from cli.texts import EXIT_PRECONDITION, say

DEFAULT_FOLDER = Path(".kaohe")
_console = Console(stderr=True, highlight=False)


def run(
    data: Path = typer.Option(DEFAULT_FOLDER, envvar="KAOHE_DATA", help="数据目录 / data folder"),
    port: int = typer.Option(8080, min=1, max=65535, help="端口 / port on 127.0.0.1"),
    demo: bool = typer.Option(
        True, help="首次启动建立演示单位 / make a demonstration bureau at the first start"
    ),
    accounts: Path | None = typer.Option(
        None, help="首批账号写入此文件(0600) / write the first accounts to this file instead"
    ),
) -> None:
    """在本机启动整个平台,Ctrl-C 停止 / Start a whole platform on this machine; Ctrl-C stops it.

    kaohe run                          # data in ./.kaohe, http://127.0.0.1:8080

    kaohe run --port 9000 --no-demo    # an empty bureau, with three administrators only
    """
    from cli.embedded.folder import FolderInUse  # noqa: PLC0415 -- `--help` need not load the platform
    from cli.embedded.platform import AddressTaken  # noqa: PLC0415

    try:
        uvloop.run(_run(data, port, demo=demo, accounts=accounts))
    except FolderInUse as error:
        _fail(say(f"数据目录 {error} 已有平台在运行", f"A platform is already running on {error}"))
    except AddressTaken as error:
        _fail(say(f"地址 {error} 已被占用,可用 --port 另选", f"{error} is taken; choose another with --port"))


def _fail(message: str) -> None:
    _console.print(f"[red]{message}[/red]")
    raise typer.Exit(EXIT_PRECONDITION)


async def _run(data: Path, port: int, *, demo: bool, accounts: Path | None) -> None:
    with for_good():
        from cli.embedded.folder import DataFolder  # noqa: PLC0415
        from cli.embedded.servers import Servers  # noqa: PLC0415
        from kernel.observability.logging import configure  # noqa: PLC0415

    with DataFolder(data) as folder:
        configure("WARNING", folder.path / "logs" / "kaohe.log")
        with Servers(folder) as servers:
            with for_good():  # while the servers come up
                from cli.embedded.platform import platform, serve  # noqa: PLC0415
                from cli.first_start import first_start  # noqa: PLC0415

                services = load_all()
            async with platform(servers, services) as running:
                made = await first_start(running.runtimes, services)
                ready = asyncio.Event()
                url = f"http://127.0.0.1:{port}"
                serving = asyncio.create_task(
                    serve(
                        running.front,
                        host="127.0.0.1",
                        port=port,
                        on_ready=ready,
                        on_stop=running.hub.end_all,
                    )
                )
                if await _first_done(serving, asyncio.create_task(ready.wait())):
                    seeding = asyncio.create_task(_seed(url, made, demo=demo))
                    if await _first_done(serving, seeding):
                        _greet(port, seeding.result(), accounts)
                await serving
    _console.print(say("已停止", "stopped"))


async def _first_done(serving: asyncio.Task[None], other: asyncio.Task[Any]) -> bool:
    """Whether `other` ended while the platform was still serving; if not, it is given up."""
    await asyncio.wait({serving, other}, return_when=asyncio.FIRST_COMPLETED)
    if not other.done():
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
        return False
    return True


async def _seed(url: str, made: dict[str, dict[str, str]], *, demo: bool) -> dict[str, dict[str, str]]:
    """The accounts to show: of the administrators, and of the demonstration bureau at its first start."""
    if not made or not demo:
        return made
    from cli.demo import seed  # noqa: PLC0415 -- first start only

    return made | await seed(url, made)


def _greet(port: int, made: dict[str, dict[str, str]], file: Path | None) -> None:
    if made and file:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(made, out, ensure_ascii=False)
    elif made:
        table = Table(
            title=say("账号(口令只显示这一次)", "Accounts (passwords are shown this once)"),
            title_justify="left",
        )
        for name in (say("角色", "role"), say("用户名", "user name"), say("口令", "password")):
            table.add_column(name)
        for role, account in made.items():
            table.add_row(role, account["username"], account["password"])
        Console().print(table)
    print(f"ready: http://127.0.0.1:{port}", flush=True)
    _console.print(say("接口文档 /docs;Ctrl-C 停止", "API documents at /docs; Ctrl-C stops"))
