"""`kaohe events`: what a person can do about events that could not be applied."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cli.manifests import load
from cli.texts import EXIT_FAILED
from kernel.delivery import parked as desk
from kernel.delivery import standing
from kernel.delivery.transaction import Database
from kernel.errors import Problem

app = typer.Typer(help="搁置的事件 / events that wait for a person", no_args_is_help=True)
_console = Console(stderr=True, highlight=False)


def _database(service: str) -> Database:
    from kernel.lifecycle import make_runtime  # noqa: PLC0415 -- `--help` need not load the platform

    manifest = load(service)
    return make_runtime(manifest, manifest.settings.read()).db


@app.command("parked")
def parked(service: str) -> None:
    """列出搁置的事件 / List parked events."""

    async def show() -> None:
        async with _database(service).reading() as session:
            rows = await standing.parked(session)
        table = Table("stream", "seq", "event", "type", "attempts", "error")
        for row in rows:
            table.add_row(
                row["stream"],
                str(row["seq"]),
                str(row["event_id"]),
                row["type"],
                str(row["attempts"]),
                row["last_error"],
            )
        Console().print(table)

    asyncio.run(show())


@app.command("retry")
def retry(service: str, event_id: UUID) -> None:
    """重试一个搁置的事件 / Have a parked event tried again."""
    _do(desk.retry(_database(service), event_id))


@app.command("skip")
def skip(
    service: str,
    event_id: UUID,
    first: str = typer.Option(..., help="第一签字人 / first name"),
    second: str = typer.Option(..., help="第二签字人 / second name"),
    reason: str = typer.Option(..., help="理由 / reason"),
) -> None:
    """跳过一个搁置的事件,两人签字 / Leave a parked event without effect; two people sign."""
    _do(desk.skip(_database(service), event_id, first=first, second=second, reason=reason))


def _do(act: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(act)
    except Problem as problem:
        _console.print(problem.text("zh"), problem.text("en"))
        raise typer.Exit(EXIT_FAILED) from problem
