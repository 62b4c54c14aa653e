"""What people see of their own account, and what administrators see of sessions and reports."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, fetch_page, keyset
from services.org.models import AccountRow, RosterReportRow, SessionRow, SignInRow


async def sign_ins(
    session: AsyncSession, page: PageRequest, *, account_id: UUID
) -> tuple[list[SignInRow], str | None]:
    query = select(SignInRow).where(SignInRow.account_id == account_id)
    return await fetch_page(session, query, [SignInRow.id], page, key=lambda row: [row.id], descending=True)


async def reports(
    session: AsyncSession, page: PageRequest, *, status: str | None
) -> tuple[list[RosterReportRow], str | None]:
    query = select(RosterReportRow)
    if status is not None:
        query = query.where(RosterReportRow.status == status)
    return await fetch_page(session, query, [RosterReportRow.id], page, key=lambda row: [row.id])


async def all_sessions(
    session: AsyncSession, page: PageRequest
) -> tuple[list[tuple[SessionRow, AccountRow]], str | None]:
    """Everybody's that is open now, newest first."""
    now = func.clock_timestamp()
    query: Any = (
        select(SessionRow, AccountRow)
        .join(AccountRow, AccountRow.id == SessionRow.account_id)
        .where(SessionRow.revoked_at.is_(None), SessionRow.ends_at > now, SessionRow.idle_until > now)
    )
    rows = (await session.execute(keyset(query, [SessionRow.id], page, descending=True))).all()
    shown, following = cut(rows, page, lambda row: [row[0].id])
    return [(row[0], row[1]) for row in shown], following
