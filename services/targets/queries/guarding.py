"""What the guard finds in a scheme, and the exceptions that were signed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.targets.domain.guard import Guard, Guarded, Match, matches
from services.targets.models import GuardExceptionRow, GuardRow, IndicatorRow
from services.targets.queries.schemes import indicators_of


async def guards(session: AsyncSession) -> list[Guard]:
    """Those in use."""
    rows = await session.scalars(select(GuardRow).where(GuardRow.active).order_by(GuardRow.id))
    return [Guard(row.id, row.title, row.words, row.ground) for row in rows]


async def exceptions_of(session: AsyncSession, scheme_id: UUID) -> Sequence[GuardExceptionRow]:
    statement = select(GuardExceptionRow).where(GuardExceptionRow.scheme_id == scheme_id)
    return (await session.scalars(statement.order_by(GuardExceptionRow.id))).all()


async def guarded(session: AsyncSession, scheme_id: UUID) -> tuple[list[Match], Sequence[GuardExceptionRow]]:
    """What still stands against the scheme, and what was excepted. An exception is for the name that it was signed for."""
    signed = await exceptions_of(session, scheme_id)
    excepted = {(one.indicator_id, one.guard_id, one.indicator_name) for one in signed}
    read = [_read(row) for row in await indicators_of(session, scheme_id) if row.active]
    found = matches(read, await guards(session))
    return [m for m in found if (m.indicator.id, m.guard.id, m.indicator.name) not in excepted], signed


def _read(row: IndicatorRow) -> Guarded:
    return Guarded(row.id, row.code, row.name, row.unit_of_measure)
