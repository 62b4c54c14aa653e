"""How a consumer hears that there is something new. A transport speeds delivery up; correctness never rests on it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from contracts.envelope import Envelope

#: Called with what was pushed, or with nothing when the push is only a hint. Returning means: safe to acknowledge.
OnPush = Callable[[Sequence[Envelope]], Awaitable[None]]


class Transport(Protocol):
    name: str
    carries: bool
    """Whether envelopes travel through it; if not, publishing is only a hint to pull."""

    async def publish(self, stream: str, envelopes: Sequence[Envelope]) -> int:
        """Offer envelopes in order; the length of the prefix that is known to be safe. Never raises for a lost broker."""
        ...

    async def subscribe(self, stream: str, consumer: str, on_push: OnPush) -> None:
        """Call `on_push` for whatever arrives, and once after every (re)connection. Keeps itself alive until `close`."""
        ...

    async def ping(self) -> None:
        """Raises if the broker does not answer."""
        ...

    async def close(self) -> None: ...
