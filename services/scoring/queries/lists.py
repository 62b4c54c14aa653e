"""Entries, statements and awards as lists, with the one rule of who sees them."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from kernel.errors import NotFound
from kernel.identity import Principal
from services.scoring.models import AwardRow, EntryRow, StatementRow
from services.scoring.replicas import IndicatorReplica, OfficerReplica, UnitReplica

Listed = TypeVar("Listed", EntryRow, StatementRow, AwardRow)


def visible_to(principal: Principal, row: type[Any]) -> ColumnElement[bool]:
    """One's own; one's own unit's and those above it; the subtrees of one's grants. For rows joined to `UnitReplica`.

    A grant for some business lines sees the totals of its subtree, and of entries those of its lines.
    """
    ways: list[ColumnElement[bool]] = []
    if principal.officer_id is not None:
        ways.append(and_(row.subject_kind == "officer", row.subject_id == principal.officer_id))
    if principal.unit_path is not None:
        ways.append(
            and_(row.subject_kind == "unit", func.starts_with(literal(principal.unit_path), UnitReplica.path))
        )
    for scope in principal.scopes("scoring:read"):
        here: ColumnElement[bool] = func.starts_with(UnitReplica.path, scope.path)
        if scope.lines and row is EntryRow:
            lines = select(IndicatorReplica.id).where(IndicatorReplica.line.in_(scope.lines))
            here = and_(here, EntryRow.indicator_id.in_(lines))
        ways.append(here)
    return or_(false(), *ways)


def _base(row: type[Listed], principal: Principal) -> Select[Listed]:
    return select(row).join(UnitReplica, UnitReplica.id == row.unit_id).where(visible_to(principal, row))


def _filtered(query: Select[Any], row: type[Any], filters: dict[str, Any]) -> Select[Any]:
    under = filters.pop("under", None)
    if under:
        query = query.where(UnitReplica.path.startswith(under, autoescape=True))
    for name, wanted in filters.items():
        if wanted is not None:
            query = query.where(getattr(row, name) == wanted)
    return query


async def entries(
    session: AsyncSession, page: PageRequest, principal: Principal, **filters: Any
) -> tuple[list[EntryRow], str | None]:
    query = _filtered(_base(EntryRow, principal), EntryRow, filters)
    return await fetch_page(session, query, [EntryRow.seq], page, key=lambda row: [row.seq])


async def entry(session: AsyncSession, entry_id: UUID, principal: Principal) -> EntryRow:
    return await _one(session, _base(EntryRow, principal).where(EntryRow.id == entry_id))


async def statements(
    session: AsyncSession, page: PageRequest, principal: Principal, **filters: Any
) -> tuple[list[StatementRow], str | None]:
    query = _filtered(_base(StatementRow, principal), StatementRow, filters)
    return await fetch_page(session, query, [StatementRow.id], page, key=lambda row: [row.id])


async def statement(
    session: AsyncSession, subject_id: UUID, period_id: UUID, principal: Principal
) -> StatementRow:
    query = _base(StatementRow, principal)
    return await _one(
        session, query.where(StatementRow.subject_id == subject_id, StatementRow.period_id == period_id)
    )


async def awards(
    session: AsyncSession, page: PageRequest, principal: Principal, **filters: Any
) -> tuple[list[AwardRow], str | None]:
    query = _filtered(_base(AwardRow, principal), AwardRow, filters)
    return await fetch_page(session, query, [AwardRow.id], page, key=lambda row: [row.id])


async def award(session: AsyncSession, award_id: UUID, principal: Principal) -> AwardRow:
    return await _one(session, _base(AwardRow, principal).where(AwardRow.id == award_id))


async def _one(session: AsyncSession, query: Select[Listed]) -> Listed:
    row = await session.scalar(query)
    if row is None:
        raise NotFound
    return row


async def officer_name(session: AsyncSession, officer_id: UUID) -> str:
    return await session.scalar(select(OfficerReplica.name).where(OfficerReplica.id == officer_id)) or ""


async def entries_of(session: AsyncSession, subject_id: UUID, period_id: UUID) -> list[EntryRow]:
    query = select(EntryRow).where(EntryRow.subject_id == subject_id, EntryRow.period_id == period_id)
    return list((await session.scalars(query.order_by(EntryRow.seq))).all())


async def indicators(session: AsyncSession, ids: set[UUID]) -> dict[UUID, IndicatorReplica]:
    rows = await session.scalars(select(IndicatorReplica).where(IndicatorReplica.id.in_(ids)))
    return {row.id: row for row in rows}
