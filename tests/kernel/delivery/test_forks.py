"""A producer that lost a tail: what consumers still have comes back, is taken back, or is undone; nothing is guessed."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from contracts.catalog import EVENTS
from kernel.bus.protocol import chain_hash, content_hash
from kernel.delivery import log, offers, parked
from kernel.delivery.handlers import Handlers
from kernel.delivery.offers import (
    NotProposed,
    OfferDisagrees,
    OfferMissing,
    OfferOvertaken,
    SecondPersonNeeded,
)
from kernel.delivery.transaction import Database
from tests.kernel.delivery.conftest import STREAM, Thing
from tests.kernel.delivery.driving import applier, publish, recorder, run, scalars, stamp_all, thing


async def _told(producer: Database, *events: Thing) -> None:
    await publish(producer, *events)
    await stamp_all(producer)


async def _lose_after(producer: Database, seq: int, *, new_epoch: bool = True) -> list[tuple[UUID, str]]:
    """The database as a backup would bring it back; gives (event id, body) of what is gone."""
    async with producer.engine.begin() as connection:
        gone = await connection.execute(
            text("SELECT event_id, body FROM bus.event_log WHERE seq > :n ORDER BY seq"), {"n": seq}
        )
        lost = [(row.event_id, row.body) for row in gone]
        await connection.execute(text("ALTER TABLE bus.event_log DISABLE TRIGGER append_only"))
        await connection.execute(text("DELETE FROM bus.event_log WHERE seq > :n"), {"n": seq})
        await connection.execute(text("ALTER TABLE bus.event_log ENABLE TRIGGER append_only"))
        await connection.execute(
            text(
                "UPDATE bus.stream_state SET last_seq = :n, epoch = epoch + :more, last_hash = "
                "coalesce((SELECT hash FROM bus.event_log WHERE seq = :n), repeat('0', 64))"
            ),
            {"n": seq, "more": int(new_epoch)},
        )
    return lost


def _counting() -> Handlers:
    """Each effect is a row "name version"; undoing removes those of the thing and says what is true instead."""
    handlers = Handlers()

    @handlers.on(Thing)
    async def write(tx, event, _):
        await tx.session.execute(
            text("INSERT INTO effect (what) VALUES (:w)"), {"w": f"{event.name} {event.version}"}
        )

    @handlers.on_lost(Thing)
    async def undo(tx, lost, instead, _):
        now = instead.version if instead else "nothing"
        await tx.session.execute(
            text("INSERT INTO effect (what) VALUES (:w)"), {"w": f"undo {lost.name} {lost.version}, {now}"}
        )

    return handlers


async def _all_applied(work) -> None:
    while await work.apply_due():
        pass


async def _effects(consumer: Database) -> list[object]:
    return await scalars(consumer, "SELECT what FROM effect ORDER BY n")


async def _proposed(producer: Database, key: str, decision: offers.Decision, who: str) -> None:
    async with producer.transaction() as tx:
        await offers.propose(tx, order_key=key, decision=decision, who=who, reason="恢复演练")


async def _approved(
    producer: Database, key: str, decision: offers.Decision, who: str, restores: Any = None
) -> None:
    async with producer.transaction() as tx:
        await offers.approve(tx, restores or {}, stream=STREAM, order_key=key, decision=decision, who=who)


async def _decided(producer: Database, key: str, decision: offers.Decision, restores: Any = None) -> None:
    await _proposed(producer, key, decision, "甲")
    await _approved(producer, key, decision, "乙", restores)


@pytest.mark.parametrize("new_epoch", [True, False])
async def test_the_common_ancestor_is_found_and_what_is_beyond_it_set_aside(
    producer: Database, consumer: Database, *, new_epoch: bool
):
    await _told(producer, *(thing() for _ in range(40)))
    reader = recorder(consumer, producer)
    await reader.catch_up()
    await _lose_after(producer, 23, new_epoch=new_epoch)
    await _told(producer, *(thing() for _ in range(30)))
    await reader.catch_up()
    assert await scalars(consumer, "SELECT seq FROM bus.ghost ORDER BY seq") == list(range(24, 41))
    assert await scalars(consumer, "SELECT seq FROM bus.cursor") == [53]
    assert await scalars(consumer, "SELECT mode FROM bus.cursor") == ["live"]
    async with producer.reading() as session:
        theirs = [e.hash for e in await log.events_after(session, STREAM, 0, 100)]
    assert await scalars(consumer, "SELECT hash FROM bus.inbox ORDER BY seq") == theirs


async def test_a_fork_seen_in_a_push_is_resolved_by_the_next_pull(producer: Database, consumer: Database):
    await _told(producer, thing(), thing())
    reader = recorder(consumer, producer)
    await reader.catch_up()
    await _lose_after(producer, 1)
    await _told(producer, thing())
    async with producer.reading() as session:
        pushed = await log.events_after(session, STREAM, 1, 10)
    await reader.on_push(pushed)
    assert await scalars(consumer, "SELECT mode FROM bus.cursor") == ["fork"]
    await reader.catch_up()
    assert await scalars(consumer, "SELECT mode FROM bus.cursor") == ["live"]
    assert await scalars(consumer, "SELECT count(*) FROM bus.inbox") == [2]


async def test_what_comes_back_under_its_id_has_no_second_effect(producer: Database, consumer: Database):
    await _told(producer, thing(name="a"), thing(name="b"), thing(name="c"))
    reader, work = recorder(consumer, producer), applier(consumer, _counting())
    await reader.catch_up()
    await _all_applied(work)
    [(event_id, body)] = await _lose_after(producer, 2)
    await _told(producer, thing(name="d"))
    await run(
        producer,
        "INSERT INTO bus.outbox (event_id, type, aggregate_id, aggregate_version, order_key, body, headers) "
        "VALUES (:id, 'things.thing.v1', 'c', 1, 'c', :body, '{}')",
        id=event_id,
        body=body,
    )
    await stamp_all(producer)
    await reader.catch_up()
    await _all_applied(work)
    assert sorted(map(str, await _effects(consumer))) == ["a 1", "b 1", "c 1", "d 1"]
    assert await scalars(consumer, "SELECT state FROM bus.ghost") == ["returned"]
    assert await scalars(consumer, "SELECT seq FROM bus.inbox WHERE event_id = :id", id=event_id) == [4]
    assert await scalars(consumer, "SELECT count(*) FROM bus.incident WHERE resolved_at IS NULL") == [0]


async def test_a_ghost_holds_later_events_of_its_own_key_only(producer: Database, consumer: Database):
    same = uuid4()
    await _told(producer, thing(1, key=same, name="x"), thing(2, key=same, name="lost"))
    reader, work = recorder(consumer, producer), applier(consumer, _counting())
    await reader.catch_up()
    await _all_applied(work)
    await _lose_after(producer, 1)
    await _told(producer, thing(2, key=same, name="anew"), thing(name="other"))
    await reader.catch_up()
    await _all_applied(work)
    assert sorted(map(str, await _effects(consumer))) == ["lost 2", "other 1", "x 1"]


async def test_refused_by_two_people_it_is_undone_and_what_waited_goes_on(
    producer: Database, consumer: Database
):
    same = uuid4()
    await _told(
        producer, thing(1, key=same, name="x"), thing(2, key=same, name="x"), thing(3, key=same, name="x")
    )
    reader, work = recorder(consumer, producer), applier(consumer, _counting())
    await reader.catch_up()
    await _all_applied(work)
    await _lose_after(producer, 1)
    await _told(producer, thing(2, key=same, name="anew"))
    await reader.catch_up()
    key = thing(key=same).order_key
    with pytest.raises(NotProposed):
        await _approved(producer, key, "refused", "乙")
    await _proposed(producer, key, "refused", "甲")
    with pytest.raises(SecondPersonNeeded):
        await _approved(producer, key, "refused", "甲")
    with pytest.raises(NotProposed):
        await _approved(producer, key, "accepted", "乙")
    await _approved(producer, key, "refused", "乙")
    await reader.catch_up()
    await _all_applied(work)
    assert await _effects(consumer) == ["x 1", "x 2", "x 3", "undo x 3, 1", "anew 2"]
    assert await scalars(consumer, "SELECT DISTINCT state FROM bus.ghost") == ["reversed"]
    await reader.catch_up()
    assert await scalars(consumer, "SELECT count(*) FROM bus.incident WHERE resolved_at IS NULL") == [0]
    with pytest.raises(OfferMissing):
        await _proposed(producer, key, "refused", "甲")
    with pytest.raises(OfferMissing):
        await _approved(producer, key, "refused", "乙")


async def test_taken_back_by_two_people_the_same_event_is_in_the_log_again(
    producer: Database, consumer: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(EVENTS, Thing.type, Thing)
    same, restored = uuid4(), []

    async def restore(tx, event, headers):
        restored.append((event.version, event.name))

    await _told(producer, thing(1, key=same, name="x"), thing(2, key=same, name="x"), thing(name="other"))
    reader, work = recorder(consumer, producer), applier(consumer, _counting())
    await reader.catch_up()
    await _all_applied(work)
    lost = await _lose_after(producer, 1)
    await reader.catch_up()
    key = thing(key=same).order_key
    await _decided(producer, key, "accepted", {Thing: restore})
    await stamp_all(producer)
    assert restored == [(2, "x")]
    assert await scalars(producer, "SELECT event_id FROM bus.event_log WHERE seq = 2") == [lost[0][0]]
    await reader.catch_up()
    await _all_applied(work)
    assert sorted(map(str, await _effects(consumer))) == ["other 1", "x 1", "x 2"]
    assert await scalars(consumer, "SELECT state FROM bus.ghost ORDER BY seq") == ["returned", "open"]


async def test_what_was_changed_since_cannot_be_taken_back(
    producer: Database, consumer: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(EVENTS, Thing.type, Thing)
    same = uuid4()
    await _told(producer, thing(1, key=same), thing(2, key=same))
    reader = recorder(consumer, producer)
    await reader.catch_up()
    await _lose_after(producer, 1)
    await _told(producer, thing(2, key=same, name="anew"))
    await reader.catch_up()
    key = thing(key=same).order_key

    async def restore(tx, event, headers):
        raise AssertionError("it was changed since")

    with pytest.raises(OfferOvertaken):
        await _decided(producer, key, "accepted", {Thing: restore})
    assert await scalars(producer, "SELECT state FROM bus.offer") == ["open"]


async def test_an_event_told_anew_with_other_content_takes_the_place_of_the_ghost(
    producer: Database, consumer: Database
):
    same = uuid4()
    await _told(producer, thing(name="a"), thing(1, key=same, name="first telling"))
    reader, work = recorder(consumer, producer), applier(consumer, _counting())
    await reader.catch_up()
    await _all_applied(work)
    [(event_id, body)] = await _lose_after(producer, 1)
    again = body.replace("first telling", "second telling")
    await run(
        producer,
        "INSERT INTO bus.outbox (event_id, type, aggregate_id, aggregate_version, order_key, body, headers) "
        "VALUES (:id, 'things.thing.v1', 'c', 1, :key, :body, '{}')",
        id=event_id,
        key=thing(key=same).order_key,
        body=again,
    )
    await stamp_all(producer)
    await reader.catch_up()
    await _all_applied(work)
    assert await _effects(consumer) == [
        "a 1",
        "first telling 1",
        "undo first telling 1, nothing",
        "second telling 1",
    ]


async def test_a_ghost_that_was_never_applied_needs_no_undoing(producer: Database, consumer: Database):
    await _told(producer, thing(name="a"))
    reader, work = recorder(consumer, producer), applier(consumer, _counting())
    await reader.catch_up()
    await _lose_after(producer, 0)
    await reader.catch_up()
    [key] = await scalars(producer, "SELECT order_key FROM bus.offer")
    await _decided(producer, str(key), "refused")
    await reader.catch_up()
    await _all_applied(work)
    assert await _effects(consumer) == []
    assert await scalars(consumer, "SELECT state FROM bus.ghost") == ["reversed"]


async def test_two_consumers_offer_the_same_and_hear_the_same(
    producer: Database, consumer: Database, new_database
):
    other = await new_database()
    await _told(producer, thing(name="a"))
    readers = [recorder(consumer, producer, "one"), recorder(other, producer, "two")]
    for reader in readers:
        await reader.catch_up()
    await _lose_after(producer, 0)
    for reader in readers:
        await reader.catch_up()
    assert await scalars(producer, "SELECT array_to_string(offered_by, ',') FROM bus.offer") == ["one,two"]
    [key] = await scalars(producer, "SELECT order_key FROM bus.offer")
    await _decided(producer, str(key), "refused")
    for reader, db in zip(readers, (consumer, other), strict=True):
        await reader.catch_up()
        assert await scalars(db, "SELECT state FROM bus.ghost") == ["refused"]


async def test_a_copy_with_other_contents_is_not_believed(producer: Database, consumer: Database):
    await _told(producer, thing(name="true"))
    async with producer.reading() as session:
        [event] = await log.events_after(session, STREAM, 0, 10)
    await _lose_after(producer, 0)
    await offers.take(producer, STREAM, "one", [event])
    body = event.body.replace("true", "else")
    content = content_hash(body)
    forged = event.model_copy(
        update={
            "body": body,
            "content_hash": content,
            "hash": chain_hash(event.prev_hash, event.epoch, event.seq, event.event_id, content),
        }
    )
    with pytest.raises(OfferDisagrees):
        await offers.take(producer, STREAM, "two", [forged])
    with pytest.raises(offers.OfferNotOurs):
        await offers.take(producer, STREAM, "two", [event.model_copy(update={"body": body})])


async def test_an_offer_that_was_lost_with_another_tail_is_made_again(producer: Database, consumer: Database):
    await _told(producer, thing())
    reader = recorder(consumer, producer)
    await reader.catch_up()
    await _lose_after(producer, 0)
    await reader.catch_up()
    await run(producer, "DELETE FROM bus.offer")
    await reader.catch_up()
    await reader.catch_up()
    assert await scalars(producer, "SELECT count(*) FROM bus.offer") == [1]


async def test_what_cannot_be_undone_keeps_its_error_until_a_person_looks(
    producer: Database, consumer: Database
):
    handlers = Handlers()

    @handlers.on(Thing)
    async def write(tx, event, _):
        pass

    @handlers.on_lost(Thing)
    async def refuse(tx, lost, instead, _):
        raise ValueError("the period is sealed")

    await _told(producer, thing())
    reader, work = recorder(consumer, producer), applier(consumer, handlers)
    await reader.catch_up()
    await _all_applied(work)
    await _lose_after(producer, 0)
    await reader.catch_up()
    [key] = await scalars(producer, "SELECT order_key FROM bus.offer")
    await _decided(producer, str(key), "refused")
    await reader.catch_up()
    await _all_applied(work)
    [error] = await scalars(consumer, "SELECT last_error FROM bus.ghost WHERE state = 'refused'")
    assert "sealed" in str(error)
    assert await scalars(consumer, "SELECT count(*) FROM bus.incident WHERE resolved_at IS NULL") == [1]


async def test_a_halted_stream_goes_on_when_two_people_say_so(producer: Database, consumer: Database):
    await _told(producer, thing(name="true"))
    async with producer.reading() as session:
        [pushed] = await log.events_after(session, STREAM, 0, 10)
    reader = recorder(consumer, producer)
    await reader.record([pushed.model_copy(update={"body": pushed.body.replace("true", "fake")})])
    with pytest.raises(parked.TwoNamesNeeded):
        await parked.resume(consumer, STREAM, first="甲", second=" 甲", reason="x")
    await parked.resume(consumer, STREAM, first="甲", second="乙", reason="线路损坏,已更换")
    await reader.catch_up()
    assert await scalars(consumer, "SELECT seq FROM bus.inbox") == [1]
    with pytest.raises(parked.NotHalted):
        await parked.resume(consumer, STREAM, first="甲", second="乙", reason="x")
