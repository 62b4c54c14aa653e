"""Units and series of an import, written and told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, text

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.ids import new_id
from kernel.pinyin import initials
from services.org import messages
from services.org.domain.roster.planning import derived_code
from services.org.domain.structure import CodeTaken, path_of
from services.org.models import RosterImportRow, SeriesRow, UnitRow


async def write(tx: Transaction, row: RosterImportRow, start_on: date) -> dict[str, int]:
    """New units, and new names, series and lines of known ones; the lines of people then know their units."""
    known = {unit.code: unit for unit in (await tx.session.scalars(select(UnitRow))).all()}
    named = await series(tx, {u["series"] for u in row.units if u["series"]}, subject_kind="unit")
    fresh, changed, kept = [], [], []
    anew: list[UnitRow] = []
    before: dict[str, dict[str, Any]] = {}
    for planned in row.units:
        series_id = named[planned["series"]].id if planned["series"] else None
        existing = known.get(planned["code"])
        if existing is None or existing.deleted:
            unit = _new(planned, known.get(planned["parent"]), series_id, start_on, existing)
            known[unit.code] = unit
            fresh.append(unit)
            if existing is None:
                anew.append(unit)
        elif planned["effect"] == "changed":
            before[planned["code"]] = {
                "name": existing.name,
                "series_id": str(existing.series_id or ""),
                "lines": existing.lines,
            }
            existing.name, existing.initials = planned["name"], initials(planned["name"])
            existing.series_id, existing.lines = series_id or existing.series_id, list(planned["lines"])
            changed.append(existing)
        kept.append({**planned, "id": str(known[planned["code"]].id)})
    tx.session.add_all(anew)
    with conflicts({"uq_unit_code": lambda: CodeTaken(unit_code="?")}):
        await tx.publish_many(messages.unit, [*fresh, *changed])
    row.units = [{**unit, "before": before.get(unit["code"])} for unit in kept]
    await tx.session.execute(
        text(
            "UPDATE roster_line l SET unit_id = u.id FROM unit u WHERE l.import_id = :import AND l.unit_id IS NULL "
            "AND l.effect IS NOT NULL AND l.kind = 'person' AND (u.code = l.unit OR u.name = l.unit) AND NOT u.deleted"
        ),
        {"import": row.id},
    )
    return {"units_new": len(fresh), "units_changed": len(changed)}


def _new(
    planned: Mapping[str, Any], parent: UnitRow | None, series_id: Any, start_on: date, undone: UnitRow | None
) -> UnitRow:
    """One that an undone import had made begins anew."""
    unit = undone or UnitRow(id=new_id())  # children of this very import need the id before it is written
    unit.code, unit.name, unit.initials = planned["code"], planned["name"], initials(planned["name"])
    unit.level, unit.kind = planned["level"], planned["kind"]
    unit.parent_id, unit.path = (
        parent.id if parent else None,
        path_of(unit.code, parent.path if parent else None),
    )
    unit.series_id, unit.lines = series_id, list(planned["lines"])
    unit.valid_from, unit.valid_to, unit.deleted = start_on.replace(month=1, day=1), None, False
    return unit


async def series(tx: Transaction, names: set[str], *, subject_kind: str) -> dict[str, SeriesRow]:
    """All series by name; those named and missing are made."""
    found = {row.name: row for row in (await tx.session.scalars(select(SeriesRow))).all()}
    fresh = [
        SeriesRow(code=derived_code(name), name=name, subject_kind=subject_kind)
        for name in sorted(names - found.keys())
    ]
    tx.session.add_all(fresh)
    await tx.publish_many(messages.series, fresh)
    return found | {row.name: row for row in fresh}
