"""Delegations and recusals, as far as somebody may see them."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, fetch_page, keyset
from kernel.identity import Principal
from services.org.models import AccountRow, DelegationRow, GrantRow, RecusalRow


async def delegations(
    session: AsyncSession, page: PageRequest, *, by: Principal, everybody: bool
) -> tuple[list[tuple[DelegationRow, GrantRow]], str | None]:
    """Newest first; one's own given and taken ones, or everybody's for those who see all grants."""
    query: Any = select(DelegationRow, GrantRow).join(GrantRow, GrantRow.id == DelegationRow.grant_id)
    if not everybody:
        me = by.account_id
        query = query.where(or_(DelegationRow.from_account_id == me, DelegationRow.to_account_id == me))
    rows = (await session.execute(keyset(query, [DelegationRow.id], page, descending=True))).all()
    shown, following = cut(rows, page, lambda row: [row[0].id])
    return [(row[0], row[1]) for row in shown], following


async def own_recusals(
    session: AsyncSession, page: PageRequest, *, by: Principal
) -> tuple[list[RecusalRow], str | None]:
    """What one declared or asked for; not what others did about oneself."""
    query = select(RecusalRow).where(RecusalRow.asked_by == by.account_id, RecusalRow.mirrors.is_(None))
    return await fetch_page(session, query, [RecusalRow.id], page, key=lambda row: [row.id], descending=True)


async def requested_recusals(
    session: AsyncSession, page: PageRequest, *, status: str | None
) -> tuple[list[RecusalRow], str | None]:
    """Requests, never declarations: those are confidential."""
    query = select(RecusalRow).where(RecusalRow.ground == "requested")
    if status is not None:
        query = query.where(RecusalRow.status == status)
    return await fetch_page(session, query, [RecusalRow.id], page, key=lambda row: [row.id])


async def substitutes(session: AsyncSession, q: str) -> list[AccountRow]:
    """Whom one may name: open accounts of officers, by the beginning of the name or number."""
    query = select(AccountRow).where(AccountRow.status == "open", AccountRow.officer_id.is_not(None))
    found = or_(
        AccountRow.name.startswith(q, autoescape=True), AccountRow.username.startswith(q, autoescape=True)
    )
    return list((await session.scalars(query.where(found).order_by(AccountRow.username).limit(20))).all())
