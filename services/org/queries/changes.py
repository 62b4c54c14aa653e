"""Changes of where somebody serves, across all officers: who moved, was lent, is away, left."""

from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.db.paging import PageRequest, cut, keyset
from services.org.models import OfficerRow, PostingRow
from services.org.queries.structure import found

_EVE = timedelta(days=1)


class Change(StrEnum):
    """`moved`: the main posting went on elsewhere; `departed`: it ended and none follows."""

    MOVED = "moved"
    LENT = "lent"
    AWAY = "away"
    BESIDE = "beside"
    DEPARTED = "departed"


_KINDS = {
    Change.LENT: ("secondment", "loan", "task_detail"),
    Change.AWAY: ("leave", "training"),
    Change.BESIDE: ("concurrent", "probation"),
}


async def changes(
    session: AsyncSession, page: PageRequest, *, change: Change, q: str | None
) -> tuple[list[tuple[PostingRow, OfficerRow, UUID | None]], str | None]:
    """Newest first, by first day (of those who departed by last day); with the unit somebody came from."""
    other = aliased(PostingRow)
    neighbour = and_(other.officer_id == PostingRow.officer_id, other.is_primary, other.deleted.is_(False))
    before = (
        select(other.unit_id)
        .where(neighbour, other.valid_to == PostingRow.valid_from - _EVE)
        .limit(1)
        .scalar_subquery()
    )
    query: Any = (
        select(PostingRow, OfficerRow, before)
        .join(OfficerRow, OfficerRow.id == PostingRow.officer_id)
        .where(PostingRow.deleted.is_(False))
    )
    day: Any = PostingRow.valid_from
    if change is Change.MOVED:
        query = query.where(PostingRow.is_primary, before.is_not(None))
    elif change is Change.DEPARTED:
        day = PostingRow.valid_to
        after = exists().where(neighbour, other.valid_from > PostingRow.valid_to)
        query = query.where(PostingRow.is_primary, day.is_not(None), ~after)
    else:
        query = query.where(PostingRow.kind.in_(_KINDS[change]))
    if q:
        query = query.where(found(q, OfficerRow.name, OfficerRow.police_number, OfficerRow.initials))
    columns = [func.coalesce(day, PostingRow.valid_from), PostingRow.id]
    rows = (await session.execute(keyset(query, columns, page, descending=True))).all()
    at = "valid_to" if change is Change.DEPARTED else "valid_from"
    shown, following = cut(rows, page, lambda row: [getattr(row[0], at), row[0].id])
    return [(row[0], row[1], row[2]) for row in shown], following
