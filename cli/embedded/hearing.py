"""What feeds live hints in one process: the event logs of all services, read on as the doorbell rings."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from contracts.catalog import STREAMS
from contracts.envelope import Envelope
from kernel.bells import Bell
from kernel.bus.transport import Transport
from kernel.db.engine import UNREACHABLE
from kernel.delivery.feed import LocalFeed
from kernel.delivery.transaction import Database
from kernel.live.hub import Hub

NAME = "live"
PAGE = 500
POLL_S = 15.0
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def hearing(hub: Hub, transport: Transport, databases: Mapping[str, Database]) -> AsyncIterator[None]:
    """Inside the block the hub hears what the services publish from now on."""
    tasks = [
        asyncio.create_task(_follow(hub, transport, LocalFeed(databases[stream], stream), stream))
        for stream in STREAMS
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(hub: Hub, transport: Transport, feed: LocalFeed, stream: str) -> None:
    bell = Bell()

    async def ring(_: Sequence[Envelope]) -> None:
        bell.ring()

    await transport.subscribe(stream, NAME, ring)
    last: int | None = None
    while True:
        try:
            last = await _read_on(hub, feed, last)
        except (SQLAlchemyError, *UNREACHABLE) as error:
            _log.warning("live_interrupted", stream=stream, error=repr(error)[:200])
        await bell.wait(POLL_S)


async def _read_on(hub: Hub, feed: LocalFeed, last: int | None) -> int:
    if last is None:
        return (await feed.standing(0)).head.seq
    while page := await feed.after(last, PAGE):
        for envelope in page:
            hub.hear(envelope)
        last = page[-1].seq
    return last
