"""What a database looks like after `kaohe migrate`, and who may touch what."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from cli.manifests import load
from contracts.catalog import SERVICES
from kernel.bus.inprocess import InProcessTransport
from kernel.db.engine import async_url, make_engine
from kernel.db.leader import leadership
from kernel.db.migrations import current, differences, is_current, newest, upgrade
from kernel.lifecycle import OldSchema, Role, running
from kernel.local.objectstore import ObjectStore
from kernel.local.provisioning import database_name
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform

SERVICE = "org"


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[str]:
    name = await databases.clone(SERVICE)
    yield name
    await databases.drop([name])


async def execute(url: str, statement: str) -> None:
    engine = create_async_engine(async_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()


@pytest.mark.parametrize("service", SERVICES)
async def test_rows_and_database_say_the_same(databases: Databases, service: str):
    name = await databases.clone(service)
    url = databases.url(name, service, owner=True)
    assert await differences(load(service).metadata, url) == []
    assert await is_current(service, url)
    await databases.drop([name])


async def test_a_missing_column_is_a_difference(databases: Databases, database: str):
    url = databases.url(database, SERVICE, owner=True)
    await execute(url, "ALTER TABLE unit DROP COLUMN name CASCADE")
    found = await differences(load(SERVICE).metadata, url)
    assert any(difference[0] == "add_column" and difference[3].name == "name" for difference in found)


async def test_two_migrators_wait_for_each_other(databases: Databases, database: str):
    url = databases.url(database, SERVICE, owner=True)
    await asyncio.gather(upgrade(SERVICE, url), upgrade(SERVICE, url))
    assert await current(url) == newest(SERVICE)


async def test_a_database_of_an_older_release_gets_the_right_to_temporary_tables(
    databases: Databases, database: str
):
    name = database_name(SERVICE)
    await execute(
        databases.url(name, SERVICE, owner=True), f"REVOKE TEMPORARY ON DATABASE {name} FROM {name}_app"
    )
    with pytest.raises(DBAPIError, match="denied"):
        await execute(databases.url(name, SERVICE), "CREATE TEMPORARY TABLE sorted (n int)")
    await upgrade(SERVICE, databases.url(name, SERVICE, owner=True))
    await execute(databases.url(name, SERVICE), "CREATE TEMPORARY TABLE sorted (n int)")


async def test_an_empty_database_has_no_revision(databases: Databases):
    assert await current(databases.server.url("postgres")) is None


async def test_a_program_refuses_a_schema_that_is_not_its_own(databases: Databases, objects: ObjectStore):
    service = load(SERVICE)
    async with Platform(databases, objects, [service], role=Role.API) as platform:
        await execute(platform.owner_urls[SERVICE], "UPDATE alembic_version SET version_num = 'older'")
        again = running(service, platform.runtimes[SERVICE], role=Role.API, transport=InProcessTransport())
        with pytest.raises(OldSchema, match="kaohe migrate"):
            await again.__aenter__()


@pytest.mark.parametrize(
    "change", ["UPDATE bus.event_log SET seq = 1", "DELETE FROM bus.event_log", "TRUNCATE bus.event_log"]
)
@pytest.mark.parametrize("owner", [False, True])
async def test_nobody_rewrites_the_event_log(
    databases: Databases, database: str, change: str, *, owner: bool
):
    with pytest.raises(DBAPIError, match=r"denied|append"):
        await execute(databases.url(database, SERVICE, owner=owner), change)


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (n int)", "DROP TABLE unit", "ALTER TABLE unit ADD n int"]
)
async def test_a_running_program_cannot_change_the_schema(
    databases: Databases, database: str, statement: str
):
    with pytest.raises(DBAPIError, match=r"denied|owner"):
        await execute(databases.url(database, SERVICE), statement)


async def test_there_is_one_leader_and_the_next_follows_when_it_goes(databases: Databases, database: str):
    engine = make_engine(databases.url(database, SERVICE), name="test")
    order: list[str] = []
    leads, leave = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with leadership(engine, "roll-up"):
            order.append("first leads")
            leads.set()
            await leave.wait()
            order.append("first leaves")

    async def second() -> None:
        await leads.wait()
        async with leadership(engine, "other work"):
            order.append("another lock is free")
        leave.set()
        async with leadership(engine, "roll-up"):
            order.append("second leads")

    async with asyncio.timeout(20):
        await asyncio.gather(first(), second())
    await engine.dispose()
    assert order == ["first leads", "another lock is free", "first leaves", "second leads"]
