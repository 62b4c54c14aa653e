"""Keyset pages: the cursor is the last row's sort key, so rows that arrive meanwhile shift nothing."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import Invalid

R = TypeVar("R")


class CursorInvalid(Invalid):
    code = "cursor-invalid"
    zh = "翻页标记无效,请从第一页重新开始"
    en = "The paging cursor is not valid; start again from the first page"


@dataclass(frozen=True, slots=True)
class PageRequest:
    limit: int = 50
    after: str | None = None


_READ: dict[str, Any] = {
    "uuid": UUID,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "int": int,
    "str": str,
}


def encode_cursor(values: Sequence[Any]) -> str:
    typed = [[type(v).__name__.lower(), v.isoformat() if isinstance(v, date) else str(v)] for v in values]
    return base64.urlsafe_b64encode(json.dumps(typed).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, width: int) -> list[Any]:
    """The values of a cursor; raises CursorInvalid for anything that this module did not make."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [_READ[kind](text) for kind, text in raw]
    except (ValueError, KeyError, TypeError, ArithmeticError, binascii.Error, RecursionError) as error:
        raise CursorInvalid from error
    if len(values) != width:
        raise CursorInvalid
    return values


def keyset(
    select: Select[Any], columns: Sequence[Any], page: PageRequest, *, descending: bool = False
) -> Select[Any]:
    """Order by the columns (the last must be unique, none may be NULL) and begin behind the cursor."""
    order = [column.desc() if descending else column.asc() for column in columns]
    if page.after is not None:
        values = decode_cursor(page.after, len(columns))
        here, there = tuple_(*columns), tuple_(*values)
        select = select.where(here < there if descending else here > there)
    return select.order_by(*order).limit(page.limit + 1)


def cut(rows: Sequence[R], page: PageRequest, key: Any) -> tuple[list[R], str | None]:
    """The rows of the page, and the cursor of the next one; `key(row)` gives the values of the sort columns."""
    shown = list(rows[: page.limit])
    more = len(rows) > page.limit
    return shown, encode_cursor(key(shown[-1])) if more and shown else None


async def fetch_page(
    session: AsyncSession,
    select: Select[Any],
    columns: Sequence[Any],
    page: PageRequest,
    *,
    key: Any,
    descending: bool = False,
) -> tuple[list[Any], str | None]:
    """One page of the entities that `select` gives."""
    rows = (await session.scalars(keyset(select, columns, page, descending=descending))).all()
    return cut(rows, page, key)
