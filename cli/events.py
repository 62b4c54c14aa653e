"""`kaohe events`: what a person can do about events that could not be applied, or that their producer lost."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cli.manifests import load
from cli.texts import EXIT_FAILED
from kernel.delivery import ghosts as ghost_list
from kernel.delivery import offers, standing
from kernel.delivery import parked as desk
from kernel.delivery.transaction import Database
from kernel.errors import Problem

app = typer.Typer(help="需要人处置的事件 / events that wait for a person", no_args_is_help=True)
_console = Console(stderr=True, highlight=False)
_First = Annotated[str, typer.Option(help="第一签字人 / first name")]
_Second = Annotated[str, typer.Option(help="第二签字人 / second name")]
_Reason = Annotated[str, typer.Option(help="理由 / reason")]


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
    first: _First,
    second: _Second,
    reason: _Reason,
) -> None:
    """跳过一个搁置的事件,两人签字 / Leave a parked event without effect; two people sign."""
    _do(desk.skip(_database(service), event_id, first=first, second=second, reason=reason))


@app.command("ghosts")
def ghosts(service: str) -> None:
    """列出上游已丢失、本服务仍有的事件 / List events that were recorded here and lost at their producer"""

    async def show() -> None:
        async with _database(service).reading() as session:
            rows = await ghost_list.listed(session)
        table = Table("stream", "epoch/seq", "type", "key", "state", "error")
        for row in rows:
            place = f"{row['epoch']}/{row['seq']}"
            table.add_row(
                row["stream"], place, row["type"], row["order_key"], row["state"], row["last_error"]
            )
        Console().print(table)

    asyncio.run(show())


@app.command("offers")
def offered(service: str) -> None:
    """列出退回本服务、待处置的事件 / List events that consumers offer back to this service"""

    async def show() -> None:
        async with _database(service).reading() as session:
            rows = await offers.listed(session)
        table = Table("key", "events", "by", "first", "last", "proposed", "signed")
        for row in rows:
            table.add_row(
                row["order_key"],
                str(row["events"]),
                ", ".join(row["offered_by"]),
                f"{row['first_at']:%Y-%m-%d %H:%M}",
                f"{row['last_at']:%Y-%m-%d %H:%M}",
                row["proposed"],
                row["first_signature"],
            )
        Console().print(table)

    asyncio.run(show())


@app.command("accept")
def accept(service: str, order_key: str, first: _First, second: _Second, reason: _Reason) -> None:
    """恢复一项退回的事件,两人签字 / Take back what was lost, as it was; two people sign."""
    _do(_decide(service, order_key, "accepted", first, second, reason))


@app.command("refuse")
def refuse(service: str, order_key: str, first: _First, second: _Second, reason: _Reason) -> None:
    """拒绝一项退回的事件,其后果将被冲销,两人签字 / Refuse it: its effects are reversed; two people sign."""
    _do(_decide(service, order_key, "refused", first, second, reason))


@app.command("resume")
def resume(service: str, stream: str, first: _First, second: _Second, reason: _Reason) -> None:
    """继续接收因哈希不符而停止的事件流,两人签字 / Go on with a stream that stopped at a wrong hash; two people sign."""
    _do(desk.resume(_database(service), stream, first=first, second=second, reason=reason))


async def _decide(
    service: str, order_key: str, decision: offers.Decision, first: str, second: str, reason: str
) -> None:
    db, restores = _database(service), load(service).restores
    desk.require_two(first, second, reason)
    async with db.transaction() as tx:
        await offers.propose(
            tx, order_key=order_key, decision=decision, who=first.strip(), reason=reason.strip()
        )
        await offers.approve(
            tx, restores, stream=service, order_key=order_key, decision=decision, who=second.strip()
        )


def _do(act: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(act)
    except Problem as problem:
        _console.print(problem.text("zh"), problem.text("en"))
        raise typer.Exit(EXIT_FAILED) from problem
