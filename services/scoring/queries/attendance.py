"""Attendance as it stands: of each officer, day and kind the newest record."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, literal, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from kernel.identity import Principal
from services.scoring.domain.attendance import ImportMissing, Member
from services.scoring.models import AttendanceImportRow, AttendanceRow
from services.scoring.queries import facts, planned
from services.scoring.queries.lists import visible_to
from services.scoring.replicas import OfficerReplica, PeriodReplica, SchemeReplica, UnitReplica

Key = tuple[UUID, date, str]
_NEWEST = text(
    """
    SELECT DISTINCT ON (a.officer_id, a.day, a.kind) a.officer_id, a.day, a.kind, a.quantity
    FROM attendance a JOIN unnest(CAST(:officers AS uuid[]), CAST(:days AS date[]), CAST(:kinds AS text[])) AS k(o, d, c)
      ON a.officer_id = k.o AND a.day = k.d AND a.kind = k.c
    ORDER BY a.officer_id, a.day, a.kind, a.id DESC
    """
)


async def members(
    session: AsyncSession, numbers: Collection[str], day: date, by: Principal
) -> dict[str, Member]:
    """By police number; the unit is the home on the day, and the scope is looked at there."""
    query = select(OfficerReplica).where(OfficerReplica.police_number.in_(numbers))
    officers = (await session.scalars(query)).all()
    homes = await facts.homes(session, day)
    units = select(UnitReplica.id, UnitReplica.path).where(UnitReplica.id.in_(set(homes.values())))
    paths = {row.id: row.path for row in await session.execute(units)}
    return {
        officer.police_number: Member(
            officer.id,
            officer.name,
            homes[officer.id],
            by.covers("scoring:award", paths[homes[officer.id]]),
            paths[homes[officer.id]],
        )
        for officer in officers
        if officer.id in homes and homes[officer.id] in paths
    }


async def sealed_spans(session: AsyncSession) -> list[tuple[date, date]]:
    """Of sealed periods that a plan with attendance in it has scored."""
    query = (
        select(PeriodReplica.starts_on, PeriodReplica.ends_on, SchemeReplica.plan)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(PeriodReplica.status == facts.SEALED, planned.by_plan())
    )
    rows = (await session.execute(query)).all()
    return [(row.starts_on, row.ends_on) for row in rows if planned.bound(row.plan).takes_attendance]


async def newest(session: AsyncSession, keys: Sequence[Key]) -> Mapping[Key, Row[Any]]:
    named = {"officers": [k[0] for k in keys], "days": [k[1] for k in keys], "kinds": [k[2] for k in keys]}
    rows = (await session.execute(_NEWEST, named)).all()
    return {(row.officer_id, row.day, row.kind): row for row in rows}


async def rows_of(session: AsyncSession, import_id: UUID) -> Sequence[AttendanceRow]:
    query = select(AttendanceRow).where(AttendanceRow.import_id == import_id)
    return (await session.scalars(query.order_by(AttendanceRow.id))).all()


async def an_import(
    session: AsyncSession, import_id: UUID, by: Principal, *, lock: bool = False
) -> AttendanceImportRow:
    """One's own: the workbook of somebody else may hold people outside one's scope."""
    query = select(AttendanceImportRow).where(
        AttendanceImportRow.id == import_id, AttendanceImportRow.account_id == by.account_id
    )
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise ImportMissing
    return row


async def imports(
    session: AsyncSession, page: PageRequest, by: Principal
) -> tuple[list[AttendanceImportRow], str | None]:
    query = select(AttendanceImportRow).where(AttendanceImportRow.account_id == by.account_id)
    columns = [AttendanceImportRow.id]
    return await fetch_page(session, query, columns, page, key=lambda row: [row.id], descending=True)


async def records(
    session: AsyncSession,
    page: PageRequest,
    by: Principal,
    *,
    officer_id: UUID | None,
    since: date | None,
    until: date | None,
) -> tuple[list[AttendanceRow], str | None]:
    """What stands, for those who see the scores of these officers."""
    standing = _standing(since, until)
    if officer_id is not None:
        standing = standing.where(AttendanceRow.officer_id == officer_id)
    last = standing.subquery()
    query = (
        select(AttendanceRow)
        .join(last, last.c.id == AttendanceRow.id)
        .join(UnitReplica, UnitReplica.id == AttendanceRow.unit_id)
        .where(AttendanceRow.quantity > Decimal(0), _visible(by))
    )
    return await fetch_page(session, query, [AttendanceRow.id], page, key=lambda row: [row.id])


def _standing(since: date | None, until: date | None) -> Select[Any]:
    a = AttendanceRow
    query = select(a.id).ext(distinct_on(a.officer_id, a.day, a.kind))
    if since is not None:
        query = query.where(a.day >= since)
    if until is not None:
        query = query.where(a.day <= until)
    return query.order_by(a.officer_id, a.day, a.kind, a.id.desc())


def _visible(by: Principal) -> Any:
    return visible_to(by, _AsSubject)


class _AsSubject:
    """An attendance record as the score of an officer, for the one rule of who sees what."""

    subject_kind = literal("officer")
    subject_id = AttendanceRow.officer_id
