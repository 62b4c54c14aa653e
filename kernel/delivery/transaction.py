"""The one place where transactions begin and end."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from contracts.envelope import Event, Headers
from kernel.audit import chaining
from kernel.audit.acting import Actor, ActorKind, current_acting
from kernel.audit.record import Act, body_of
from kernel.clock import Clock, SystemClock
from kernel.db.locks import lock_in_transaction
from kernel.delivery.acts import complete
from kernel.delivery.idempotency import Busy, KeyReused, Once, Replayed
from kernel.delivery.outbox import Draft, write_outbox
from kernel.errors import OutcomeUnknown
from kernel.identity import Principal
from kernel.ids import follow_on, new_id
from kernel.observability import tracing

Row = TypeVar("Row")
Out = TypeVar("Out")

#: What accompanies every event published in this context: who acts, on behalf of which request.
current_headers: ContextVar[Headers] = ContextVar("current_headers", default=Headers())  # noqa: B039 -- never mutated

_LOCKED_OUT = {"40P01", "55P03", "40001"}

#: The doorbell between the processes of a service; it rings when the transaction commits.
OUTBOX_BELL = "kaohe_outbox"
_NOTIFY = text(f"NOTIFY {OUTBOX_BELL}")
_NOW = text("SELECT clock_timestamp()")
_CLAIM = text(
    "INSERT INTO web.idempotency (principal_id, key, request, request_hash) "
    "VALUES (:who, :key, :request, :hash) ON CONFLICT DO NOTHING RETURNING true"
)
_STORED = text(
    "SELECT request_hash, status, body FROM web.idempotency WHERE principal_id = :who AND key = :key"
)
_ANSWERED = text(
    "UPDATE web.idempotency SET status = :status, body = :body WHERE principal_id = :who AND key = :key"
)


@dataclass
class Cause:
    """The event that a handler is applying; makes the ids of what it publishes the same at every re-run."""

    event_id: UUID
    consumer: str
    published: int = 0

    def next_id(self) -> UUID:
        self.published += 1
        return follow_on(self.event_id, self.consumer, self.published)


@dataclass
class Transaction:
    """A read-write transaction: `session` for rows, `publish` for events, `act` for the audit log, `answer` for the response."""

    session: AsyncSession
    clock: Clock
    service: str
    once: Once | None = None
    cause: Cause | None = None
    _drafts: list[Draft] = field(default_factory=list)
    _acts: list[Act] = field(default_factory=list)

    async def now(self) -> datetime:
        """The database's clock, so that all processes agree on deadlines; a rehearsal's or test's own clock instead."""
        if not isinstance(self.clock, SystemClock):
            return self.clock.now()
        moment: datetime = (await self.session.execute(_NOW)).scalar_one()
        return moment

    async def publish(self, message: Callable[[Row], Event], row: Row) -> None:
        """Tell the other services the new state of `row`, if and when this transaction commits."""
        await self.publish_many(message, [row])

    async def publish_many(self, message: Callable[[Row], Event], rows: Sequence[Row]) -> None:
        """Flushes first, so that the events carry the versions that the rows have from now on."""
        await self.session.flush()
        self._drafts += [Draft(self._event_id(), message(row), self.headers()) for row in rows]

    async def publish_each(
        self, message: Callable[[Row], Event], caused: Sequence[tuple[Cause, Row]]
    ) -> None:
        """The same where each row has an event of its own as its cause."""
        await self.session.flush()
        for cause, row in caused:
            self.cause = cause
            self._drafts.append(Draft(self._event_id(), message(row), self.headers()))

    def act(
        self,
        action: str,
        kind: str,
        object_id: UUID | str,
        *,
        by: Principal | Actor | None = None,
        **facts: Any,
    ) -> UUID:
        """Tell the audit log what is done to a thing, if and when this transaction commits: once for each thing.

        `facts` are the further fields of `kernel.audit.record.Act`: before, after, reason, on_behalf_of, at, id.
        Without `by` it is whoever acts in this context, or the service itself. Gives the record's id.
        """
        if isinstance(by, Principal) and by.acts_for is not None:
            facts.setdefault("on_behalf_of", by.acts_for_account)
        self._acts.append(Act(action, kind, str(object_id), self._actor(by), **facts))
        return self._acts[-1].id

    async def answer(self, out: Out, *, status: int = 200) -> Out:
        """Remember the answer under the request's Idempotency-Key, in this very transaction, and give it back."""
        if self.once is not None and self.once.key is not None:
            await self.session.execute(
                _ANSWERED,
                {"status": status, "body": _json(out), "who": _who(self.once), "key": self.once.key},
            )
        return out

    async def lock(self, *key: str) -> None:
        """Hold a named lock to the end of the transaction."""
        await lock_in_transaction(self.session, *key)

    @property
    def drafted(self) -> int:
        """How many events wait for the commit."""
        return len(self._drafts)

    async def flush_events(self) -> int:
        """Acts and events into their tables. How many there were."""
        drafts, self._drafts = self._drafts, []
        told, self._acts = self._acts, []
        acting = current_acting.get()
        acts = complete(told, drafts, acting=acting, service=self.service, from_event=self.cause is not None)
        if acts:
            now, request = self.clock.now(), current_headers.get().correlation_id
            records = [(act.id, body_of(act, service=self.service, request=request, now=now)) for act in acts]
            await chaining.write(self.session, records)
        if drafts:
            await write_outbox(self.session, drafts)
        return len(drafts) + len(acts)

    def _actor(self, by: Principal | Actor | None) -> Actor:
        if isinstance(by, Principal):
            return Actor.of(by)
        acting = current_acting.get()
        if by is not None or (acting is None or self.cause is not None):
            return by or Actor(ActorKind.SERVICE, self.service)
        return acting.actor

    def _event_id(self) -> UUID:
        return self.cause.next_id() if self.cause else new_id()

    def headers(self) -> Headers:
        """What accompanies the events of this transaction."""
        changed: dict[str, str] = {}
        if self.cause:
            changed["causation_id"] = str(self.cause.event_id)
        if (traceparent := tracing.traceparent()) is not None:
            changed["traceparent"] = traceparent
        headers = current_headers.get()
        return headers.model_copy(update=changed) if changed else headers


class Database:
    """One service's database as its code sees it."""

    def __init__(self, engine: AsyncEngine, clock: Clock | None = None, *, service: str = "kaohe") -> None:
        self.engine, self.service = engine, service
        self.clock = clock or SystemClock()
        self._sessions = _sessions(engine)
        # As options of the connection they go along with BEGIN instead of after it.
        self._reading = _sessions(engine.execution_options(postgresql_readonly=True))
        self._snapshots = _sessions(
            engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
        )
        self._bells: list[Callable[[], None]] = []

    def on_events(self, ring: Callable[[], None]) -> None:
        """Call `ring` after every commit that left events or acts to be numbered."""
        self._bells.append(ring)

    @asynccontextmanager
    async def transaction(
        self, *, once: Once | None = None, cause: Cause | None = None
    ) -> AsyncIterator[Transaction]:
        """Begin; commit when the block ends well, roll back otherwise.

        Raises Replayed when `once` was answered before, KeyReused when its key belongs to another request,
        Busy after a deadlock, OutcomeUnknown when COMMIT was sent and its answer lost.
        """
        async with self._sessions() as session:
            tx = Transaction(session, self.clock, self.service, once, cause)
            try:
                if once is not None and once.key is not None:
                    await self._claim(session, once)
                yield tx
                await session.flush()
                events = await tx.flush_events()
                if events and not self._bells:  # whoever numbers them is another process
                    await session.execute(_NOTIFY)
            except DBAPIError as error:
                await session.rollback()
                if getattr(error.orig, "sqlstate", None) in _LOCKED_OUT:
                    raise Busy from error
                raise
            except BaseException:
                await session.rollback()
                raise
            await self._commit(session)
        if events:
            self.ring()

    async def _commit(self, session: AsyncSession) -> None:
        """Raises OutcomeUnknown only when the server's answer is lost; its refusal is known to have rolled back."""
        try:
            await session.commit()
        except DBAPIError as error:
            state = str(getattr(error.orig, "sqlstate", None) or "08")
            if state in _LOCKED_OUT:
                raise Busy from error
            if state[:2] == "23":  # a deferred constraint
                raise
            raise OutcomeUnknown from error
        except Exception as error:
            raise OutcomeUnknown from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that can only read."""
        async with self._reading() as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """A session that can only read, and sees one moment however long it reads."""
        async with self._snapshots() as session:
            yield session

    def ring(self) -> None:
        for ring in self._bells:
            ring()

    async def barrier(self) -> None:
        """A write that commits: proof that what was read before it is not lost by a fail-over (reliability.md §3.2)."""
        async with self._sessions() as session:
            await session.execute(text("UPDATE bus.barrier SET n = n + 1"))
            await session.commit()

    async def _claim(self, session: AsyncSession, once: Once) -> None:
        """Take the key, waiting for a twin that is still at work; a twin that finished gives its answer."""
        claimed = await session.execute(
            _CLAIM,
            {"who": _who(once), "key": once.key, "request": once.request, "hash": once.request_hash},
        )
        if claimed.first() is not None:
            return
        stored = (
            await session.execute(
                _STORED,
                {"who": _who(once), "key": once.key},
            )
        ).one()
        if stored.request_hash != once.request_hash:
            raise KeyReused
        await session.rollback()
        await self.barrier()
        raise Replayed(stored.status or 204, stored.body or "")


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=False)


def _who(once: Once) -> UUID:
    return once.principal_id or UUID(int=0)


def _json(out: Any) -> str:
    if isinstance(out, BaseModel):
        return out.model_dump_json(by_alias=True)
    return TypeAdapter(Any).dump_json(out).decode()
