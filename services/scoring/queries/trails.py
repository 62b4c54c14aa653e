"""The life of a score, for the auditor: whose, under which rule, what came before and after it, in which seal."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, keyset
from kernel.errors import NotFound
from services.scoring.models import EntryRow, SealRow
from services.scoring.replicas import (
    IndicatorReplica,
    OfficerReplica,
    PeriodReplica,
    UnitReplica,
)


@dataclass(frozen=True, slots=True)
class Trail:
    """An entry with the names of what it is about. `officer`: of an entry of a person; `indicator`: none for awards."""

    entry: EntryRow
    officer: OfficerReplica | None
    unit: UnitReplica
    period: PeriodReplica
    indicator: IndicatorReplica | None


def _trails() -> Any:
    officer = and_(EntryRow.subject_kind == "officer", OfficerReplica.id == EntryRow.subject_id)
    return (
        select(EntryRow, OfficerReplica, UnitReplica, PeriodReplica, IndicatorReplica)
        .join(UnitReplica, UnitReplica.id == EntryRow.unit_id)
        .join(PeriodReplica, PeriodReplica.id == EntryRow.period_id)
        .outerjoin(OfficerReplica, officer)
        .outerjoin(IndicatorReplica, IndicatorReplica.id == EntryRow.indicator_id)
    )


async def found(
    session: AsyncSession, page: PageRequest, *, who: str | None, month: str | None
) -> tuple[list[Trail], str | None]:
    """Newest first. `who`: police number or name of a person, code or name of a unit, in full."""
    query = _trails()
    if who:
        unit = and_(EntryRow.subject_kind == "unit", or_(UnitReplica.code == who, UnitReplica.name == who))
        query = query.where(or_(OfficerReplica.police_number == who, OfficerReplica.name == who, unit))
    if month:
        query = query.where(PeriodReplica.code == month)
    rows = (await session.execute(keyset(query, [EntryRow.seq], page, descending=True))).all()
    shown, following = cut(rows, page, lambda row: [row[0].seq])
    return [Trail(*row) for row in shown], following


async def one(session: AsyncSession, entry_id: UUID) -> Trail:
    row = (await session.execute(_trails().where(EntryRow.id == entry_id))).first()
    if row is None:
        raise NotFound
    return Trail(*row)


async def beside(session: AsyncSession, entry: EntryRow) -> list[EntryRow]:
    """All entries of the same subject, indicator and period (of an award: of the same award), in the order of posting."""
    same = and_(
        EntryRow.subject_id == entry.subject_id,
        EntryRow.period_id == entry.period_id,
        EntryRow.indicator_id.is_not_distinct_from(entry.indicator_id),
    )
    if entry.indicator_id is None:
        same = and_(same, EntryRow.award_id.is_not_distinct_from(entry.award_id))
    return list((await session.scalars(select(EntryRow).where(same).order_by(EntryRow.seq))).all())


async def hash_before(session: AsyncSession, entry: EntryRow) -> str | None:
    """The hash of the entry with the number before; None if there is no such entry."""
    return cast(
        "str | None", await session.scalar(select(EntryRow.hash).where(EntryRow.seq == entry.seq - 1))
    )


async def seal_of(session: AsyncSession, period_id: UUID) -> SealRow | None:
    """The main seal of the period; None while it is not sealed."""
    query = select(SealRow).where(SealRow.period_id == period_id, SealRow.kind == "main")
    return cast("SealRow | None", await session.scalar(query))


async def seals(
    session: AsyncSession, page: PageRequest
) -> tuple[list[tuple[SealRow, PeriodReplica | None]], str | None]:
    """All acts of sealing, the newest first."""
    query: Any = select(SealRow, PeriodReplica).outerjoin(
        PeriodReplica, PeriodReplica.id == SealRow.period_id
    )
    rows = (await session.execute(keyset(query, [SealRow.number], page, descending=True))).all()
    shown, following = cut(rows, page, lambda row: [row[0].number])
    return [(row[0], row[1]) for row in shown], following
