"""One unsafe request, one effect, however often it is sent."""

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from kernel.delivery.idempotency import KeyReused, Once, Replayed, request_hash
from kernel.delivery.transaction import Database, Transaction
from kernel.errors import Conflict
from kernel.web.app import App
from kernel.web.idempotency import Once as OnceOfRequest
from kernel.web.problems import install

BODY = b'{"name":"a"}'
WHO = uuid4()


def once(key: str = "k", body: bytes = BODY, who: Any = WHO) -> Once:
    return Once(who, key, "POST /things", request_hash(b"POST /things", body))


async def effect(tx: Transaction, what: str = "done") -> None:
    await tx.session.execute(text("INSERT INTO effect (what) VALUES (:what)"), {"what": what})


async def effects(db: Database) -> int:
    async with db.reading() as session:
        return int((await session.execute(text("SELECT count(*) FROM effect"))).scalar_one())


async def attempt(db: Database, key: Once) -> tuple[int, str]:
    """What the client is answered."""
    try:
        async with db.transaction(once=key) as tx:
            await effect(tx)
            await tx.answer({"number": 7}, status=201)
    except Replayed as earlier:
        return earlier.status, earlier.body
    return 201, '{"number":7}'


async def test_the_same_request_again_gets_the_stored_answer_and_has_no_second_effect(consumer: Database):
    first = await attempt(consumer, once())
    assert await attempt(consumer, once()) == first == (201, '{"number":7}')
    assert await effects(consumer) == 1


async def test_the_same_key_for_another_body_is_refused(consumer: Database):
    await attempt(consumer, once())
    with pytest.raises(KeyReused):
        await attempt(consumer, once(body=b'{"name":"b"}'))
    assert await effects(consumer) == 1


async def test_the_same_key_of_somebody_else_is_another_key(consumer: Database):
    await attempt(consumer, once())
    await attempt(consumer, once(who=uuid4()))
    await attempt(consumer, once(who=None))
    assert await effects(consumer) == 3


async def test_two_at_once_have_one_effect_and_the_same_answer(consumer: Database):
    answers = await asyncio.gather(*(attempt(consumer, once()) for _ in range(8)))
    assert set(answers) == {(201, '{"number":7}')}
    assert await effects(consumer) == 1


async def test_a_first_attempt_that_is_rolled_back_leaves_the_key_free(consumer: Database):
    class Refused(Conflict):
        code = "refused"

    async def refused() -> None:
        async with consumer.transaction(once=once()) as tx:
            await effect(tx)
            raise Refused

    with pytest.raises(Refused):
        await refused()
    assert await effects(consumer) == 0
    assert await attempt(consumer, once(body=b"another body")) == (201, '{"number":7}')


async def test_a_twin_that_waited_for_a_rolled_back_attempt_does_the_work_itself(consumer: Database):
    working, give_up = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with consumer.transaction(once=once()) as tx:
            await effect(tx)
            working.set()
            await give_up.wait()
            raise KeyReused

    failing = asyncio.create_task(first())
    await working.wait()
    second = asyncio.create_task(attempt(consumer, once()))
    give_up.set()
    with pytest.raises(KeyReused):
        await failing
    assert await second == (201, '{"number":7}')
    assert await effects(consumer) == 1


async def test_an_answer_without_content_is_replayed_as_204(consumer: Database):
    async with consumer.transaction(once=once()) as tx:
        await effect(tx)
    with pytest.raises(Replayed) as replayed:
        async with consumer.transaction(once=once()):
            pytest.fail("the work was done twice")
    assert (replayed.value.status, replayed.value.body) == (204, "")


async def test_without_a_key_nothing_is_remembered(consumer: Database):
    for _ in range(2):
        async with consumer.transaction(once=Once(None, None, "", "")) as tx:
            await effect(tx)
    assert await effects(consumer) == 2


def test_the_hash_of_a_request_keeps_its_parts_apart():
    assert request_hash(b"ab", b"c") != request_hash(b"a", b"bc")


def application(db: Database) -> FastAPI:
    app = FastAPI()
    app.state.runtime = SimpleNamespace(
        db=db, settings=SimpleNamespace(cookie_secure=False), sessions=SimpleNamespace(verify_machine=None)
    )
    install(app)

    @app.post("/things", status_code=201)
    async def make(app: App, once: OnceOfRequest) -> dict[str, int]:
        async with app.db.transaction(once=once) as tx:
            await effect(tx)
            return await tx.answer({"number": 7}, status=201)

    return app


async def test_the_answer_leaves_only_after_the_commit(consumer: Database):
    app = application(consumer)
    at_start: list[int] = []

    async def observed(scope: Any, receive: Any, send: Any) -> None:
        async def watching(message: Any) -> None:
            if message["type"] == "http.response.start":
                at_start.append(await effects(consumer))
            await send(message)

        await app(scope, receive, watching)

    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=observed), base_url="http://t"
    ) as client:
        answer = await client.post("/things", json={})
    assert answer.status_code == 201
    assert at_start == [1]


async def test_a_replay_over_http_says_that_it_is_one(consumer: Database):
    transport = httpx2.ASGITransport(app=application(consumer))
    async with httpx2.AsyncClient(transport=transport, base_url="http://t") as client:
        first, second = [
            await client.post("/things", json={}, headers={"Idempotency-Key": "k"}) for _ in range(2)
        ]
        other = await client.post("/things", json={"x": 1}, headers={"Idempotency-Key": "k"})
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, {"number": 7})
    assert "idempotent-replay" not in first.headers
    assert second.headers["idempotent-replay"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert await effects(consumer) == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "ключ".encode()])
async def test_a_malformed_key_is_refused_before_anything_happens(consumer: Database, key: str | bytes):
    transport = httpx2.ASGITransport(app=application(consumer))
    async with httpx2.AsyncClient(transport=transport, base_url="http://t") as client:
        answer = await client.post("/things", json={}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-key-malformed"
    assert await effects(consumer) == 0
