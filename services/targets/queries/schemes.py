"""Reading schemes, indicators, periods and imports; locking them for a change."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import NotFound
from services.targets.models import (
    HistoryRow,
    ImportRow,
    IndicatorRevisionRow,
    IndicatorRow,
    PeriodRow,
    SchemeRow,
)


async def get_scheme(
    session: AsyncSession, scheme_id: UUID, *, where: ColumnElement[bool], locked: bool = False
) -> SchemeRow:
    statement = select(SchemeRow).where(SchemeRow.id == scheme_id, where)
    return await _one(session, statement.with_for_update() if locked else statement)


async def get_indicator(
    session: AsyncSession, indicator_id: UUID, *, where: ColumnElement[bool], locked: bool = False
) -> tuple[IndicatorRow, SchemeRow]:
    """The indicator and its scheme, both locked if asked; the condition is on the scheme."""
    statement = (
        select(IndicatorRow, SchemeRow)
        .join(SchemeRow, SchemeRow.id == IndicatorRow.scheme_id)
        .where(IndicatorRow.id == indicator_id, where)
    )
    row = (await session.execute(statement.with_for_update() if locked else statement)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def get_import(
    session: AsyncSession, import_id: UUID, *, where: ColumnElement[bool], locked: bool = False
) -> tuple[ImportRow, SchemeRow]:
    statement = (
        select(ImportRow, SchemeRow)
        .join(SchemeRow, SchemeRow.id == ImportRow.scheme_id)
        .where(ImportRow.id == import_id, where)
    )
    row = (await session.execute(statement.with_for_update() if locked else statement)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def periods_of(session: AsyncSession, scheme_id: UUID) -> Sequence[PeriodRow]:
    statement = select(PeriodRow).where(PeriodRow.scheme_id == scheme_id).order_by(PeriodRow.starts_on)
    return (await session.scalars(statement)).all()


async def indicators_of(session: AsyncSession, scheme_id: UUID) -> Sequence[IndicatorRow]:
    statement = select(IndicatorRow).where(IndicatorRow.scheme_id == scheme_id)
    return (await session.scalars(statement.order_by(IndicatorRow.position, IndicatorRow.id))).all()


async def revisions_of(session: AsyncSession, indicator_id: UUID) -> Sequence[IndicatorRevisionRow]:
    statement = select(IndicatorRevisionRow).where(IndicatorRevisionRow.indicator_id == indicator_id)
    return (await session.scalars(statement.order_by(IndicatorRevisionRow.revision))).all()


def timeline_of(thing_id: UUID) -> Select[HistoryRow]:
    return select(HistoryRow).where(HistoryRow.thing_id == thing_id)


async def _one(session: AsyncSession, statement: Select[SchemeRow]) -> SchemeRow:
    row = (await session.scalars(statement)).one_or_none()
    if row is None:
        raise NotFound
    return row
