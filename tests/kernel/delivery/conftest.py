"""A producer and consumers of a made-up thing, each with a database of its own and only the kernel's tables."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import ClassVar

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from contracts.envelope import Event
from kernel.audit import ddl as audit_ddl
from kernel.db.engine import async_url, make_engine
from kernel.delivery.ddl import create_v1, create_v2
from kernel.delivery.stamper import open_stream
from kernel.delivery.transaction import Database
from kernel.local.postgres import PostgresServer

STREAM = "things"
_numbers = itertools.count(1)


class Thing(Event):
    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "things.thing.v1"

    name: str = "thing"
    owner: str | None = None

    @property
    def order_key(self) -> str:
        return f"owner:{self.owner}" if self.owner else super().order_key


class _Op:
    """What kernel.delivery.ddl needs of Alembic's operations."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def execute(self, statement: str) -> None:
        self.statements.append(statement)


NewDatabase = Callable[[], Awaitable[Database]]


@pytest.fixture
async def new_database(postgres: PostgresServer) -> AsyncIterator[NewDatabase]:
    made: list[Database] = []

    async def make() -> Database:
        name = f"delivery_{next(_numbers)}"
        engine = create_async_engine(
            async_url(postgres.url()), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        await engine.dispose()
        db = Database(make_engine(postgres.url(name), name="test", pool_size=10))
        op = _Op()
        create_v1(op)
        create_v2(op)
        audit_ddl.create_v1(op)
        async with db.engine.begin() as connection:
            for statement in op.statements:
                await connection.exec_driver_sql(statement)
            await connection.execute(
                text("CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, what text)")
            )
        made.append(db)
        return db

    yield make
    for db in made:
        await db.engine.dispose()


@pytest.fixture
async def producer(new_database: NewDatabase) -> Database:
    db = await new_database()
    await open_stream(db, STREAM)
    return db


@pytest.fixture
async def consumer(new_database: NewDatabase) -> Database:
    return await new_database()
