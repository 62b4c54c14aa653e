"""What hangs on a unit, and lists of what hangs on nothing."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from services.org.models import (
    AssessmentOfficeRow,
    LineAuthorityRow,
    PostingRow,
    ReorganisationRow,
    UnitRow,
)
from services.org.queries.structure import like

_COUNTS = """
SELECT (SELECT count(*) FROM unit u WHERE u.path LIKE :under AND u.id <> :unit AND u.valid_to IS NULL AND NOT u.deleted) AS units,
  (SELECT count(DISTINCT p.officer_id) FROM posting p JOIN unit u ON u.id = p.unit_id WHERE u.path LIKE :under
     AND NOT p.deleted AND (p.valid_to IS NULL OR p.valid_to >= :day)) AS people,
  (SELECT count(*) FROM line_authority a WHERE :unit IN (a.unit_id, a.scope_unit_id) AND NOT a.deleted
     AND (a.valid_to IS NULL OR a.valid_to >= :day)) AS authorities,
  (SELECT count(*) FROM assessment_office a WHERE :unit IN (a.unit_id, a.scope_unit_id) AND NOT a.deleted
     AND (a.valid_to IS NULL OR a.valid_to >= :day)) AS offices,
  (SELECT count(*) FROM role_grant g WHERE g.scope_unit_id = :unit AND g.status IN ('proposed', 'approved')) AS grants
"""


async def effects(session: AsyncSession, unit: UnitRow, day: date) -> dict[str, int]:
    """How much a change of this unit touches: units below, people, authorities, offices, grants whose scope it is."""
    known = {"under": like(unit.path) + "%", "unit": unit.id, "day": day}
    return dict((await session.execute(text(_COUNTS), known)).mappings().one())


async def below(session: AsyncSession, unit: UnitRow) -> Sequence[UnitRow]:
    """Everything below, from the top; locked."""
    query = select(UnitRow).where(UnitRow.path.like(like(unit.path) + "%"), UnitRow.id != unit.id)
    return (await session.scalars(query.order_by(UnitRow.path).with_for_update())).all()


async def open_postings(session: AsyncSession, unit_id: UUID, day: date) -> Sequence[PostingRow]:
    query = select(PostingRow).where(
        PostingRow.unit_id == unit_id,
        PostingRow.deleted.is_(False),
        or_(PostingRow.valid_to.is_(None), PostingRow.valid_to >= day),
    )
    return (await session.scalars(query.order_by(PostingRow.id).with_for_update())).all()


async def authorities(session: AsyncSession, unit_id: UUID) -> list[tuple[Any, str]]:
    """Authorities and offices that a unit has, each with the name of its message."""
    found: list[tuple[Any, str]] = []
    for kind, message in ((LineAuthorityRow, "line_authority"), (AssessmentOfficeRow, "assessment_office")):
        query = select(kind).where(kind.unit_id == unit_id, kind.deleted.is_(False), kind.valid_to.is_(None))
        found += [(row, message) for row in await session.scalars(query.with_for_update())]
    return found


async def plans(
    session: AsyncSession, page: PageRequest, *, status: str | None
) -> tuple[list[ReorganisationRow], str | None]:
    query = select(ReorganisationRow)
    if status is not None:
        query = query.where(ReorganisationRow.status == status)
    return await fetch_page(
        session, query, [ReorganisationRow.id], page, key=lambda row: [row.id], descending=True
    )


# Whoever may review there, as `submissions` asks: by any posting in the unit or below it, within scope and lines of a grant.
_STAFF = """
EXISTS (SELECT FROM role_grant g JOIN account a ON a.id = g.account_id JOIN unit scope ON scope.id = g.scope_unit_id
  JOIN posting p ON p.officer_id = a.officer_id AND NOT p.deleted AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day)
  JOIN unit home ON home.id = p.unit_id
  WHERE g.status = 'approved' AND g.valid_from <= :day AND (g.valid_to IS NULL OR g.valid_to >= :day) AND a.status = 'open'
    AND starts_with(home.path, u.path) AND (starts_with(scope.path, over.path) OR starts_with(over.path, scope.path)) AND {which})
"""
_ASSESSOR = _STAFF.format(which="g.role = 'assessor' AND (g.lines = '[]' OR g.lines ? x.line)")
_OFFICE = _STAFF.format(which="g.role = 'assessment_office'")
#: Kind → statement that gives id and what it is called.
_ORPHANS = {
    "authority-without-assessor": "SELECT x.id, u.name || ' · ' || x.line AS name FROM line_authority x "  # noqa: S608 -- constants
    "JOIN unit u ON u.id = x.unit_id JOIN unit over ON over.id = x.scope_unit_id "
    f"WHERE NOT x.deleted AND (x.valid_to IS NULL OR x.valid_to >= :day) AND NOT {_ASSESSOR}",
    "office-without-staff": "SELECT x.id, u.name FROM assessment_office x "  # noqa: S608 -- constants
    "JOIN unit u ON u.id = x.unit_id JOIN unit over ON over.id = x.scope_unit_id "
    f"WHERE NOT x.deleted AND (x.valid_to IS NULL OR x.valid_to >= :day) AND NOT {_OFFICE}",
    "unit-without-leader": "SELECT x.id, x.name FROM unit x WHERE NOT x.deleted AND x.level > 1 "
    "AND (x.valid_to IS NULL OR x.valid_to >= :day) AND NOT EXISTS (SELECT FROM role_grant g WHERE g.scope_unit_id = x.id "
    "AND g.role = 'unit_leader' AND g.status = 'approved' AND (g.valid_to IS NULL OR g.valid_to >= :day))",
    "grant-of-who-left": "SELECT g.id, a.name || ' · ' || g.role AS name FROM role_grant g JOIN account a ON a.id = g.account_id "
    "LEFT JOIN officer o ON o.id = a.officer_id WHERE g.status = 'approved' AND (g.valid_to IS NULL OR g.valid_to >= :day) "
    "AND (a.status <> 'open' OR o.status IN ('left', 'retired'))",
    "grant-in-closed-unit": "SELECT g.id, a.name || ' · ' || u.name AS name FROM role_grant g JOIN account a ON a.id = g.account_id "
    "JOIN unit u ON u.id = g.scope_unit_id WHERE g.status = 'approved' AND (g.valid_to IS NULL OR g.valid_to >= :day) AND u.valid_to < :day",
    "officer-without-posting": "SELECT o.id, o.police_number || ' ' || o.name AS name FROM officer o WHERE o.status IN ('in_service', 'probation') "
    "AND NOT EXISTS (SELECT FROM posting p WHERE p.officer_id = o.id AND p.is_primary AND NOT p.deleted AND p.valid_from <= :day "
    "AND (p.valid_to IS NULL OR p.valid_to >= :day))",
}
ORPHANS = tuple(_ORPHANS)


async def orphans(
    session: AsyncSession, kind: str, day: date, *, after: UUID | None, limit: int
) -> list[tuple[UUID, str]]:
    """Those of a kind, in order of id."""
    statement = f"SELECT id, name FROM ({_ORPHANS[kind]}) found WHERE id > :after ORDER BY id LIMIT :limit"  # noqa: S608 -- constants
    known = {"day": day, "after": after or UUID(int=0), "limit": limit}
    return [(row.id, row.name) for row in await session.execute(text(statement), known)]


async def orphan_counts(session: AsyncSession, day: date) -> dict[str, int]:
    counts = {}
    for kind, statement in _ORPHANS.items():
        counted = text(f"SELECT count(*) FROM ({statement}) found")  # noqa: S608 -- constants
        counts[kind] = int(await session.scalar(counted, {"day": day}) or 0)
    return counts
