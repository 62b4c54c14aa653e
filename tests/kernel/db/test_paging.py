"""A page begins where the last one ended, whatever has come in between."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import BigInteger, MetaData, Text, text
from sqlalchemy import select as select_rows
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.db.conflicts import conflicts
from kernel.db.engine import make_engine
from kernel.db.paging import CursorInvalid, PageRequest, decode_cursor, encode_cursor, fetch_page
from kernel.errors import Conflict
from kernel.ids import new_id
from kernel.local.postgres import PostgresServer


class Base(DeclarativeBase):
    metadata = MetaData()


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    shelf: Mapped[str] = mapped_column(Text)


class ShelfTaken(Conflict):
    code = "shelf-taken"
    zh = "书架已占用"
    en = "The shelf is taken"


@pytest.fixture
async def engine(postgres: PostgresServer) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(postgres.url(), name="test")
    yield engine
    await engine.dispose()


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """Its table is temporary: nothing is ever committed."""
    async with AsyncSession(engine) as session:
        await session.execute(
            text(
                "CREATE TEMPORARY TABLE book (id bigint PRIMARY KEY, shelf text, CONSTRAINT uq_shelf UNIQUE (id, shelf),"
                " CONSTRAINT ck_shelf CHECK (shelf <> 'taken')) ON COMMIT DROP"
            )
        )
        yield session


async def put(session: AsyncSession, *books: tuple[int, str]) -> None:
    for number, shelf in books:
        await session.execute(text("INSERT INTO book VALUES (:id, :shelf)"), {"id": number, "shelf": shelf})


async def page(session: AsyncSession, after: str | None, *, descending: bool = False) -> Any:
    return await fetch_page(
        session,
        select_rows(Book),
        (Book.shelf, Book.id),
        PageRequest(limit=3, after=after),
        key=lambda book: (book.shelf, book.id),
        descending=descending,
    )


@pytest.mark.parametrize("descending", [False, True])
async def test_pages_show_every_row_once(session: AsyncSession, *, descending: bool):
    books = [(number, "abc"[number % 3]) for number in range(1, 9)]
    await put(session, *books)
    seen, after = [], None
    while True:
        rows, after = await page(session, after, descending=descending)
        seen += [(row.id, row.shelf) for row in rows]
        if after is None:
            break
    assert seen == sorted(books, key=lambda book: (book[1], book[0]), reverse=descending)


async def test_a_row_that_comes_in_before_the_page_shifts_nothing(session: AsyncSession):
    await put(session, *((number, "m") for number in range(1, 7)))
    first, after = await page(session, None)
    await put(session, (99, "a"))
    second, end = await page(session, after)
    assert [row.id for row in (*first, *second)] == [1, 2, 3, 4, 5, 6]
    assert end is None


@pytest.mark.parametrize(
    "value",
    [
        7,
        2**62,
        "江州",
        "",
        date(2026, 11, 23),
        datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        Decimal("0.10"),
        new_id(),
    ],
)
def test_a_cursor_gives_back_what_was_put_in(value: Any):
    found = decode_cursor(encode_cursor([value]), 1)
    assert found == [value]
    assert type(found[0]) is type(value)


@pytest.mark.parametrize(
    "cursor", ["", "%", "W10", "eyJhIjoxfQ", encode_cursor([1, 2]), "\ud800", "[" * 3000]
)
def test_what_is_no_cursor_of_this_list_is_refused(cursor: str):
    with pytest.raises(CursorInvalid):
        decode_cursor(cursor, 1)


async def test_a_constraint_that_is_known_is_told_as_a_problem(session: AsyncSession):
    with pytest.raises(ShelfTaken), conflicts({"ck_shelf": ShelfTaken}):
        await put(session, (1, "taken"))


async def test_a_constraint_that_nobody_foresaw_stays_an_error(session: AsyncSession):
    await put(session, (1, "a"))
    with pytest.raises(IntegrityError), conflicts({"ck_shelf": ShelfTaken}):
        await put(session, (1, "b"))
