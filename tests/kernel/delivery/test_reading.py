"""What only reads cannot write; a snapshot sees one moment."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel.delivery.transaction import Database
from tests.kernel.delivery.conftest import NewDatabase

_WRITE = text("INSERT INTO effect (what) VALUES ('x')")
_COUNT = text("SELECT count(*) FROM effect")


@pytest.fixture
async def db(new_database: NewDatabase) -> Database:
    return await new_database()


async def _write(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.session.execute(_WRITE)


@pytest.mark.parametrize("kind", ["reading", "snapshot"])
async def test_what_only_reads_cannot_write_and_leaves_the_connection_as_it_was(
    db: Database, kind: str
) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with getattr(db, kind)() as session:
            await session.execute(_WRITE)
    await _write(db)
    async with db.reading() as session:
        assert await session.scalar(_COUNT) == 1


async def test_a_snapshot_sees_one_moment_and_reading_sees_what_is_committed_meanwhile(db: Database) -> None:
    async with db.snapshot() as moment, db.reading() as session:
        assert await moment.scalar(_COUNT) == await session.scalar(_COUNT) == 0
        await _write(db)
        assert await moment.scalar(_COUNT) == 0
        assert await session.scalar(_COUNT) == 1
    async with db.reading() as session:
        assert await session.scalar(text("SHOW transaction_isolation")) == "read committed"
