"""Units and series."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from services.org.domain.structure import UnitMissing
from services.org.models import PostingRow, SeriesRow, UnitRow


async def unit(session: AsyncSession, unit_id: UUID) -> UnitRow:
    row = await session.get(UnitRow, unit_id)
    if row is None:
        raise UnitMissing
    return row


async def lock_unit(session: AsyncSession, unit_id: UUID) -> UnitRow:
    row = await session.scalar(select(UnitRow).where(UnitRow.id == unit_id).with_for_update())
    if row is None:
        raise UnitMissing
    return row


async def root(session: AsyncSession) -> UnitRow | None:
    return await session.scalar(select(UnitRow).where(UnitRow.level == 1))


def like(text: str) -> str:
    """`text` as a literal part of a LIKE pattern."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def found(said: str, *columns: Any) -> Any:
    """Whether what somebody typed stands in any of the columns, capitals or not."""
    return or_(*(column.ilike(f"%{like(said)}%") for column in columns))


async def units(session: AsyncSession, page: PageRequest, **filters: Any) -> tuple[list[UnitRow], str | None]:
    """Filters that are None do not filter: q, parent_id, level, kind, series_id, under (a path), as_of (a day)."""
    query: Select[Any] = select(UnitRow).where(UnitRow.deleted.is_(False))
    for name in ("parent_id", "level", "kind", "series_id"):
        if filters.get(name) is not None:
            query = query.where(getattr(UnitRow, name) == filters[name])
    if filters.get("under"):
        query = query.where(UnitRow.path.like(like(filters["under"]) + "%"))
    if filters.get("q"):
        query = query.where(found(filters["q"], UnitRow.name, UnitRow.code, UnitRow.initials))
    day: date | None = filters.get("as_of")
    if day is not None:
        query = query.where(
            UnitRow.valid_from <= day, or_(UnitRow.valid_to.is_(None), UnitRow.valid_to >= day)
        )
    return await fetch_page(session, query, [UnitRow.path], page, key=lambda row: [row.path])


async def in_use(session: AsyncSession, unit_id: UUID, after: date) -> bool:
    """Whether the unit has open sub-units, or postings beyond `after`."""
    children = select(func.count()).where(
        UnitRow.parent_id == unit_id, or_(UnitRow.valid_to.is_(None), UnitRow.valid_to > after)
    )
    postings = select(func.count()).where(
        PostingRow.unit_id == unit_id,
        PostingRow.deleted.is_(False),
        or_(PostingRow.valid_to.is_(None), PostingRow.valid_to > after),
    )
    return bool(await session.scalar(children)) or bool(await session.scalar(postings))


async def all_series(session: AsyncSession) -> list[SeriesRow]:
    return list((await session.scalars(select(SeriesRow).order_by(SeriesRow.code))).all())


async def series(session: AsyncSession, series_id: UUID) -> SeriesRow | None:
    return await session.get(SeriesRow, series_id)


async def names(session: AsyncSession, unit_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Code and name of each."""
    query = select(UnitRow.id, UnitRow.code, UnitRow.name).where(UnitRow.id.in_(unit_ids))
    return {unit_id: (code, name) for unit_id, code, name in (await session.execute(query)).all()}
