"""A consumer: each event once, in order per key, whatever is doubled, late or broken."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from kernel.delivery import log, parked
from kernel.delivery.handlers import Handlers, MissingReference
from kernel.delivery.transaction import Database
from kernel.ids import follow_on
from tests.kernel.delivery.conftest import STREAM, Thing
from tests.kernel.delivery.driving import applier, publish, recorder, run, scalars, stamp_all, thing, writing


async def _told(producer: Database, *events: Thing) -> None:
    await publish(producer, *events)
    await stamp_all(producer)


async def _envelopes(producer: Database):
    async with producer.reading() as session:
        return await log.events_after(session, STREAM, 0, 1000)


async def test_what_was_published_is_applied(producer: Database, consumer: Database):
    await _told(producer, thing(name="a"), thing(name="b"))
    await recorder(consumer, producer).catch_up()
    assert await applier(consumer, writing(Handlers())).apply_due() == 2
    assert sorted(await scalars(consumer, "SELECT what FROM effect")) == ["a 1", "b 1"]


async def test_doubled_and_shuffled_pushes_have_one_effect(producer: Database, consumer: Database):
    await _told(producer, *(thing(name=f"t{n}") for n in range(6)))
    pushed = await _envelopes(producer)
    reader = recorder(consumer, producer)
    for batch in ([pushed[2]], pushed[:3], [pushed[0], pushed[5]], pushed[1:4]):
        await reader.on_push(batch)
    await reader.catch_up()
    await reader.on_push(pushed)
    work = applier(consumer, writing(Handlers()))
    while await work.apply_due():
        pass
    assert sorted(await scalars(consumer, "SELECT what FROM effect")) == [f"t{n} 1" for n in range(6)]


async def test_a_gap_is_noticed_and_pulled(producer: Database, consumer: Database):
    await _told(producer, thing(), thing(), thing())
    pushed = await _envelopes(producer)
    reader = recorder(consumer, producer)
    assert await reader.record([pushed[2]]) is False
    await reader.catch_up()
    assert await scalars(consumer, "SELECT seq FROM bus.inbox ORDER BY seq") == [1, 2, 3]


async def test_bytes_that_are_not_what_their_hash_says_stop_the_consumer(
    producer: Database, consumer: Database
):
    await _told(producer, thing(name="true"))
    [pushed] = await _envelopes(producer)
    reader = recorder(consumer, producer)
    forged = pushed.model_copy(update={"body": pushed.body.replace("true", "fake")})
    assert await reader.record([forged]) is False
    assert await scalars(consumer, "SELECT mode FROM bus.cursor") == ["halted"]
    assert await scalars(consumer, "SELECT kind FROM bus.incident") == ["hash_mismatch"]
    await reader.catch_up()
    assert await scalars(consumer, "SELECT count(*) FROM bus.inbox") == [0]


async def test_what_is_not_there_yet_is_tried_again_and_holds_its_key(producer: Database, consumer: Database):
    same = uuid4()
    await _told(
        producer, thing(1, key=same, name="first"), thing(2, key=same, name="second"), thing(name="other")
    )
    await recorder(consumer, producer).catch_up()
    handlers, there = Handlers(), []

    @handlers.on(Thing)
    async def needs(tx, event, _):
        if event.name == "first" and not there:
            raise MissingReference(what="friend")
        await tx.session.execute(text("INSERT INTO effect (what) VALUES (:w)"), {"w": event.name})

    work = applier(consumer, handlers)
    await work.apply_due()
    await work.apply_due()
    assert await scalars(consumer, "SELECT what FROM effect") == ["other"]
    there.append(True)
    await run(consumer, "UPDATE bus.inbox SET next_attempt_at = clock_timestamp() WHERE state = 'retry'")
    await work.apply_due()
    assert await scalars(consumer, "SELECT what FROM effect ORDER BY n") == ["other", "first", "second"]


async def test_a_reference_that_never_comes_is_parked_after_a_dozen_attempts(
    producer: Database, consumer: Database
):
    await _told(producer, thing())
    await recorder(consumer, producer).catch_up()
    handlers = Handlers()

    @handlers.on(Thing)
    async def needs(tx, event, _):
        raise MissingReference(what="friend")

    work = applier(consumer, handlers)
    for _ in range(12):
        await work.apply_due()
        await run(consumer, "UPDATE bus.inbox SET next_attempt_at = clock_timestamp() WHERE state = 'retry'")
    assert await scalars(consumer, "SELECT state || attempts FROM bus.inbox") == ["parked12"]


async def test_a_poisonous_event_is_parked_and_blocks_only_its_key(producer: Database, consumer: Database):
    bad = uuid4()
    await _told(producer, thing(1, key=bad, name="bad"), thing(2, key=bad, name="later"), thing(name="good"))
    await recorder(consumer, producer).catch_up()
    handlers = Handlers()

    @handlers.on(Thing)
    async def write(tx, event, _):
        if event.name == "bad":
            raise ValueError("cannot be")
        await tx.session.execute(text("INSERT INTO effect (what) VALUES (:w)"), {"w": event.name})

    work = applier(consumer, handlers)
    while await work.apply_due():
        pass
    assert await scalars(consumer, "SELECT what FROM effect") == ["good"]
    [event_id] = await scalars(consumer, "SELECT event_id FROM bus.inbox WHERE state = 'parked'")
    with pytest.raises(parked.TwoNamesNeeded):
        await parked.skip(consumer, event_id, first="甲", second="甲", reason="x")
    await parked.skip(consumer, event_id, first="甲", second="乙", reason="误发")
    await work.apply_due()
    assert await scalars(consumer, "SELECT what FROM effect ORDER BY n") == ["good", "later"]


async def test_an_effect_and_its_mark_commit_together(producer: Database, consumer: Database):
    """A crash before COMMIT leaves neither; the next run has the effect once, with the same follow-on ids."""
    await _told(producer, thing(name="once"))
    await recorder(consumer, producer).catch_up()
    handlers, crashes = Handlers(), [True]

    @handlers.on(Thing)
    async def write_and_tell(tx, event, delivered):
        await tx.session.execute(text("INSERT INTO effect (what) VALUES (:w)"), {"w": event.name})
        await tx.publish(lambda _: thing(name="follow-on"), None)
        if crashes:
            crashes.pop()
            raise ConnectionResetError

    work = applier(consumer, handlers)
    crashes.append(True)  # together, then alone
    await work.apply_due()
    assert await scalars(consumer, "SELECT count(*) FROM effect") == [0]
    await run(consumer, "UPDATE bus.inbox SET next_attempt_at = clock_timestamp() WHERE state = 'retry'")
    await work.apply_due()
    assert await scalars(consumer, "SELECT what FROM effect") == ["once"]
    [source] = await scalars(consumer, "SELECT event_id FROM bus.inbox")
    assert await scalars(consumer, "SELECT event_id FROM bus.outbox") == [follow_on(source, "reader", 1)]


async def test_order_per_key_is_kept_across_workers(producer: Database, consumer: Database):
    owners = [f"o{n}" for n in range(7)]
    things = [thing(name=f"{owners[n % 7]}#{n:03d}", owner=owners[n % 7]) for n in range(140)]
    await _told(producer, *things)
    await recorder(consumer, producer).catch_up()
    work = applier(consumer, writing(Handlers()), workers=4)
    while await work.apply_due():
        pass
    done = await scalars(consumer, "SELECT what FROM effect ORDER BY n")
    assert len(done) == 140
    for owner in owners:
        mine = [what for what in done if str(what).startswith(owner)]
        assert mine == sorted(mine)
