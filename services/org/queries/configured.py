"""Parameters, words and machines."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.db.paging import PageRequest, cut, keyset
from services.org.domain.lockout import LockRule
from services.org.domain.parameters import DEFINITIONS
from services.org.domain.passwords import Demands
from services.org.models import AccountRow, MachineRow, ParameterRow, TermRow


async def held(session: AsyncSession, day: date) -> dict[str, str]:
    """Key → the value that holds on a day, where anything was ever approved."""
    query = (
        select(ParameterRow.key, ParameterRow.value)
        .where(ParameterRow.status == "approved", ParameterRow.effective_on <= day)
        .order_by(ParameterRow.effective_on, ParameterRow.decided_at)
    )
    return dict((key, value) for key, value in (await session.execute(query)).all())  # noqa: C402 -- rows, typed


async def figures(session: AsyncSession, day: date) -> dict[str, int]:
    """What holds on the day of every parameter, what nobody ever changed included."""
    found = await held(session, day)
    return {key: int(found.get(key, known.default)) for key, known in DEFINITIONS.items()}


async def demands(session: AsyncSession, day: date) -> Demands:
    found = await figures(session, day)
    life = timedelta(days=found["password-days"])
    return Demands(found["password-length"], life, found["password-history"])


async def lock_rule(session: AsyncSession, day: date) -> LockRule:
    found = await figures(session, day)
    return LockRule(found["lockout-failures"], timedelta(minutes=found["lockout-minutes"]))


async def changes(
    session: AsyncSession, page: PageRequest, *, status: str | None
) -> tuple[list[tuple[ParameterRow, str | None, str | None]], str | None]:
    """Newest first, with the names of who proposed and who decided."""
    proposer, decider = aliased(AccountRow), aliased(AccountRow)
    query: Any = (
        select(ParameterRow, proposer.name, decider.name)
        .outerjoin(proposer, proposer.id == ParameterRow.proposed_by)
        .outerjoin(decider, decider.id == ParameterRow.decided_by)
    )
    if status is not None:
        query = query.where(ParameterRow.status == status)
    rows = (await session.execute(keyset(query, [ParameterRow.id], page, descending=True))).all()
    shown, following = cut(rows, page, lambda row: [row[0].id])
    return [(row[0], row[1], row[2]) for row in shown], following


async def terms(session: AsyncSession, dictionary: str | None) -> list[TermRow]:
    query = select(TermRow).order_by(TermRow.dictionary, TermRow.position, TermRow.code).limit(2000)
    if dictionary is not None:
        query = query.where(TermRow.dictionary == dictionary)
    return list((await session.scalars(query)).all())


async def machines(session: AsyncSession) -> list[MachineRow]:
    return list((await session.scalars(select(MachineRow).order_by(MachineRow.name).limit(500))).all())
