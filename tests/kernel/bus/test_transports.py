"""One suite for every transport: what the relay and the recorder rely on."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from contracts.envelope import Envelope, Headers
from kernel.bus import rabbit
from kernel.bus.inprocess import InProcessTransport
from kernel.bus.listening import listen
from kernel.bus.protocol import GENESIS, Head, Unstamped, stamp
from kernel.bus.rabbit import RabbitTransport, message_of
from kernel.bus.transport import Transport
from kernel.ids import new_id
from kernel.local.broker import PrivateBroker

STREAM = "org"
CONSUMER = "targets"
BOUND_S = 40


def envelopes(count: int) -> list[Envelope]:
    rows = [Unstamped(new_id(), f'{{"n":{n}}}') for n in range(count)]
    stamps, _ = stamp(Head(1, 0, GENESIS), 1, rows)
    return [
        Envelope(
            stream=STREAM, epoch=1, seq=s.seq, event_id=row.event_id, type="org.unit.v1", aggregate_id="a",
            aggregate_version=1, order_key="k", body=row.body, headers=Headers(), created_at="2026-11-01T00:00:00Z",
            content_hash=s.content_hash, prev_hash=s.prev_hash, hash=s.hash,
        )
        for row, s in zip(rows, stamps, strict=True)
    ]  # fmt: skip


class Ear:
    """A subscriber that remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[Envelope] = []
        self.hints = 0

    async def on_push(self, pushed: Sequence[Envelope]) -> None:
        self.heard += pushed
        self.hints += not pushed

    async def until(self, condition) -> None:
        end = time.monotonic() + BOUND_S
        while not condition():
            assert time.monotonic() < end, (len(self.heard), self.hints)
            await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBroker]:
    broker = PrivateBroker(Path(tmp_path_factory.mktemp("broker")))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(params=["inprocess", pytest.param("rabbitmq", marks=pytest.mark.broker)])
async def transport(request: pytest.FixtureRequest) -> AsyncIterator[Transport]:
    if request.param == "inprocess":
        made: Transport = InProcessTransport()
    else:
        made = RabbitTransport(request.getfixturevalue("broker").url)
    yield made
    await made.close()


async def test_a_subscriber_is_told_to_pull_when_it_connects(transport: Transport):
    ear = Ear()
    await transport.subscribe(STREAM, CONSUMER, ear.on_push)
    await ear.until(lambda: ear.hints >= 1)


async def test_everything_offered_is_confirmed_and_noticed(transport: Transport):
    ear = Ear()
    await transport.subscribe(STREAM, CONSUMER, ear.on_push)
    await ear.until(lambda: ear.hints >= 1)
    before, offered = ear.hints, envelopes(300)
    assert await transport.publish(STREAM, offered) == 300
    if transport.carries:
        await ear.until(lambda: {e.event_id for e in offered} <= {e.event_id for e in ear.heard})
    else:
        await ear.until(lambda: ear.hints > before)


async def test_it_answers_a_ping(transport: Transport):
    await transport.ping()


@pytest.mark.broker
async def test_a_wiped_broker_is_found_again_by_both_sides(tmp_path: Path):
    broker = PrivateBroker(tmp_path / "wiped")
    broker.start()
    transport, ear = RabbitTransport(broker.url), Ear()
    try:
        await transport.subscribe(STREAM, CONSUMER, ear.on_push)
        await ear.until(lambda: ear.hints >= 1)
        first = envelopes(5)
        assert await transport.publish(STREAM, first) == 5
        broker.kill()
        broker.wipe()
        assert await transport.publish(STREAM, envelopes(1)) == 0
        hints = ear.hints
        broker.start()
        await ear.until(lambda: ear.hints > hints)
        again = envelopes(3)
        end = time.monotonic() + BOUND_S
        while await transport.publish(STREAM, again) != 3:
            assert time.monotonic() < end
            await asyncio.sleep(0.2)
        await ear.until(lambda: {e.event_id for e in again} <= {e.event_id for e in ear.heard})
    finally:
        await transport.close()
        broker.stop()


@pytest.mark.broker
async def test_whoever_only_listens_hears_what_is_published_from_now_on(
    broker: PrivateBroker,
):
    heard: list[Envelope] = []
    connected = asyncio.Event()
    listening = asyncio.create_task(listen(broker.url, heard.append, connected.set))
    transport = RabbitTransport(broker.url)
    try:
        async with asyncio.timeout(BOUND_S):
            await connected.wait()
            offered = envelopes(5)
            assert await transport.publish(STREAM, offered) == 5
            while [e.event_id for e in heard] != [e.event_id for e in offered]:  # noqa: ASYNC110 -- bounded
                await asyncio.sleep(0.02)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await transport.close()


def test_messages_survive_a_restart_of_the_broker():
    assert message_of(envelopes(1)[0]).delivery_mode == 2


@pytest.mark.broker
async def test_a_broker_slower_than_those_who_ask_is_reached_nevertheless(
    broker: PrivateBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A health check gives up long before a busy broker has declared everything; what it began must not be undone by it."""
    quick = rabbit.declare

    async def slow(channel):
        await asyncio.sleep(0.5)
        return await quick(channel)

    monkeypatch.setattr(rabbit, "declare", slow)
    transport = RabbitTransport(broker.url)

    async def answers() -> bool:
        try:
            async with asyncio.timeout(0.05):
                await transport.ping()
        except TimeoutError:
            return False
        return True

    try:
        end = time.monotonic() + 10
        while not await answers():
            assert time.monotonic() < end
    finally:
        await transport.close()
