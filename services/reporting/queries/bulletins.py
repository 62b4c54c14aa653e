"""Bulletins: drafts for those who make and sign them, issued ones for everybody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from kernel.db.paging import PageRequest, fetch_page
from kernel.errors import Forbidden
from kernel.identity import Principal
from services.reporting.domain.bulletin import BulletinMissing, BulletinState
from services.reporting.domain.schedule import Occasion
from services.reporting.models import (
    BulletinReceiptRow,
    BulletinRow,
    BulletinStepRow,
    BulletinTemplateRow,
)
from services.reporting.replicas import UnitReplica


def visible_to(me: Principal) -> ColumnElement[bool]:
    """What was issued is for everybody; the rest for who makes or signs it."""
    ways: list[ColumnElement[bool]] = [BulletinRow.state.in_([BulletinState.ISSUED, BulletinState.RECALLED])]
    for permission in ("reporting:bulletin", "reporting:sign"):
        ways += [
            BulletinRow.unit_path.startswith(scope.path, autoescape=True) for scope in me.scopes(permission)
        ]
    return or_(*ways)


def require(me: Principal, permission: str, row: BulletinRow) -> None:
    if not me.covers(permission, row.unit_path):
        raise Forbidden


async def bulletin(
    session: AsyncSession, bulletin_id: UUID, me: Principal, *, lock: bool = False
) -> BulletinRow:
    """Raises BulletinMissing."""
    query = select(BulletinRow).where(BulletinRow.id == bulletin_id, visible_to(me))
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise BulletinMissing
    return row


async def bulletins(
    session: AsyncSession, me: Principal, page: PageRequest, *, kind: str | None, state: str | None, scheme_id: UUID | None
) -> tuple[list[BulletinRow], str | None]:  # fmt: skip
    """Newest first."""
    query = select(BulletinRow).where(visible_to(me))
    for column, value in (
        (BulletinRow.kind, kind),
        (BulletinRow.state, state),
        (BulletinRow.scheme_id, scheme_id),
    ):
        query = query.where(column == value) if value is not None else query
    return await fetch_page(
        session, query, (BulletinRow.id,), page, key=lambda row: (row.id,), descending=True
    )


async def steps(session: AsyncSession, bulletin_id: UUID) -> list[BulletinStepRow]:
    query = select(BulletinStepRow).where(BulletinStepRow.bulletin_id == bulletin_id)
    return list((await session.scalars(query.order_by(BulletinStepRow.id))).all())


async def receipts(session: AsyncSession, bulletin_id: UUID) -> list[tuple[str, str | None, datetime]]:
    """(name, unit, when), first to acknowledge first."""
    query = (
        select(BulletinReceiptRow.name, UnitReplica.name, BulletinReceiptRow.at)
        .outerjoin(UnitReplica, UnitReplica.id == BulletinReceiptRow.unit_id)
        .where(BulletinReceiptRow.bulletin_id == bulletin_id)
    )
    rows = await session.execute(query.order_by(BulletinReceiptRow.at))
    return [(row[0], row[1], row[2]) for row in rows]


async def template(session: AsyncSession) -> BulletinTemplateRow | None:
    """The office's newest."""
    query = select(BulletinTemplateRow).order_by(BulletinTemplateRow.number.desc()).limit(1)
    return (await session.scalars(query)).first()


async def templates(session: AsyncSession) -> list[BulletinTemplateRow]:
    """All versions, newest first, without their bytes."""
    query = select(BulletinTemplateRow).options(defer(BulletinTemplateRow.content))
    return list((await session.scalars(query.order_by(BulletinTemplateRow.number.desc()))).all())


async def has_one(session: AsyncSession, scheme_id: UUID, occasion: Occasion) -> bool:
    """Whether there is one for the occasion, or somebody has made one of the same himself, whatever became of it."""
    row = BulletinRow
    same = and_(
        row.period_id == occasion.period_id,
        row.kind == occasion.kind,
        row.week_of.is_not_distinct_from(occasion.week_of),
        row.campaign_id.is_not_distinct_from(occasion.campaign_id),
    )
    query = select(row.id).where(row.scheme_id == scheme_id, or_(row.occasion == occasion.key, same))
    return await session.scalar(query.limit(1)) is not None
