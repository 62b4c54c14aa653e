"""Who is assessed in a period, as a plan needs to know: postings, heads, dates, groups, decisions."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from rules.binding import Binding, Person, Stint, main_unit
from services.scoring.queries import circumstances
from services.scoring.replicas import OfficerReplica, PostingReplica

_PEOPLE = text(
    """
    SELECT a.kind, a.id, coalesce(o.name, u.name, '') AS name, coalesce(o.series_id, u.series_id) AS series_id,
      coalesce(o.category, u.kind, '') AS sort, coalesce(o.status, '') AS status, u.parent_id, u.valid_from, u.valid_to, u.merged_into
    FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS a(kind, id)
    LEFT JOIN officer o ON a.kind = 'officer' AND o.id = a.id
    LEFT JOIN unit u ON a.kind = 'unit' AND u.id = a.id
    """
)
_UNITS = text("SELECT id, code, level FROM unit WHERE id = ANY(CAST(:ids AS uuid[]))")


async def people(
    session: AsyncSession, binding: Binding, kinds: Mapping[UUID, str], day: date
) -> tuple[list[Person], dict[UUID, UUID]]:
    """Everybody of `kinds`; and the unit that each counts with on the day, for those who have one."""
    rows = (await session.execute(_PEOPLE, {"kinds": list(kinds.values()), "ids": list(kinds)})).all()
    officers = [row.id for row in rows if row.kind == "officer"]
    stints = await postings(session, officers)
    heads = await _heads(session, binding, [row.id for row in rows if row.kind == "unit"])
    known = await circumstances.of(session, list(kinds))
    homes = {key: UUID(unit) for key, found in stints.items() if (unit := main_unit(found, day)) is not None}
    own = {row.id: row.id if row.kind == "unit" else homes.get(row.id) for row in rows}
    units = await session.execute(_UNITS, {"ids": [unit for unit in set(own.values()) if unit is not None]})
    codes = {row.id: (row.code, row.level) for row in units.all()}
    found = [
        Person(
            str(row.id), row.name, row.kind, str(row.parent_id) if row.parent_id else None,
            _groups(row, *codes.get(own[row.id], (None, None))), stints.get(row.id, ()), row.status,
            row.valid_from, row.valid_to, tuple(heads.get(row.id, ())), known.get(row.id, ()),
            str(row.merged_into) if row.merged_into else None,
        )
        for row in rows
    ]  # fmt: skip
    return found, {key: unit for key, unit in own.items() if unit is not None}


async def postings(session: AsyncSession, officers: Collection[UUID]) -> dict[UUID, tuple[Stint, ...]]:
    """Officer → postings in the order of their first day."""
    row = PostingReplica
    query = (
        select(row)
        .where(row.officer_id.in_(officers), row.deleted.is_(False))
        .order_by(row.officer_id, row.valid_from, row.id)
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[Stint]] = defaultdict(list)
    for each in (await session.scalars(query)).all():
        found[each.officer_id].append(_stint(each))
    return {officer: tuple(stints) for officer, stints in found.items()}


async def _heads(
    session: AsyncSession, binding: Binding, units: Collection[UUID]
) -> dict[UUID, list[tuple[str, Stint]]]:
    """Unit → who holds, or held, a post whose holder answers for it."""
    posts = binding.people.heads
    if not posts or not units:
        return {}
    row = PostingReplica
    query = (
        select(row, OfficerReplica.name)
        .outerjoin(OfficerReplica, OfficerReplica.id == row.officer_id)
        .where(row.unit_id.in_(units), row.post.in_(posts), row.deleted.is_(False))
        .order_by(row.unit_id, row.valid_from, row.id)
    )
    found: dict[UUID, list[tuple[str, Stint]]] = defaultdict(list)
    for posting, name in (await session.execute(query)).all():
        found[posting.unit_id].append((name or str(posting.officer_id), _stint(posting)))
    return found


def _stint(row: PostingReplica) -> Stint:
    return Stint(
        str(row.unit_id),
        row.kind,
        row.post,
        Fraction(row.role_coefficient),
        row.is_primary,
        row.valid_from,
        row.valid_to,
    )


def _groups(row: Row[Any], unit: str | None, level: int | None) -> dict[str, str]:
    """Groups that a plan may name as a scope: series, unit, level, and what sort of officer or unit it is."""
    labels = {"series": row.series_id, "unit": unit, "level": level, "sort": row.sort or None}
    return {scope: str(value) for scope, value in labels.items() if value is not None}
