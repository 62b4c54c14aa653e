"""The event log: gapless, chained, append-only, whatever the writers do."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from kernel.delivery.handlers import Handlers
from kernel.delivery.transaction import Database
from kernel.delivery.verification import verify_chain
from tests.kernel.delivery.conftest import STREAM, Thing
from tests.kernel.delivery.driving import applier, publish, recorder, run, scalars, stamp_all, thing, writing


async def test_numbers_have_no_holes_under_concurrent_writers_and_rollbacks(producer: Database):
    async def write(n: int) -> None:
        if n % 5 == 0:
            with pytest.raises(RuntimeError):
                async with producer.transaction() as tx:
                    await tx.publish_many(lambda event: event, [thing()])
                    await tx.flush_events()
                    raise RuntimeError
        else:
            await publish(producer, thing())

    await asyncio.gather(*(write(n) for n in range(60)), stamp_all(producer))
    await stamp_all(producer)
    assert await scalars(producer, "SELECT seq FROM bus.event_log ORDER BY seq") == list(range(1, 49))
    async with producer.reading() as session:
        assert (await verify_chain(session, STREAM)).first_wrong is None


async def test_two_stampers_at_once_number_each_event_once(producer: Database):
    await publish(producer, *(thing() for _ in range(1200)))
    await asyncio.gather(*(stamp_all(producer) for _ in range(3)))
    assert await scalars(producer, "SELECT count(*) FROM bus.event_log") == [1200]
    assert await scalars(producer, "SELECT max(seq) FROM bus.event_log") == [1200]


async def test_versions_of_one_thing_are_numbered_in_their_order(producer: Database):
    same = uuid4()
    for version in range(1, 6):
        await publish(producer, Thing(id=same, version=version))
    await stamp_all(producer)
    assert await scalars(producer, "SELECT aggregate_version FROM bus.event_log ORDER BY seq") == [
        1,
        2,
        3,
        4,
        5,
    ]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE bus.event_log SET body = '{}'", "DELETE FROM bus.event_log", "TRUNCATE bus.event_log"],
)
async def test_the_log_cannot_be_changed(producer: Database, statement: str):
    await publish(producer, thing())
    await stamp_all(producer)
    with pytest.raises(DBAPIError, match="append-only"):
        await run(producer, statement)


async def test_a_change_behind_the_back_of_the_trigger_is_found(producer: Database):
    await publish(producer, thing(name="one"), thing(name="two"), thing(name="three"))
    await stamp_all(producer)
    await run(producer, "ALTER TABLE bus.event_log DISABLE TRIGGER append_only")
    await run(producer, "UPDATE bus.event_log SET body = replace(body, 'two', 'six') WHERE seq = 2")
    async with producer.reading() as session:
        assert (await verify_chain(session, STREAM)).first_wrong == 2


async def test_another_database_system_opens_a_new_epoch(producer: Database):
    from kernel.delivery.stamper import open_stream

    await publish(producer, thing())
    await stamp_all(producer)
    await run(producer, "UPDATE bus.stream_state SET system_id = 'another'")
    await open_stream(producer, STREAM)
    await publish(producer, thing())
    await stamp_all(producer)
    assert await scalars(producer, "SELECT epoch FROM bus.event_log ORDER BY seq") == [1, 2, 2]
    assert await scalars(producer, "SELECT kind FROM bus.incident") == ["epoch_opened"]


async def test_the_first_event_of_an_epoch_says_where_the_one_before_ended(
    producer: Database, consumer: Database
):
    from kernel.delivery.stamper import open_stream

    await publish(producer, thing())
    await stamp_all(producer)
    [last] = await scalars(producer, "SELECT hash FROM bus.event_log")
    await run(producer, "UPDATE bus.stream_state SET timeline = timeline + 1")
    await open_stream(producer, STREAM)
    await stamp_all(producer)
    told = "SELECT body::jsonb->>:field FROM bus.event_log WHERE type = 'bus.epoch_opened.v1'"
    assert await scalars(producer, told, field="last_hash") == [last]
    assert await scalars(producer, told, field="epoch") == ["2"]
    await recorder(consumer, producer).catch_up()
    work = applier(consumer, writing(Handlers()))
    while await work.apply_due():
        pass
    assert await scalars(consumer, "SELECT count(*) FROM bus.inbox WHERE state <> 'applied'") == [0]
