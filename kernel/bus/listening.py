"""Hearing everything that is published from now on, for whoever keeps nothing: a queue that dies with its connection."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import aio_pika
import structlog

from contracts.catalog import STREAMS
from contracts.envelope import Envelope
from kernel.bus.rabbit import CONNECT_TIMEOUT_S, HEARTBEAT_S, LONGEST_BACKOFF_S, declare, exchange_name, read

#: Beyond this the oldest are dropped: whoever is that far behind had better ask again.
MOST_WAITING = 10_000
_log = structlog.get_logger(__name__)


async def listen(url: str, on_event: Callable[[Envelope], None], on_gap: Callable[[], None]) -> None:
    """For ever. `on_gap` at every (re)connection: what was published before is not known."""
    failures = 0
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await _hear(url, on_event, on_gap)
        except (OSError, TimeoutError, aio_pika.exceptions.AMQPError, RuntimeError) as error:
            _log.warning("listening_interrupted", error=repr(error)[:200])
        failures = 0 if asyncio.get_running_loop().time() - began > LONGEST_BACKOFF_S else failures + 1
        await asyncio.sleep(random.uniform(0.1, min(0.2 * 2**failures, LONGEST_BACKOFF_S)))  # noqa: S311 -- jitter


async def _hear(url: str, on_event: Callable[[Envelope], None], on_gap: Callable[[], None]) -> None:
    # Not a robust connection: one that fails is replaced as a whole.
    async with await aio_pika.connect(url, timeout=CONNECT_TIMEOUT_S, heartbeat=HEARTBEAT_S) as connection:
        channel = await connection.channel()
        await declare(channel)
        limits: dict[str, Any] = {"x-max-length": MOST_WAITING, "x-overflow": "drop-head"}
        queue = await channel.declare_queue(exclusive=True, auto_delete=True, arguments=limits)
        for stream in STREAMS:
            await queue.bind(exchange_name(stream), routing_key="#")
        on_gap()
        async with queue.iterator(no_ack=True) as arriving:
            async for message in arriving:
                on_event(read(message))
