"""Roster imports: what they are compared with, what is shown of them."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.db.paging import PageRequest, fetch_page
from kernel.errors import NotFound
from services.org.domain.roster.headers import SheetKind
from services.org.domain.roster.planning import KnownUnit, UnitPlan, jump
from services.org.domain.roster.reading import CATEGORIES, KINDS
from services.org.models import (
    OfficerRow,
    PostingRow,
    RosterImportRow,
    RosterLineRow,
    RosterPatchRow,
    SeriesRow,
    UnitRow,
)
from services.org.queries.people import primary_on

#: Whether a line has a finding that keeps it out, not only a warning.
ANY_ERROR = "jsonb_path_exists(findings, '$[*] ? (@.severity == \"error\")')"
EFFECTS = ("new", "returned", "moved", "changed", "same", "left")
L = RosterLineRow


async def known_units(session: AsyncSession, today: date) -> list[KnownUnit]:
    parent = aliased(UnitRow)
    query = (
        select(UnitRow.code, UnitRow.name, UnitRow.level, parent.code, SeriesRow.name, UnitRow.lines)
        .outerjoin(parent, parent.id == UnitRow.parent_id)
        .outerjoin(SeriesRow, SeriesRow.id == UnitRow.series_id)
        .where(UnitRow.deleted.is_(False), or_(UnitRow.valid_to.is_(None), UnitRow.valid_to >= today))
    )
    rows = (await session.execute(query)).all()
    return [KnownUnit(c, n, level, p or "", s or "", tuple(lines)) for c, n, level, p, s, lines in rows]


async def roster_import(session: AsyncSession, import_id: UUID) -> RosterImportRow:
    row = await session.get(RosterImportRow, import_id)
    if row is None:
        raise NotFound
    return row


async def workbook(session: AsyncSession, import_id: UUID) -> bytes:
    content: bytes | None = await session.scalar(
        select(RosterImportRow.workbook).where(RosterImportRow.id == import_id)
    )
    if content is None:
        raise NotFound
    return content


async def imports(session: AsyncSession, page: PageRequest) -> tuple[list[RosterImportRow], str | None]:
    """Newest first."""
    query = select(RosterImportRow)
    columns = [RosterImportRow.id]
    return await fetch_page(session, query, columns, page, key=lambda row: [row.id], descending=True)


async def patches(session: AsyncSession, import_id: UUID) -> dict[str, dict[tuple[int, str], str]]:
    """Sheet → (row, field) → corrected value."""
    found: dict[str, dict[tuple[int, str], str]] = defaultdict(dict)
    for row in await session.scalars(select(RosterPatchRow).where(RosterPatchRow.import_id == import_id)):
        found[row.sheet][row.row, row.field] = row.value
    return dict(found)


async def findings(
    session: AsyncSession, import_id: UUID, page: PageRequest
) -> tuple[list[RosterLineRow], str | None]:
    """Only the rows with findings, in the order of the workbook."""
    query = select(L).where(L.import_id == import_id, L.findings.is_not(None))
    return await fetch_page(session, query, [L.position], page, key=lambda row: [row.position])


async def effects(
    session: AsyncSession, import_id: UUID, page: PageRequest, *, effect: str | None
) -> tuple[list[RosterLineRow], str | None]:
    """What would happen to whom; those to whom nothing happens are left out unless asked for."""
    query: Select[Any] = select(L).where(L.import_id == import_id, L.effect.is_not(None))
    query = query.where(L.effect == effect) if effect else query.where(L.effect != "same")
    return await fetch_page(session, query, [L.position], page, key=lambda row: [row.position])


async def counted(session: AsyncSession, row: RosterImportRow, plan: UnitPlan) -> dict[str, Any]:
    """The counters of the preview: rows that can be imported, warnings, errors, effects, head count."""
    query = select(L.kind, L.effect, L.findings.is_not(None), func.count()).where(L.import_id == row.id)
    groups = (await session.execute(query.group_by(L.kind, L.effect, L.findings.is_not(None)))).all()
    severity: Any = literal_column(ANY_ERROR)
    wrong = select(severity, func.count()).where(L.import_id == row.id, L.findings.is_not(None))
    bad: dict[bool, int] = {e: n for e, n in (await session.execute(wrong.group_by(severity))).all()}  # noqa: C416 -- rows, typed
    by_effect = {e: sum(n for _, effect, _, n in groups if effect == e) for e in EFFECTS}
    people = sum(n for kind, _, _, n in groups if kind == "person")
    before = by_effect["moved"] + by_effect["changed"] + by_effect["same"] + by_effect["left"]
    return {
        "rows": people + len(plan.units) + sum(r.finding["severity"] == "error" for r in plan.refused),
        "importable": sum(n for kind, e, _, n in groups if kind == "person" and e) + len(plan.units),
        "errors": bad.get(True, 0),
        "warnings": bad.get(False, 0),
        "units": {effect: plan.count(effect) for effect in ("new", "changed", "same")},
        "people": by_effect,
        "head_count": dict(jump(before, people)) if people else dict(jump(0, 0)),
    }


async def all_findings(session: AsyncSession, import_id: UUID) -> dict[str, dict[int, list[dict[str, Any]]]]:
    """Sheet → row → findings."""
    found: dict[str, dict[int, list[dict[str, Any]]]] = defaultdict(dict)
    query = select(L.sheet, L.row, L.findings).where(L.import_id == import_id, L.findings.is_not(None))
    for sheet, row, told in await session.execute(query):
        found[sheet].setdefault(row, []).extend(told)
    return dict(found)


async def present(session: AsyncSession, today: date) -> dict[SheetKind, list[tuple[Any, ...]]]:
    """What the system has now, in the columns of the template."""
    kinds = {kind: word for word, kind in reversed(KINDS.items())}
    categories = {meaning: word for word, meaning in reversed(CATEGORIES.items())}
    parent = aliased(UnitRow)
    holds = or_(UnitRow.valid_to.is_(None), UnitRow.valid_to >= today)
    units = (
        select(UnitRow, parent.name, SeriesRow.name)
        .outerjoin(parent, parent.id == UnitRow.parent_id)
        .outerjoin(SeriesRow, SeriesRow.id == UnitRow.series_id)
        .where(UnitRow.deleted.is_(False), holds)
        .order_by(UnitRow.path)
    )
    people = (
        select(OfficerRow, PostingRow, UnitRow.name, SeriesRow.name)
        .join(PostingRow, primary_on(today))
        .join(UnitRow, UnitRow.id == PostingRow.unit_id)
        .outerjoin(SeriesRow, SeriesRow.id == OfficerRow.series_id)
        .order_by(OfficerRow.police_number)
    )
    return {
        SheetKind.UNITS: [
            (u.code, u.name, above or "", kinds[u.kind], series or "", "、".join(u.lines))
            for u, above, series in (await session.execute(units)).all()
        ],
        SheetKind.PEOPLE: [
            (o.police_number, o.name, unit, p.post, categories[o.category], series or "", p.valid_from.isoformat(),
             str(p.role_coefficient.normalize()))
            for o, p, unit, series in (await session.execute(people)).all()
        ],
    }  # fmt: skip
