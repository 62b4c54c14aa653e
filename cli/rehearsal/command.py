"""`kaohe rehearse`: a month played through the HTTP interface, against a platform of its own or a running one."""

import asyncio
import json
import os
import secrets
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import typer
from rich.console import Console

from cli.rehearsal.showing import Show
from cli.texts import EXIT_FAILED, EXIT_USAGE, say
from kernel.clock import SystemClock

_console = Console(stderr=True, highlight=False)


def rehearse(
    folder: Path = typer.Argument(exists=True, file_okay=False, help="examples/city"),
    *,
    url: str | None = typer.Option(None, help="已在运行的平台地址 / address of a running, empty platform"),
    accounts: Path | None = typer.Option(
        None, help="其首批账号文件 / its file of first accounts (kaohe run --accounts)"
    ),
    processes: bool = typer.Option(
        False, "--processes", help="分进程,经独立 RabbitMQ / separate processes over a private RabbitMQ"
    ),
    submissions: int = typer.Option(300, min=1, max=100_000, help="提交数 / how many submissions"),
    players: int = typer.Option(60, min=1, max=3000, help="参加提交的民警数 / how many officers submit"),
    units: int = typer.Option(
        12, min=1, max=45, help="参加的二级单位数 / how many second-level units take part"
    ),
    seed: int = typer.Option(0, help="随机种子,0 为随机 / seed; 0: a random one, printed"),
    watch: Path | None = typer.Option(
        None,
        help="与 --processes 同用:写下 Prometheus 的抓取目标 / with --processes: write targets for Prometheus",
    ),
) -> None:
    """在平台上演练一个月并核对每个数字 / Play a month against a platform and check every figure.

    kaohe rehearse examples/city                 # a platform of its own in a temporary folder

    kaohe rehearse examples/city --processes     # the same as separate processes, the broker wiped in the middle

    kaohe rehearse examples/city --url http://127.0.0.1:8080 --accounts accounts.json
    """
    if (url is None) != (accounts is None):
        _console.print(say("--url 与 --accounts 须同时给出", "--url and --accounts go together"))
        raise typer.Exit(EXIT_USAGE)
    if watch is not None and not processes:
        _console.print(say("--watch 须与 --processes 同用", "--watch goes with --processes"))
        raise typer.Exit(EXIT_USAGE)
    seed = seed or secrets.randbelow(10**6) + 1
    good = asyncio.run(
        _rehearse(
            folder,
            url,
            accounts,
            processes=processes,
            submissions=submissions,
            players=players,
            units=units,
            seed=seed,
            watch=watch,
        )
    )
    if not good:
        _console.print(f"seed {seed}")
        raise typer.Exit(EXIT_FAILED)


async def _rehearse(
    folder: Path,
    url: str | None,
    accounts: Path | None,
    *,
    processes: bool,
    submissions: int,
    players: int,
    units: int,
    seed: int,
    watch: Path | None,
) -> bool:
    from cli.rehearsal.client import Door  # noqa: PLC0415 -- `--help` need not load it
    from cli.rehearsal.journal import Journal  # noqa: PLC0415
    from cli.rehearsal.play import Plan, play  # noqa: PLC0415
    from cli.rehearsal.stage import embedded_stage, process_stage, running_stage  # noqa: PLC0415

    show = Show()
    async with AsyncExitStack() as stack:
        own = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="kaohe-rehearsal-", ignore_cleanup_errors=True)
            )
        )
        if url and accounts:
            known = json.loads(await asyncio.to_thread(accounts.read_text, encoding="utf-8"))
            stage = await stack.enter_async_context(running_stage(url, known))
        elif processes:
            stage = await stack.enter_async_context(process_stage(own, show, watch))
        else:
            stage = await stack.enter_async_context(embedded_stage(own, show))
        journal = Journal(own / "journal.jsonl")
        stack.callback(journal.close)
        door = await stack.enter_async_context(Door(stage.url))
        today = SystemClock().now().astimezone().date()
        plan = Plan(folder, submissions, players, units, seed, today, stage.faults, stage.backstage)
        show.out.print(f"{stage.what}; seed {seed}; {os.cpu_count()} cores", highlight=False)
        return (await play(door, stage.accounts, plan, journal, show)).good
