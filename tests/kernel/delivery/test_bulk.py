"""Events that are settled in bulk: the same effect however they are cut, and nothing published."""

from uuid import uuid4

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped

from kernel.delivery.handlers import Handlers
from kernel.delivery.replicas import Replica, keep_replicas, replicate
from kernel.delivery.transaction import Database
from tests.kernel.delivery.conftest import Thing
from tests.kernel.delivery.driving import applier, publish, recorder, run, scalars, stamp_all, thing


class _Base(DeclarativeBase):
    metadata = MetaData()


class ThingReplica(Replica, _Base):
    __tablename__ = "thing"
    event = Thing

    name: Mapped[str]
    owner: Mapped[str | None]


@pytest.fixture
async def keeper(consumer: Database) -> Database:
    await run(consumer, "CREATE TABLE thing (id uuid PRIMARY KEY, version bigint, name text, owner text)")
    return consumer


async def _heard(producer: Database, consumer: Database, *events: Thing) -> None:
    await publish(producer, *events)
    await stamp_all(producer)
    await recorder(consumer, producer).catch_up()


async def test_the_newest_version_is_kept_from_a_batch_of_many(producer: Database, keeper: Database):
    key = uuid4()
    events = [thing(n, key=key, name=f"name {n}") for n in (1, 2, 3)]
    await _heard(producer, keeper, *events, *(thing(name=f"t{n}") for n in range(600)))
    handlers = Handlers()
    replicate(handlers, ThingReplica)
    work = applier(keeper, handlers)
    while await work.apply_due():
        pass
    assert await scalars(keeper, "SELECT count(*) FROM thing") == [601]
    assert await scalars(keeper, "SELECT name FROM thing WHERE id = :key", key=key) == ["name 3"]


async def test_an_older_version_never_replaces_a_newer_one(keeper: Database):
    key = uuid4()
    async with keeper.transaction() as tx:
        assert await keep_replicas(tx, ThingReplica, [thing(2, key=key, name="new")]) == {key}
        assert await keep_replicas(tx, ThingReplica, [thing(1, key=key, name="old")]) == set()
    assert await scalars(keeper, "SELECT name FROM thing") == ["new"]


async def test_one_bad_event_of_a_batch_parks_alone(producer: Database, keeper: Database):
    await run(keeper, "ALTER TABLE thing ADD CHECK (name <> 'bad')")
    await _heard(producer, keeper, thing(name="good"), thing(name="bad"), thing(name="fine"))
    handlers = Handlers()
    replicate(handlers, ThingReplica)
    await applier(keeper, handlers).apply_due()
    assert await scalars(keeper, "SELECT name FROM thing ORDER BY name") == ["fine", "good"]
    assert await scalars(keeper, "SELECT count(*) FROM bus.inbox WHERE state = 'parked'") == [1]


async def test_what_the_sift_leaves_is_handled_one_by_one_in_order(producer: Database, consumer: Database):
    handlers = Handlers()
    sifted: list[int] = []

    async def loud_only(tx, events):
        sifted.append(len(events))
        return {event.id for event in events if event.name == "loud"}

    @handlers.on(Thing, sift=loud_only)
    async def write(tx, event, _):
        await tx.session.execute(
            text("INSERT INTO effect (what) VALUES (:w)"), {"w": f"{event.name} {event.version}"}
        )

    key = uuid4()
    quiet = [thing(name="quiet", owner="same") for _ in range(4)]
    await _heard(producer, consumer, *quiet, *(thing(n, key=key, name="loud", owner="same") for n in (1, 2)))
    await applier(consumer, handlers).apply_due()
    assert sifted == [6]
    assert await scalars(consumer, "SELECT what FROM effect ORDER BY n") == ["loud 1", "loud 2"]


async def test_a_bulk_handler_that_publishes_is_refused(consumer: Database):
    handlers = Handlers()

    @handlers.on_many(Thing)
    async def speak(tx, events):
        await tx.publish(lambda event: event, events[0])

    with pytest.raises(TypeError, match="nothing can be published"):
        async with consumer.transaction() as tx:
            await handlers.sift(tx, [thing()])


def test_a_type_has_one_handler():
    handlers = Handlers()
    replicate(handlers, ThingReplica)
    with pytest.raises(ValueError, match=r"things\.thing\.v1"):
        replicate(handlers, ThingReplica)
