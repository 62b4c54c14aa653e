"""Decisions about people and units, with the day on which they ended."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.db.paging import PageRequest, fetch_page
from kernel.errors import NotFound
from kernel.identity import Principal
from rules.binding import Circumstance
from services.scoring.models import CircumstanceRow
from services.scoring.replicas import UnitReplica


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """One's own, and those of the subtrees in which one enters such decisions. For rows joined to `UnitReplica`."""
    row = CircumstanceRow
    ways: list[ColumnElement[bool]] = [
        func.starts_with(UnitReplica.path, scope.path) for scope in principal.scopes("scoring:award")
    ]
    if principal.officer_id is not None:
        ways.append(and_(row.subject_kind == "officer", row.subject_id == principal.officer_id))
    return or_(false(), *ways)


async def listed(
    session: AsyncSession, page: PageRequest, principal: Principal, subject_id: UUID | None
) -> tuple[list[CircumstanceRow], str | None]:
    """Newest first; a row that ends another is a row of its own."""
    query = (
        select(CircumstanceRow)
        .join(UnitReplica, UnitReplica.id == CircumstanceRow.unit_id)
        .where(visible_to(principal))
    )
    if subject_id is not None:
        query = query.where(CircumstanceRow.subject_id == subject_id)
    return await fetch_page(
        session, query, [CircumstanceRow.id], page, key=lambda row: [row.id], descending=True
    )


async def one(session: AsyncSession, circumstance_id: UUID, principal: Principal) -> CircumstanceRow:
    query = (
        select(CircumstanceRow)
        .join(UnitReplica, UnitReplica.id == CircumstanceRow.unit_id)
        .where(visible_to(principal), CircumstanceRow.id == circumstance_id)
    )
    row = await session.scalar(query)
    if row is None:
        raise NotFound
    return row


async def ended(session: AsyncSession, circumstance_id: UUID) -> bool:
    query = select(CircumstanceRow.id).where(CircumstanceRow.ends == circumstance_id)
    return await session.scalar(query) is not None


async def of(session: AsyncSession, subjects: Collection[UUID]) -> dict[UUID, tuple[Circumstance, ...]]:
    """Subject → decisions, in the order of their entry."""
    row, end = CircumstanceRow, aliased(CircumstanceRow)
    query = (
        select(
            row.subject_id, row.name, row.document_number, row.since, func.coalesce(end.until, row.until).label("until"),
            end.lifted, end.document_number.label("reference"),
        )
        .outerjoin(end, end.ends == row.id)
        .where(row.ends.is_(None), row.subject_id.in_(subjects))
        .order_by(row.id)
    )  # fmt: skip
    found: dict[UUID, list[Circumstance]] = defaultdict(list)
    for each in (await session.execute(query)).all():
        found[each.subject_id].append(_circumstance(each))
    return {subject: tuple(rows) for subject, rows in found.items()}


def _circumstance(row: Any) -> Circumstance:
    return Circumstance(
        row.name, row.document_number, row.since, row.until, row.reference if row.lifted else ""
    )
