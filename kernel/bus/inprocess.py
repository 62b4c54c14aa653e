"""The transport inside one process: a doorbell a subscription; the events themselves are pulled."""

from collections.abc import Sequence

from contracts.envelope import Envelope
from kernel.bus.transport import OnPush


class InProcessTransport:
    """Shared by all services of an embedded platform."""

    name = "inprocess"
    carries = False

    def __init__(self) -> None:
        self._subscribers: dict[str, dict[str, OnPush]] = {}

    async def publish(self, stream: str, envelopes: Sequence[Envelope]) -> int:
        for on_push in tuple(self._subscribers.get(stream, {}).values()):
            await on_push(())
        return len(envelopes)

    async def subscribe(self, stream: str, consumer: str, on_push: OnPush) -> None:
        self._subscribers.setdefault(stream, {})[consumer] = on_push
        await on_push(())

    async def ping(self) -> None:
        return None

    async def close(self) -> None:
        self._subscribers.clear()
