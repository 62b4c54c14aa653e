"""Keeps a service's delivery going: stamper and relay for what it says, recorders and applier for what it hears.

The stamper's leader chains the audit log as well.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.audit.chaining import chain_batch
from kernel.bells import Bell
from kernel.bus.transport import Transport
from kernel.db.leader import hear, leadership, still_leading
from kernel.delivery.applier import Applier
from kernel.delivery.feed import Feed
from kernel.delivery.handlers import Handlers
from kernel.delivery.metrics import WORKER_FAILURES
from kernel.delivery.recorder import Recorder
from kernel.delivery.relay import relay_batch
from kernel.delivery.replicas import Replica
from kernel.delivery.stamper import open_stream, stamp_batch
from kernel.delivery.transaction import OUTBOX_BELL, Database

STAMP_POLL_S = 0.5
APPLY_POLL_S = 1.0
PULL_POLL_S = 15.0
PULL_POLL_ALONE_S = 1.0
LEADER_CHECK_S = 10.0
LONGEST_BACKOFF_S = 30.0
_log = structlog.get_logger(__name__)


class DeliveryWorkers:
    """Start once a process; several processes of one service elect a leader for each task."""

    def __init__(
        self,
        db: Database,
        service: str,
        *,
        publishes: bool,
        transport: Transport,
        feeds: Mapping[str, Feed],
        handlers: Handlers,
        replicas: Sequence[type[Replica]],
        pull_every_s: float = PULL_POLL_S,
    ) -> None:
        self._pull_every_s = pull_every_s
        self._db, self._service, self._publishes, self._transport = db, service, publishes, transport
        self._outbox, self._inbox = Bell(), Bell()
        self._applier = Applier(db, service, handlers, replicas=replicas)
        self._recorders = [Recorder(db, service, stream, feed, self._inbox) for stream, feed in feeds.items()]
        self._tasks: list[asyncio.Task[None]] = []
        #: Something may not have been offered to the transport yet; and when to look again although nothing is known of.
        self._owing, self._look_again = True, 0.0
        db.on_events(self._outbox.ring)

    async def start(self) -> None:
        self._spawn("stamper", self._stamping)
        for recorder in self._recorders:
            self._spawn(f"recorder-{recorder.stream}", partial(self._recording, recorder))
        if self._recorders:
            self._spawn("applier", self._applying)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def _spawn(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(self._forever(name, work), name=f"{self._service}-{name}"))

    async def _forever(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Whatever ends a worker is counted, and it begins again, later and later, with jitter."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await work()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 -- counted, logged, and tried again for ever
                if asyncio.get_running_loop().time() - began > LONGEST_BACKOFF_S:
                    failures = 0
                failures += 1
                WORKER_FAILURES.labels(self._service, name.split("-", maxsplit=1)[0]).inc()
                _log.warning("worker_failed", service=self._service, worker=name, error=repr(error)[:500])
            await asyncio.sleep(random.uniform(0.05, min(0.1 * 2**failures, LONGEST_BACKOFF_S)))  # noqa: S311 -- jitter

    async def _stamping(self) -> None:
        """Number events and acts, and relay, as the leader. It is one task: what is stamped is offered at once."""
        async with leadership(self._db.engine, f"{self._service}-stamper") as connection:
            self._owing = True
            await hear(connection, OUTBOX_BELL, self._outbox.ring)
            if self._publishes:
                await open_stream(self._db, self._service)
            await self._while_leading(connection, self._outbox, STAMP_POLL_S, self._stamp_and_relay)

    async def _stamp_and_relay(self) -> bool:
        more = False
        if self._publishes:
            stamped = await stamp_batch(self._db, self._service)
            now = asyncio.get_running_loop().time()
            if stamped or self._owing or now > self._look_again:
                offered, confirmed = await relay_batch(self._db, self._service, self._transport)
                self._owing, self._look_again = bool(offered), now + LEADER_CHECK_S
                more = bool(stamped or (offered and confirmed))
        return bool(await chain_batch(self._db.engine, self._service)) or more

    async def _recording(self, recorder: Recorder) -> None:
        await self._transport.subscribe(recorder.stream, recorder.consumer, recorder.on_push)
        while True:
            await recorder.catch_up()
            await recorder.wanted.wait(self._pull_every_s)

    async def _applying(self) -> None:
        async with leadership(self._db.engine, f"{self._service}-applier") as connection:

            async def apply() -> bool:
                return bool(await self._applier.apply_due())

            await self._while_leading(connection, self._inbox, APPLY_POLL_S, apply)

    async def _while_leading(
        self, connection: AsyncConnection, bell: Bell, poll: float, work: Callable[[], Awaitable[bool]]
    ) -> None:
        """Work while there is work; then wait for the bell, and make sure now and then that we still lead."""
        loop = asyncio.get_running_loop()
        checked = loop.time()
        while True:
            while await work():
                pass
            if loop.time() - checked > LEADER_CHECK_S:
                await still_leading(connection)
                checked = loop.time()
            await bell.wait(poll)
