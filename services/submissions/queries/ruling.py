"""Decisions in their time of grace."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.models import RulingRow


async def is_ruled(session: AsyncSession, submission_id: UUID) -> bool:
    found = await session.scalar(select(exists().where(RulingRow.submission_id == submission_id)))
    return bool(found)


async def rulings_of(session: AsyncSession, officer_id: UUID | None) -> Sequence[RulingRow]:
    """What somebody can still undo, the latest first."""
    statement = select(RulingRow).where(RulingRow.officer_id == officer_id)
    return (await session.scalars(statement.order_by(RulingRow.made_at.desc()))).all()


async def due_rulings(session: AsyncSession) -> int:
    """How many decisions are not effective yet."""
    return int(await session.scalar(select(func.count()).select_from(RulingRow)) or 0)
