"""Parameters, words and machines."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from services.org.models import MachineRow, ParameterRow, TermRow


async def held(session: AsyncSession, day: date) -> dict[str, str]:
    """Key → the value that holds on a day, where anything was ever approved."""
    query = (
        select(ParameterRow.key, ParameterRow.value)
        .where(ParameterRow.status == "approved", ParameterRow.effective_on <= day)
        .order_by(ParameterRow.effective_on, ParameterRow.decided_at)
    )
    return dict((key, value) for key, value in (await session.execute(query)).all())  # noqa: C402 -- rows, typed


async def changes(
    session: AsyncSession, page: PageRequest, *, status: str | None
) -> tuple[list[ParameterRow], str | None]:
    """Newest first."""
    query = select(ParameterRow)
    if status is not None:
        query = query.where(ParameterRow.status == status)
    return await fetch_page(
        session, query, [ParameterRow.id], page, key=lambda row: [row.id], descending=True
    )


async def terms(session: AsyncSession, dictionary: str | None) -> list[TermRow]:
    query = select(TermRow).order_by(TermRow.dictionary, TermRow.position, TermRow.code).limit(2000)
    if dictionary is not None:
        query = query.where(TermRow.dictionary == dictionary)
    return list((await session.scalars(query)).all())


async def machines(session: AsyncSession) -> list[MachineRow]:
    return list((await session.scalars(select(MachineRow).order_by(MachineRow.name).limit(500))).all())
