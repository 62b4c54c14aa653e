"""What a caller hears when something behind the edge fails, and that nothing is said before it is so."""

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter
from sqlalchemy import MetaData, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from contracts.permissions import Role
from kernel.db.engine import make_engine
from kernel.delivery.handlers import Handlers
from kernel.delivery.transaction import Database
from kernel.errors import Kind
from kernel.runtime import Runtime
from kernel.service import Service, build_app
from kernel.testing.people import Caller
from kernel.web.access import public
from kernel.web.app import App
from kernel.web.problems import STATUS
from tests.kernel.web.conftest import LIMIT, ORG, Edge

UNITS = f"{ORG}/units"
NOBODY_LISTENS = "postgresql://nobody:secret@127.0.0.1:9/none"
router = APIRouter(prefix="/probe", dependencies=[public()])


@router.get("/bug")
async def bug() -> None:
    raise KeyError("the colour of the safe is blue")


@router.get("/full")
async def full() -> None:
    raise PoolTimeout


@router.get("/nameless")
async def nameless() -> None:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@router.get("/database")
async def ask(app: App, sql: str) -> None:
    async with app.db.reading() as session:
        await session.execute(text(sql))


@router.get("/echo")
async def echo(app: App, value: str) -> None:
    async with app.db.reading() as session:
        await session.execute(text("SELECT CAST(:value AS text)"), {"value": value})


def probe(runtime: Runtime) -> Caller:
    service = Service("org", "试验", "Probe", MetaData(), (router,), Handlers())
    transport = httpx2.ASGITransport(app=build_app(service, runtime), raise_app_exceptions=False)
    return Caller(httpx2.AsyncClient(transport=transport, base_url="http://kaohe.test"), runtime, None)


@pytest.fixture
async def without_database(edge: Edge) -> AsyncIterator[Caller]:
    engine = make_engine(NOBODY_LISTENS, name="test")
    db = Database(engine, edge.clock)
    runtime = replace(edge.runtime, db=db, pings={"database": engine.connect().start})
    yield probe(runtime)
    await engine.dispose()


async def test_a_change_is_committed_before_the_first_byte_of_the_answer(edge: Edge):
    """A dependency that commits after `yield` would fail here: its answer has left by then."""
    body = edge.unit()
    seen: list[int] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def watch(message: Any) -> None:
            if message["type"] == "http.response.start":
                async with edge.runtime.db.reading() as session:
                    count = text("SELECT count(*) FROM unit WHERE code = :code")
                    seen.append(await session.scalar(count, {"code": body["code"]}))
            await send(message)

        await edge.platform.apps["org"](scope, receive, watch)

    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=watched), base_url="http://kaohe.test")
    await Caller(client, edge.runtime, edge.admin()).post(UNITS, body)
    assert seen == [1]


async def test_a_bug_is_admitted_without_saying_what_it_is(edge: Edge):
    answer = await probe(edge.runtime).send("GET", "/probe/bug")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "blue" not in answer.text
    assert "KeyError" not in answer.text


async def test_the_answer_for_a_bug_has_the_headers_of_every_answer(edge: Edge):
    answer = await probe(edge.runtime).send("GET", "/probe/bug")
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_bug_is_counted_as_one(edge: Edge):
    caller = probe(edge.runtime)
    await caller.send("GET", "/probe/bug")
    figures = (await caller.send("GET", "/metrics")).text
    assert 'http_requests_total{handler="/probe/bug",job="org",method="GET",status="5xx"}' in figures


async def test_addresses_are_counted_by_their_template_and_unknown_ones_as_one(edge: Edge):
    caller = edge.caller(edge.admin())
    await caller.send("GET", f"{UNITS}/{edge.root_id}")
    await caller.send("GET", "/some/scanner/was/here")
    figures = (await caller.send("GET", "/metrics")).text
    assert f'handler="{UNITS}/{{unit_id}}"' in figures
    assert edge.root_id not in figures
    assert "scanner" not in figures


async def test_a_full_pool_is_a_reason_to_come_back(edge: Edge):
    assert (await probe(edge.runtime).problem("GET", "/probe/full"))["status"] == 503


async def test_a_database_whose_name_is_gone_with_its_container_is_a_reason_to_come_back(edge: Edge):
    assert (await probe(edge.runtime).problem("GET", "/probe/nameless"))["status"] == 503


@pytest.mark.parametrize(
    "sql", ["SELECT pg_terminate_backend(pg_backend_pid())", "DO $$ BEGIN RAISE query_canceled; END $$"]
)
async def test_a_server_that_ends_the_connection_or_the_statement_is_a_reason_to_come_back(
    edge: Edge, sql: str
):
    found = await probe(edge.runtime).problem("GET", "/probe/database", params={"sql": sql})
    assert (found["status"], found["code"]) == (503, "unavailable")


async def test_a_value_that_the_database_cannot_hold_is_the_senders_mistake(edge: Edge):
    found = await probe(edge.runtime).problem("GET", "/probe/echo", params={"value": "a\x00b"})
    assert (found["status"], found["code"]) == (422, "value-refused")


async def test_without_the_database_requests_are_a_503_and_the_process_is_alive(without_database: Caller):
    found = await without_database.problem("GET", "/probe/database", params={"sql": "SELECT 1"})
    assert (found["status"], found["code"]) == (503, "unavailable")
    assert (await without_database.send("GET", "/health/live")).status_code == 200
    ready = await without_database.send("GET", "/health/ready")
    assert (ready.status_code, ready.json()["dependencies"]) == (503, {"database": False})


@pytest.mark.parametrize("away", ["broker", "storage"])
async def test_without_broker_or_file_storage_a_process_is_ready_and_says_what_is_away(edge: Edge, away: str):
    async def ping() -> None:
        raise ConnectionError(away)

    edge.runtime.pings[away] = ping
    try:
        ready = await edge.caller().send("GET", "/health/ready")
    finally:
        del edge.runtime.pings[away]
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.json()["dependencies"] == {"database": True, away: False}


async def test_without_the_database_the_other_figures_are_still_told(without_database: Caller):
    answer = await without_database.send("GET", "/metrics")
    assert answer.status_code == 200
    assert 'kaohe_dependency_up{dependency="database",service="org"} 0.0' in answer.text


async def test_a_form_is_no_way_around_the_limit_of_a_json_route(edge: Edge):
    files = {"workbook": ("a.xlsx", b"x" * LIMIT)}
    found = await edge.caller(edge.admin()).problem("POST", UNITS, files=files)
    assert (found["status"], found["code"], found["limit"]) == (413, "body-too-large", LIMIT)


async def test_a_file_may_be_larger_than_a_json_body(edge: Edge):
    files = {"workbook": ("a.xlsx", b"x" * LIMIT)}
    answer = await edge.caller(edge.admin()).send("POST", f"{ORG}/roster/imports", files=files)
    assert answer.status_code == 202, answer.text


async def test_a_token_that_is_no_longer_good_does_not_keep_one_from_signing_in(edge: Edge):
    caller = edge.caller(None, Cookie="kaohe-token=left-over")
    answer = await caller.send("POST", f"{ORG}/session", json=edge.slips[Role.ROSTER_ADMIN])
    assert answer.status_code == 200, answer.text


async def test_a_name_of_half_a_character_is_answered_too(edge: Edge):
    sent = b'{"\\ud800": 1}'
    found = await edge.caller(edge.admin()).problem(
        "POST", UNITS, content=sent, headers={"Content-Type": "application/json"}
    )
    assert found["status"] == 422


def test_every_kind_of_problem_has_a_status():
    assert set(STATUS) == set(Kind)
