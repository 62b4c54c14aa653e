"""Assessment offices and line authorities."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from services.org.models import AssessmentOfficeRow, LineAuthorityRow


async def offices(session: AsyncSession, page: PageRequest) -> tuple[list[AssessmentOfficeRow], str | None]:
    query = select(AssessmentOfficeRow).where(AssessmentOfficeRow.deleted.is_(False))
    return await fetch_page(session, query, [AssessmentOfficeRow.id], page, key=lambda row: [row.id])


async def authorities(
    session: AsyncSession, page: PageRequest, *, scope_unit_id: UUID | None, line: str | None
) -> tuple[list[LineAuthorityRow], str | None]:
    query: Select[Any] = select(LineAuthorityRow).where(LineAuthorityRow.deleted.is_(False))
    if scope_unit_id is not None:
        query = query.where(LineAuthorityRow.scope_unit_id == scope_unit_id)
    if line is not None:
        query = query.where(LineAuthorityRow.line == line)
    return await fetch_page(session, query, [LineAuthorityRow.id], page, key=lambda row: [row.id])
