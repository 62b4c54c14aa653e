"""Appeals against ledger entries, for those concerned and those who hear them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.db.paging import PageRequest, fetch_page
from kernel.identity import Principal
from kernel.recusal import Standing
from services.scoring.domain.appeals import AppealMissing, AppealState
from services.scoring.models import AwardRow, EntryAppealRow, EntryRow
from services.scoring.queries import lists
from services.scoring.queries.hearing import OPEN, decidable_by
from services.scoring.replicas import OfficerReplica, PeriodReplica, UnitReplica


@dataclass(frozen=True, slots=True)
class Disputed:
    """What a reader has to know of the entry that an appeal is against."""

    subject_name: str
    unit_name: str
    period_code: str
    entry_seq: int
    entry_kind: str
    occurred_on: date
    reason_zh: str
    reason_en: str


def visible_to(by: Principal) -> ColumnElement[bool]:
    """One's own, those about figures that one sees, and those that one may decide. Joined to the unit."""
    ways = [EntryAppealRow.filed_by == by.account_id, lists.visible_to(by, EntryAppealRow)]
    ways += [func.starts_with(UnitReplica.path, scope.path) for scope in by.scopes("scoring:decide_appeals")]
    return or_(*ways)


async def appeals(
    session: AsyncSession,
    page: PageRequest,
    by: Principal,
    *,
    period_id: UUID | None = None,
    subject_id: UUID | None = None,
    running: bool | None = None,
    judge: Standing | None = None,
    mine: bool = False,
) -> tuple[list[EntryAppealRow], str | None]:
    """`judge`: only those that `by` may decide, standing so. `mine`: filed by `by`."""
    query = (
        select(EntryAppealRow)
        .join(UnitReplica, UnitReplica.id == EntryAppealRow.unit_id)
        .where(visible_to(by))
    )
    if period_id is not None:
        query = query.where(EntryAppealRow.period_id == period_id)
    if subject_id is not None:
        query = query.where(EntryAppealRow.subject_id == subject_id)
    if running is not None:
        is_open = EntryAppealRow.status.in_(OPEN)
        query = query.where(is_open if running else ~is_open)
    if mine:
        query = query.where(EntryAppealRow.filed_by == by.account_id)
    if judge is not None:
        query = query.where(decidable_by(by, judge))
    return await fetch_page(session, query, [EntryAppealRow.id], page, key=lambda row: [row.id])


async def disputed(session: AsyncSession, rows: Sequence[EntryAppealRow]) -> dict[UUID, Disputed]:
    """By appeal: whom it is about and what the entry says."""
    row, entry, home, own = EntryAppealRow, EntryRow, UnitReplica, aliased(UnitReplica)
    query = (
        select(
            row.id, func.coalesce(OfficerReplica.name, own.name, ""), home.name, PeriodReplica.code, entry.seq, entry.kind,
            entry.occurred_on, entry.reason_zh, entry.reason_en,
        )
        .join(entry, entry.id == row.entry_id)
        .join(home, home.id == row.unit_id)
        .join(PeriodReplica, PeriodReplica.id == row.period_id)
        .outerjoin(OfficerReplica, (row.subject_kind == "officer") & (OfficerReplica.id == row.subject_id))
        .outerjoin(own, (row.subject_kind == "unit") & (own.id == row.subject_id))
        .where(row.id.in_([each.id for each in rows]))
    )  # fmt: skip
    return {found[0]: Disputed(*found[1:]) for found in (await session.execute(query)).all()}


async def appeal(
    session: AsyncSession, appeal_id: UUID, by: Principal, *, lock: bool = False
) -> EntryAppealRow:
    query = (
        select(EntryAppealRow)
        .join(UnitReplica, UnitReplica.id == EntryAppealRow.unit_id)
        .where(EntryAppealRow.id == appeal_id, visible_to(by))
    )
    row = await session.scalar(query.with_for_update(of=EntryAppealRow) if lock else query)
    if row is None:
        raise AppealMissing
    return row


async def is_decidable(session: AsyncSession, row: EntryAppealRow, by: Principal, judge: Standing) -> bool:
    """Whether it is in the queue of `by`."""
    query = (
        select(EntryAppealRow.id)
        .join(UnitReplica, UnitReplica.id == EntryAppealRow.unit_id)
        .where(EntryAppealRow.id == row.id, decidable_by(by, judge))
    )
    return await session.scalar(query) is not None


async def against(session: AsyncSession, entry_id: UUID) -> Sequence[EntryAppealRow]:
    """All appeals against one entry that were not withdrawn."""
    query = select(EntryAppealRow).where(
        EntryAppealRow.entry_id == entry_id, EntryAppealRow.status != AppealState.WITHDRAWN
    )
    return (await session.scalars(query)).all()


async def scorers(session: AsyncSession, entry: EntryRow) -> set[UUID | None]:
    """Accounts and officers who had a hand in an entry."""
    found: set[UUID | None] = {entry.actor_id}
    if entry.award_id is not None:
        award = await session.get(AwardRow, entry.award_id)
        found |= {award.entered_by, award.entered_for, award.confirmed_by} if award is not None else set()
    return found - {None}


async def open_in(session: AsyncSession, period_id: UUID) -> int:
    query = select(func.count()).where(EntryAppealRow.period_id == period_id, EntryAppealRow.status.in_(OPEN))
    return int(await session.scalar(query) or 0)
