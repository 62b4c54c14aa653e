"""Which function answers which event."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
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


class Handlers:
    """A service's answers to events; several to one event run in the order of registration."""

    def __init__(self) -> None:
        self._by_type: dict[str, tuple[type[Event], list[Handler[Event]]]] = {}

    def on(self, event: type[E]) -> Callable[[Handler[E]], Handler[E]]:
        def register(handler: Handler[E]) -> Handler[E]:
            self._by_type.setdefault(event.type, (event, []))[1].append(handler)  # type: ignore[arg-type]
            return handler

        return register

    def of(self, event_type: str) -> tuple[type[Event], list[Handler[Event]]] | None:
        return self._by_type.get(event_type)

    @property
    def types(self) -> frozenset[str]:
        return frozenset(self._by_type)
