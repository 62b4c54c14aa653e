"""Which function answers which event."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from contracts.envelope import Event, Headers
from kernel.errors import NotFound

if TYPE_CHECKING:
    from kernel.delivery.transaction import Transaction

E = TypeVar("E", bound=Event)


class MissingReference(NotFound):
    """Something that the event refers to has not arrived yet: tried again later, parked after a dozen times."""

    code = "missing-reference"
    zh = "尚未收到所引用的 {what}"
    en = "The {what} referred to has not arrived yet"


@dataclass(frozen=True, slots=True)
class Delivered:
    """How an event came: its place in the producer's log, and what accompanied it."""

    event_id: UUID
    stream: str
    epoch: int
    seq: int
    created_at: datetime
    headers: Headers


Handler = Callable[["Transaction", E, Delivered], Awaitable[None]]
BulkHandler = Callable[["Transaction", Sequence[E]], Awaitable[None]]
#: Undoes the effect of a lost version: what was lost, what is true instead (None: the thing never was), how it is named.
#: The copy of the thing says what is true already.
Undo = Callable[["Transaction", E, E | None, Delivered], Awaitable[None]]
#: Settles many events at once, each as if it came alone, and gives back the ids of the things that must come alone. What it
#: publishes has its own event's cause each: `tx.publish_each`.
Together = Callable[["Transaction", Sequence[tuple[E, Delivered]]], Awaitable[Collection[UUID]]]
#: Settles in bulk those events that change nothing but a copy, and gives back the ids of the things whose events do more.
Sift = Callable[["Transaction", Sequence[E]], Awaitable[Collection[UUID]]]


class Handlers:
    """A service's answers to events: to each by itself (`on`), or to many at once (`on_many`), one answer a type."""

    def __init__(self) -> None:
        self._events: dict[str, type[Event]] = {}
        self._alone: dict[str, Handler[Any]] = {}
        self._sifts: dict[str, Sift[Any]] = {}
        self._together: dict[str, Together[Any]] = {}
        self._undos: dict[str, Undo[Any]] = {}

    def on(
        self, event: type[E], *, sift: Sift[E] | None = None, together: Together[E] | None = None
    ) -> Callable[[Handler[E]], Handler[E]]:
        """`sift` or `together`, if given, goes through a batch first and leaves the rest of it to the handler."""

        def register(handler: Handler[E]) -> Handler[E]:
            self._claim(event)
            self._alone[event.type] = handler
            if sift is not None:
                self._sifts[event.type] = sift
            if together is not None:
                self._together[event.type] = together
            return handler

        return register

    def on_many(self, event: type[E]) -> Callable[[BulkHandler[E]], BulkHandler[E]]:
        """For handlers whose effect does not depend on how the events of the type are cut into batches.

        The applier hands over the events of the type that stand together, in order; a batch that fails is tried again
        one by one. Such a handler publishes nothing: what it published would have no one cause.
        """

        def register(handler: BulkHandler[E]) -> BulkHandler[E]:
            async def settle_all(tx: "Transaction", events: Sequence[E]) -> Collection[UUID]:
                await handler(tx, events)
                return ()

            self._claim(event)
            self._sifts[event.type] = settle_all
            return handler

        return register

    def on_lost(self, event: type[E]) -> Callable[[Undo[E]], Undo[E]]:
        """For handlers that do more than keep a copy: what becomes of it when the producer lost the event for good."""

        def register(undo: Undo[E]) -> Undo[E]:
            if event.type in self._undos:
                raise ValueError(f"two answers to the loss of {event.type}")
            self._undos[event.type] = undo
            return undo

        return register

    async def undo(self, tx: "Transaction", lost: Event, instead: Event | None, named: Delivered) -> None:
        if lost.type in self._undos:
            await self._undos[lost.type](tx, lost, instead, named)

    @property
    def one_sided(self) -> frozenset[str]:
        """Types that are handled one by one and whose loss nobody answers; must be empty."""
        return frozenset(self._alone.keys() - self._undos.keys())

    def event_of(self, event_type: str) -> type[Event] | None:
        """The contract of a type that is handled here; None for one that nobody asked for."""
        return self._events.get(event_type)

    def in_bulk(self, event_type: str) -> bool:
        return event_type in self._sifts

    def many_at_once(self, event_type: str) -> bool:
        return event_type in self._sifts or event_type in self._together

    async def handle(self, tx: "Transaction", event: Event, delivered: Delivered) -> None:
        if event.type in self._alone:
            await self._alone[event.type](tx, event, delivered)
        else:
            await self.sift(tx, [event])

    async def settle(self, tx: "Transaction", run: Sequence[tuple[Event, Delivered]]) -> Collection[UUID]:
        """Settle what can be settled at once, of events of one type; the ids of those things that `handle` must answer."""
        kind = run[0][0].type
        if kind in self._together:
            return await self._together[kind](tx, run)
        events = [event for event, _ in run]
        return await self.sift(tx, events) if kind in self._sifts else {event.id for event in events}

    async def sift(self, tx: "Transaction", events: Sequence[Event]) -> Collection[UUID]:
        """Settle in bulk what can be, of events of one type; the ids of those things that `handle` must answer."""
        drafted = tx.drafted
        left = await self._sifts[events[0].type](tx, events)
        if tx.drafted != drafted:
            raise TypeError(f"events of {events[0].type} are settled in bulk: nothing can be published")
        return left

    @property
    def types(self) -> frozenset[str]:
        return frozenset(self._events)

    def _claim(self, event: type[Event]) -> None:
        if event.type in self._events:
            raise ValueError(f"two handlers of {event.type}")
        self._events[event.type] = event
