"""A trace goes on with the event: offered to the broker, handled by a consumer, and on with what the handler tells."""

import json
from collections.abc import Sequence

from sqlalchemy import text

from contracts.envelope import Envelope
from kernel.delivery.handlers import Handlers
from kernel.delivery.relay import relay_batch
from kernel.delivery.transaction import Database
from kernel.observability import tracing
from tests.kernel.delivery.conftest import STREAM, Thing
from tests.kernel.delivery.driving import applier, publish, recorder, scalars, stamp_all, thing
from tests.kernel.observability.collecting import collecting


class Carrier:
    """A broker that confirms everything."""

    name, carries = "carrier", True

    async def publish(self, stream: str, envelopes: Sequence[Envelope]) -> int:
        assert {envelope.stream for envelope in envelopes} == {stream}
        return len(envelopes)

    async def subscribe(self, *_: object) -> None: ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...


async def test_an_event_carries_its_trace_from_request_to_handler_and_further(
    producer: Database, consumer: Database
) -> None:
    handlers = Handlers()

    @handlers.on(Thing)
    async def tell_on(tx, event, _) -> None:
        await tx.session.execute(text("INSERT INTO effect (what) VALUES (:what)"), {"what": event.name})
        await tx.publish_many(lambda told: told, [thing(name=f"after {event.name}")])

    with collecting() as found:
        with tracing.span("POST", "server", root="01a223bf-716a-7506-80ff-5c2ea60e0d03"):
            await publish(producer, thing())
        await publish(producer, thing())  # of nobody's request
        await stamp_all(producer)
        assert await relay_batch(producer, STREAM, Carrier()) == (2, 2)
        await recorder(consumer, producer).catch_up()
        assert await applier(consumer, handlers).apply_due() == 2
    trace = "01a223bf716a750680ff5c2ea60e0d03"
    [request], [offered] = found.of_kind("server"), found.of_kind("producer")
    assert (offered.name, offered.trace_id, offered.parent_id) == ("publish things", trace, request.span_id)
    assert offered.facts["messaging.system"] == "carrier"
    handled = [span for span in found.of_kind("consumer") if span.trace_id == trace]
    assert {span.parent_id for span in handled} == {request.span_id}
    assert {span.facts["messaging.consumer.group.name"] for span in handled} == {"reader"}
    inside = [span for span in found.of_kind("client") if span.parent_id == handled[0].span_id]
    assert any("INTO effect" in span.facts["db.query.text"] for span in inside)
    told = [
        json.loads(h) if isinstance(h, str) else h
        for h in await scalars(consumer, "SELECT headers FROM bus.outbox")
    ]
    assert ["00", trace, handled[0].span_id] in [headers["traceparent"].split("-")[:3] for headers in told]


async def test_off_events_carry_what_they_carried(producer: Database) -> None:
    await publish(producer, thing())
    [headers] = await scalars(producer, "SELECT headers FROM bus.outbox")
    assert "traceparent" not in headers
