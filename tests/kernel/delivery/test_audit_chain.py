"""The audit log: written with the act, numbered after it, and nobody alters it unseen."""

import asyncio
import hashlib
import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contracts.envelope import Headers
from kernel.audit.acting import Acting, Actor, ActorKind, current_acting
from kernel.audit.chaining import chain_batch
from kernel.audit.record import body_of
from kernel.audit.verification import AuditChain, verify_audit
from kernel.delivery.transaction import Cause, Database, current_headers
from kernel.ids import new_id
from kernel.testing.people import person
from tests.kernel.delivery.conftest import Thing

GENESIS = "0" * 64


async def act(db: Database, action: str, thing: str = "1") -> None:
    async with db.transaction() as tx:
        tx.act(action, "thing", thing, by=person(name="某某"), before={"n": 1}, after={"n": 2}, reason="因故")


async def verified(db: Database) -> AuditChain:
    async with db.snapshot() as session:
        return await verify_audit(session)


async def rows(db: Database, what: str) -> list[dict[str, object]]:
    async with db.reading() as session:
        return [dict(row) for row in (await session.execute(text(what))).mappings()]


async def change(db: Database, what: str, *, unseen: bool = False) -> None:
    """As the owner of the tables; `unseen` switches the triggers off, as only a superuser can."""
    async with db.engine.begin() as connection:
        if unseen:
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text(what))


async def test_the_chain_is_the_published_one(producer: Database):
    for number in range(3):
        await act(producer, f"act-{number}")
    assert await chain_batch(producer.engine, "things") == 3
    found = await rows(
        producer,
        "SELECT seq, body, prev_hash, hash FROM audit.chain c JOIN audit.record r ON r.id = c.record_id ORDER BY seq",
    )
    prev = GENESIS
    for number, row in enumerate(found, 1):
        hashed = b"\x13" + bytes.fromhex(prev) + number.to_bytes(8, "big") + str(row["body"]).encode()
        assert (row["seq"], row["prev_hash"]) == (number, prev)
        prev = str(row["hash"])
        assert prev == hashlib.sha256(hashed).hexdigest()
    assert await verified(producer) == AuditChain(3, prev, None, 0)


async def test_an_act_that_did_not_happen_is_not_written_down(producer: Database):
    with pytest.raises(ZeroDivisionError):
        async with producer.transaction() as tx:
            tx.act("tried", "thing", "1")
            1 / 0  # noqa: B018 -- whatever breaks the transaction
    assert await rows(producer, "SELECT id FROM audit.record") == []


async def test_two_acts_at_the_same_time_do_not_wait_for_each_other(producer: Database):
    async with producer.transaction() as slow:
        slow.act("slow", "thing", "1")
        await slow.flush_events()
        async with asyncio.timeout(5):
            await act(producer, "quick")
            assert await chain_batch(producer.engine, "things") == 1
    assert await chain_batch(producer.engine, "things") == 1
    chained = "SELECT action FROM audit.chain c JOIN audit.record r ON r.id = c.record_id ORDER BY seq"
    assert [row["action"] for row in await rows(producer, chained)] == ["quick", "slow"]


@pytest.mark.parametrize("table", ["record", "chain"])
async def test_no_role_changes_or_removes_a_record(producer: Database, table: str):
    await act(producer, "done")
    await chain_batch(producer.engine, "things")
    for what in (f"DELETE FROM audit.{table}", f"UPDATE audit.{table} SET {_own(table)}", f"TRUNCATE audit.{table} CASCADE"):  # noqa: S608  # fmt: skip
        with pytest.raises(DBAPIError, match="append-only"):
            await change(producer, what)


def _own(table: str) -> str:
    return "body = body" if table == "record" else "hash = hash"


@pytest.mark.parametrize(
    ("tampering", "wrong", "strays"),
    [
        ("UPDATE audit.record SET body = replace(body, 'act-1', 'act-9') WHERE action = 'act-1'", 2, 0),
        ("DELETE FROM audit.chain WHERE seq = 2", 2, 1),
        ("DELETE FROM audit.chain WHERE seq = 3", 3, 1),
        ("DELETE FROM audit.unchained", None, 1),
        ("UPDATE audit.chain SET hash = repeat('a', 64) WHERE seq = 3", 3, 0),
    ],
)
async def test_what_a_database_administrator_alters_is_found(
    producer: Database, tampering: str, wrong: int | None, strays: int
):
    for number in range(3):
        await act(producer, f"act-{number}")
    await chain_batch(producer.engine, "things")
    await act(producer, "waits for its number")
    assert (await verified(producer)).holds
    await change(producer, tampering, unseen=True)
    found = await verified(producer)
    assert not found.holds
    assert (found.first_wrong, found.strays) == (wrong, strays)


async def test_a_persons_transaction_leaves_one_record_for_each_thing_it_changed(producer: Database):
    told, untold = Thing(id=new_id(), version=1), Thing(id=new_id(), version=7)
    me = Actor(ActorKind.PERSON, "某某", new_id())
    token = current_acting.set(Acting(me, "rename", "/api/things/v1/things/1"))
    headers = current_headers.set(Headers(correlation_id="request-1"))
    try:
        async with producer.transaction() as tx:
            await tx.publish_many(lambda event: event, [told, untold])
            tx.act("rename", "thing", told.id, before={"name": "旧"}, after={"name": "新"}, reason="更名")
        async with producer.transaction() as tx:
            await tx.session.execute(text("INSERT INTO effect (what) VALUES ('nobody told of it')"))
    finally:
        current_acting.reset(token)
        current_headers.reset(headers)
    found = [json.loads(str(row["body"])) for row in await rows(producer, "SELECT body FROM audit.record")]
    by_object = {record["object"]["id"]: record for record in found}
    assert len(found) == len(by_object) == 3
    assert by_object[str(told.id)]["before"] == {"name": "旧"}
    assert by_object[str(told.id)]["reason"] == "更名"
    assert by_object[str(untold.id)]["action"] == "rename"
    assert by_object[str(untold.id)]["after"] == {"version": 7}
    assert by_object["/api/things/v1/things/1"]["object"]["kind"] == "request"
    assert {record["request"] for record in found} == {"request-1"}
    assert {record["actor"]["account"] for record in found} == {str(me.account_id)}


async def test_what_follows_from_an_event_names_the_service_and_the_event(producer: Database):
    cause = new_id()
    async with producer.transaction(cause=Cause(cause, "things")) as tx:
        await tx.publish_many(lambda event: event, [Thing(id=new_id(), version=1) for _ in range(2)])
    async with producer.transaction(cause=Cause(new_id(), "things")) as tx:
        await tx.session.execute(text("INSERT INTO effect (what) VALUES ('a copy')"))
    (row,) = await rows(producer, "SELECT body FROM audit.record")
    record = json.loads(str(row["body"]))
    assert record["actor"]["kind"] == "service"
    assert record["object"] == {"kind": "event", "id": str(cause)}
    assert record["after"] == {"published": {"things.thing.v1": 2}}


async def test_whatever_somebody_types_who_is_not_signed_in_can_be_written_down(producer: Database):
    typed = "a\x00b\ud800\n"
    async with producer.transaction() as tx:
        tx.act("sign-in-refused", "account", typed, by=Actor(ActorKind.UNKNOWN, typed))
    (row,) = await rows(producer, "SELECT object FROM audit.record")
    assert row["object"] == "a\N{REPLACEMENT CHARACTER}b" + "\N{REPLACEMENT CHARACTER}" * 2


def test_a_record_has_every_key_even_when_there_is_nothing_to_say():
    from kernel.audit.record import Act
    from kernel.clock import SystemClock

    bare = Act("work", "thing", "1", Actor(ActorKind.SERVICE, "things"))
    record = json.loads(body_of(bare, service="things", request=None, now=SystemClock().now()))
    assert (
        record["reason"] is record["on_behalf_of"] is record["request"] is record["actor"]["account"] is None
    )
    assert record["before"] == record["after"] == {}
