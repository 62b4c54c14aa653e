"""Officers and their postings."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, keyset
from kernel.errors import NotFound
from services.org.models import OfficerRow, PostingRow, UnitRow
from services.org.queries.structure import found, like


def on_day(day: date) -> Any:
    """The condition that a posting holds on a day."""
    return and_(
        PostingRow.deleted.is_(False),
        PostingRow.valid_from <= day,
        or_(PostingRow.valid_to.is_(None), PostingRow.valid_to >= day),
    )


def primary_on(day: date) -> Any:
    return and_(PostingRow.officer_id == OfficerRow.id, PostingRow.is_primary, on_day(day))


async def officers(
    session: AsyncSession, page: PageRequest, *, day: date, q: str | None = None, unit_id: UUID | None = None,
    under: str | None = None, status: str | None = None, series_id: UUID | None = None,
) -> tuple[list[tuple[OfficerRow, PostingRow | None]], str | None]:  # fmt: skip
    """Officers in order of police number, each with the primary posting of the day."""
    query: Any = select(OfficerRow, PostingRow).outerjoin(PostingRow, primary_on(day))
    if under:
        query = query.join(UnitRow, UnitRow.id == PostingRow.unit_id).where(
            UnitRow.path.like(like(under) + "%")
        )
    if unit_id:
        query = query.where(PostingRow.unit_id == unit_id)
    if q:
        query = query.where(found(q, OfficerRow.name, OfficerRow.police_number, OfficerRow.initials))
    if status:
        query = query.where(OfficerRow.status == status)
    if series_id:
        query = query.where(OfficerRow.series_id == series_id)
    rows = (await session.execute(keyset(query, [OfficerRow.police_number], page))).all()
    shown, following = cut(rows, page, lambda row: [row[0].police_number])
    return [(row[0], row[1]) for row in shown], following


async def officer(session: AsyncSession, officer_id: UUID, *, lock: bool = False) -> OfficerRow:
    query = select(OfficerRow).where(OfficerRow.id == officer_id)
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


async def postings(session: AsyncSession, officer_id: UUID) -> list[PostingRow]:
    query = select(PostingRow).where(PostingRow.officer_id == officer_id, PostingRow.deleted.is_(False))
    return list((await session.scalars(query.order_by(PostingRow.valid_from, PostingRow.id))).all())


async def primary_unit(session: AsyncSession, officer_id: UUID, day: date) -> UnitRow | None:
    query = select(UnitRow).join(PostingRow, PostingRow.unit_id == UnitRow.id)
    return await session.scalar(
        query.where(PostingRow.officer_id == officer_id, PostingRow.is_primary, on_day(day))
    )


async def names(session: AsyncSession, officer_ids: Sequence[UUID]) -> dict[UUID, OfficerRow]:
    rows = await session.scalars(select(OfficerRow).where(OfficerRow.id.in_(officer_ids)))
    return {row.id: row for row in rows}


async def place(session: AsyncSession, officer_id: UUID, day: date) -> tuple[str, str] | None:
    """The names of unit and post in which somebody serves on a day."""
    query = (
        select(UnitRow.name, PostingRow.post)
        .join(PostingRow, PostingRow.unit_id == UnitRow.id)
        .where(PostingRow.officer_id == officer_id, PostingRow.is_primary, on_day(day))
    )
    row = (await session.execute(query)).first()
    return (row[0], row[1]) if row else None
