"""The transport over RabbitMQ: a topic exchange a stream, a queue a consumer. Everything here may be lost at any time.

Only features common to RabbitMQ 3.10 to 4.x; no TTL, no dead-letter exchange, no delivery limit (reliability.md §2).
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue
from aiormq.abc import Basic  # type: ignore[attr-defined]

from contracts.catalog import STREAMS, SUBSCRIPTIONS
from contracts.envelope import Envelope
from kernel.bus.protocol import confirmed_prefix
from kernel.bus.transport import OnPush
from kernel.observability.calls import timed

PUBLISH_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 10
CLOSE_TIMEOUT_S = 5
HEARTBEAT_S = 10
PREFETCH = 200
LINGER_S = 0.02
PROBE_S = 5
LONGEST_BACKOFF_S = 10.0
QUEUE_ARGUMENTS: dict[str, Any] = {
    "x-queue-type": "classic",
    "x-single-active-consumer": True,
    "x-max-length-bytes": 2 * 1024**3,
    "x-overflow": "reject-publish",
}
_log = structlog.get_logger(__name__)


def exchange_name(stream: str) -> str:
    return f"bus.{stream}"


def queue_name(consumer: str, stream: str) -> str:
    return f"bus.{consumer}.{stream}"


@dataclass
class _Subscription:
    """What a subscriber wants, kept strongly: the client library holds its queues weakly."""

    stream: str
    consumer: str
    on_push: OnPush
    task: asyncio.Task[None] | None = None
    queue: AbstractQueue | None = field(default=None, repr=False)


class RabbitTransport:
    """One connection to publish, one to consume; both made anew whenever anything is doubtful."""

    name = "rabbitmq"
    carries = True

    def __init__(self, url: str) -> None:
        self._url = url
        self._publisher: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._exchanges: dict[str, aio_pika.abc.AbstractExchange] = {}
        self._opening: asyncio.Task[None] | None = None
        self._subscriptions: dict[tuple[str, str], _Subscription] = {}

    async def publish(self, stream: str, envelopes: Sequence[Envelope]) -> int:
        """The confirmed prefix. Any error means "unknown": the channel is thrown away, the relay offers again."""
        try:
            with timed(stream, "broker"):
                async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                    exchange = await self._exchange(stream)
                    outcomes = await asyncio.gather(
                        *(
                            exchange.publish(message_of(e), routing_key=e.type, mandatory=True)
                            for e in envelopes
                        ),
                        return_exceptions=True,
                    )
        except (OSError, TimeoutError, aio_pika.exceptions.AMQPError, RuntimeError) as error:
            _log.warning("publish_unknown", stream=stream, error=repr(error)[:200])
            await self._drop_publisher()
            return 0
        confirmed = confirmed_prefix([isinstance(outcome, Basic.Ack) for outcome in outcomes])
        if confirmed < len(envelopes):
            _log.warning("publish_unconfirmed", stream=stream, error=repr(outcomes[confirmed])[:200])
            await self._drop_publisher()
        return confirmed

    async def subscribe(self, stream: str, consumer: str, on_push: OnPush) -> None:
        key = (stream, consumer)
        old = self._subscriptions.pop(key, None)
        if old and old.task:
            old.task.cancel()
        subscription = _Subscription(stream, consumer, on_push)
        subscription.task = asyncio.create_task(
            self._keep_alive(subscription), name=f"rabbit-{consumer}-{stream}"
        )
        self._subscriptions[key] = subscription

    async def ping(self) -> None:
        await self._exchange(STREAMS[0])

    async def close(self) -> None:
        """Consumers first, then connections; bounded."""
        tasks = [s.task for s in self._subscriptions.values() if s.task]
        tasks += [self._opening] if self._opening else []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._subscriptions.clear()
        await self._drop_publisher()

    async def _exchange(self, stream: str) -> aio_pika.abc.AbstractExchange:
        if self._channel is None or self._channel.is_closed:
            await asyncio.shield(self._opened())
        return self._exchanges[stream]

    def _opened(self) -> asyncio.Task[None]:
        """One opening for all who ask, which goes on when they no longer wait: a broker that is slower than the patience of a
        health check would otherwise never be reached.
        """
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(self._open(), name="rabbit-open")
            self._opening.add_done_callback(lambda done: done.cancelled() or done.exception())
        return self._opening

    async def _open(self) -> None:
        await self._drop_publisher()
        connection = await self._connect()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                exchanges = await declare(channel)
        except BaseException:
            await _close(connection)
            raise
        self._publisher, self._channel, self._exchanges = connection, channel, exchanges

    async def _connect(self) -> AbstractConnection:
        # Not a robust connection: one that fails is replaced as a whole.
        return await aio_pika.connect(self._url, timeout=CONNECT_TIMEOUT_S, heartbeat=HEARTBEAT_S)

    async def _drop_publisher(self) -> None:
        connection, self._publisher, self._channel, self._exchanges = self._publisher, None, None, {}
        if connection is not None:
            await _close(connection)

    async def _keep_alive(self, subscription: _Subscription) -> None:
        """Consume; when that ends for whatever reason, begin again on a new connection."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._consume(subscription)
            except (OSError, TimeoutError, aio_pika.exceptions.AMQPError, RuntimeError) as error:
                _log.warning("consumer_lost", stream=subscription.stream, error=repr(error)[:200])
            failures = 0 if asyncio.get_running_loop().time() - began > LONGEST_BACKOFF_S else failures + 1
            await asyncio.sleep(random.uniform(0.1, min(0.2 * 2**failures, LONGEST_BACKOFF_S)))  # noqa: S311 -- jitter

    async def _consume(self, subscription: _Subscription) -> None:
        connection = await self._connect()
        try:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=PREFETCH)
            await declare(channel)
            queue = await channel.get_queue(queue_name(subscription.consumer, subscription.stream))
            subscription.queue = queue
            arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
            await queue.consume(arrived.put)
            # What was published while nobody was connected is in the producer's log.
            await subscription.on_push(())
            while True:
                batch = await _collect(arrived)
                if not batch:
                    # Silence may mean that the broker forgot us; asking for the queue finds out.
                    async with asyncio.timeout(PROBE_S):
                        await channel.declare_queue(queue.name, passive=True)
                        if not await _still_consumed(channel, queue):
                            raise ConnectionError("the queue has lost its consumer")
                    continue
                await subscription.on_push([read(message) for message in batch])
                await batch[-1].ack(multiple=True)
        finally:
            await _close(connection)


async def declare(channel: AbstractChannel) -> dict[str, aio_pika.abc.AbstractExchange]:
    """The whole topology, from the one table of subscriptions; by every process at every connection."""
    exchanges = {
        stream: await channel.declare_exchange(
            exchange_name(stream), aio_pika.ExchangeType.TOPIC, durable=True
        )
        for stream in STREAMS
    }
    for consumer, streams in SUBSCRIPTIONS.items():
        for stream in streams:
            queue = await channel.declare_queue(
                queue_name(consumer, stream), durable=True, arguments=QUEUE_ARGUMENTS
            )
            await queue.bind(exchanges[stream], routing_key="#")
    return exchanges


def message_of(envelope: Envelope) -> aio_pika.Message:
    return aio_pika.Message(
        envelope.model_dump_json().encode(),
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=str(envelope.event_id),
        type=envelope.type,
        headers={"epoch": envelope.epoch, "seq": envelope.seq, "hash": envelope.hash},
    )


def read(message: AbstractIncomingMessage) -> Envelope:
    return Envelope.model_validate_json(message.body)


async def _collect(arrived: asyncio.Queue[AbstractIncomingMessage]) -> list[AbstractIncomingMessage]:
    """What has arrived, after lingering a moment for more; empty after a while of silence."""
    try:
        async with asyncio.timeout(PROBE_S):
            batch = [await arrived.get()]
    except TimeoutError:
        return []
    await asyncio.sleep(LINGER_S)
    while not arrived.empty() and len(batch) < PREFETCH:
        batch.append(arrived.get_nowait())
    return batch


async def _still_consumed(channel: AbstractChannel, queue: AbstractQueue) -> bool:
    found = await channel.declare_queue(queue.name, passive=True)
    return bool(found.declaration_result.consumer_count)


async def _close(connection: Any) -> None:
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await connection.close()
    except (OSError, TimeoutError, aio_pika.exceptions.AMQPError, RuntimeError):
        _log.debug("close_failed")
