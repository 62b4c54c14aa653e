"""What a roster import compares with."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import NotFound
from services.org.domain.roster.planning import Known
from services.org.models import OfficerRow, RosterImportRow, UnitRow


async def known(session: AsyncSession) -> Known:
    units = (await session.execute(select(UnitRow.name, UnitRow.code, UnitRow.level))).all()
    officers = (await session.execute(select(OfficerRow.police_number, OfficerRow.name))).all()
    return Known(
        {u.name: (u.code, u.level) for u in units}, {o.police_number: (o.name, "") for o in officers}
    )


async def roster_import(session: AsyncSession, import_id: UUID) -> RosterImportRow:
    row = await session.get(RosterImportRow, import_id)
    if row is None:
        raise NotFound
    return row


async def errors(
    session: AsyncSession, import_id: UUID, *, start: int, count: int
) -> list[dict[str, object]]:
    """Some of the errors, taken apart in the database: the list may be long."""
    element = func.jsonb_array_elements(RosterImportRow.errors).column_valued("error")
    query = select(element).select_from(RosterImportRow, element).where(RosterImportRow.id == import_id)
    return list((await session.scalars(query.offset(start).limit(count))).all())
