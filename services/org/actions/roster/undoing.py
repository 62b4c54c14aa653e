"""Taking an import back while nothing depends on it: within a day, and only if all it made is as it left it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text

from kernel.delivery.transaction import Transaction
from kernel.errands.asking import ask
from kernel.errands.running import Running
from kernel.errors import Conflict
from kernel.identity import Principal
from kernel.pinyin import initials
from services.org import messages
from services.org.actions.recording import record
from services.org.actions.roster.receiving import open_import
from services.org.models import OfficerRow, PostingRow, RosterImportRow, RosterLineRow, UnitRow

UNDO = "roster-undo"
WITHIN = timedelta(hours=24)
CHUNK = 2_000
L = RosterLineRow


class UndoTooLate(Conflict):
    code = "roster-undo-late"
    zh = "导入已超过 24 小时,不能撤销;请用新的导入更正"
    en = "The import is more than 24 hours old and cannot be undone; correct it with another import"


class Depended(Conflict):
    code = "roster-undo-depended"
    zh = "导入之后已有 {things} 处数据依赖于它(已开通账号、授权,或又被修改),不能撤销"
    en = "{things} things depend on this import by now (accounts, grants, later changes); it cannot be undone"


#: What the import touched and somebody else touched since, or hung something on.
_DEPENDED = """
SELECT (SELECT count(*) FROM roster_line l JOIN account a ON a.officer_id = l.officer_id
        WHERE l.import_id = :import AND l.effect = 'new')
     + (SELECT count(*) FROM roster_line l JOIN officer o ON o.id = l.officer_id
        WHERE l.import_id = :import AND l.effect IN ('new', 'moved', 'changed', 'returned') AND o.updated_at > :applied)
     + (SELECT count(*) FROM roster_line l JOIN posting p ON p.officer_id = l.officer_id
        WHERE l.import_id = :import AND l.effect <> 'same' AND p.updated_at > :applied)
     + (SELECT count(*) FROM jsonb_to_recordset(CAST(:units AS jsonb)) AS n(id uuid, effect text) WHERE n.effect = 'new' AND (
          EXISTS (SELECT FROM unit u WHERE u.parent_id = n.id AND u.updated_at > :applied)
          OR EXISTS (SELECT FROM posting p WHERE p.unit_id = n.id AND p.updated_at > :applied AND NOT p.deleted)
          OR EXISTS (SELECT FROM role_grant g WHERE g.scope_unit_id = n.id)
          OR EXISTS (SELECT FROM assessment_office a WHERE n.id IN (a.unit_id, a.scope_unit_id) AND NOT a.deleted)
          OR EXISTS (SELECT FROM line_authority a WHERE n.id IN (a.unit_id, a.scope_unit_id) AND NOT a.deleted)))
"""


async def start(tx: Transaction, import_id: UUID, *, by: Principal) -> RosterImportRow:
    row = await open_import(tx, import_id, "applied")
    now = await tx.session.scalar(select(func.clock_timestamp()))
    if row.applied_at is None or now is None or now > row.applied_at + WITHIN:
        raise UndoTooLate
    row.errand_id = await ask(tx, UNDO, {"import": row.id}, by=by)
    await tx.session.flush()
    return row


async def run(running: Running) -> None:
    """The errand `roster-undo`."""
    async with running.runtime.db.transaction() as tx:
        await tx.lock("roster")
        row = await open_import(tx, UUID(running.asked["import"]), "applied")
        await _refuse_depended(tx, row)
        people = await _people(tx, row)
        units = await _units(tx, row)
        row.status = "undone"
        await record(tx, "roster-import", row.id, "undone", by=running.by, people=people, units=units)
        await running.finish(tx, {"import": row.id, "people": people, "units": units})


async def _refuse_depended(tx: Transaction, row: RosterImportRow) -> None:
    units = [{"id": unit.get("id"), "effect": unit["effect"]} for unit in row.units]
    known = {"import": row.id, "applied": row.applied_at, "units": json.dumps(units)}
    things = int((await tx.session.execute(text(_DEPENDED), known)).scalar_one())
    if things:
        raise Depended(things=things)


async def _people(tx: Transaction, row: RosterImportRow) -> int:
    """New ones are as if they had never served; of others, the posting and the officer are as they were."""
    done, after = 0, -1
    while lines := await _lines(tx, row, after):
        officers = {
            o.id: o for o in await tx.session.scalars(_rows(OfficerRow, [li.officer_id for li in lines]))
        }
        ids = [x for li in lines for x in (li.posting_id, (li.before or {}).get("posting_id")) if x]
        postings = {p.id: p for p in await tx.session.scalars(_rows(PostingRow, ids))}
        made = [postings[line.posting_id] for line in lines if line.posting_id]
        for posting in made:
            posting.deleted = True
        # What was made is taken away before what it had ended goes on: one open main posting an officer.
        await tx.publish_many(messages.posting, made)
        restored = [found for line in lines if (found := _posting_back(line, postings)) is not None]
        await tx.publish_many(messages.posting, restored)
        await tx.publish_many(
            messages.officer,
            [officer for line in lines if (officer := _officer_back(line, officers)) is not None],
        )
        await tx.flush_events()
        done, after = done + len(lines), lines[-1].position
    return done


async def _lines(tx: Transaction, row: RosterImportRow, after: int) -> Sequence[Any]:
    touched = L.effect != "same" if row.counts.get("absent_left") else L.effect.not_in(["same", "left"])
    query = select(L.position, L.officer_id, L.posting_id, L.effect, L.before).where(
        L.import_id == row.id, touched, L.officer_id.is_not(None), L.position > after
    )
    return (await tx.session.execute(query.order_by(L.position).limit(CHUNK))).all()


def _rows(kind: Any, ids: Sequence[Any]) -> Select[Any]:
    return select(kind).where(kind.id.in_([UUID(str(i)) for i in ids])).with_for_update()


def _posting_back(line: Any, postings: Mapping[UUID, PostingRow]) -> PostingRow | None:
    before = line.before if line.effect != "new" else None
    if not before or not before["posting_id"]:
        return None
    posting = postings[UUID(before["posting_id"])]
    posting.unit_id, posting.post = UUID(before["unit_id"]), before["post"]
    posting.role_coefficient = Decimal(before["coefficient"])
    posting.valid_to = date.fromisoformat(before["valid_to"]) if before["valid_to"] else None
    return posting


def _officer_back(line: Any, officers: Mapping[UUID, OfficerRow]) -> OfficerRow | None:
    officer, before = officers[line.officer_id], line.before if line.effect != "new" else None
    was = (officer.status, officer.category, officer.series_id)
    if before is None:
        officer.status = "left"
    else:
        officer.status, officer.category = before["status"], before["category"]
        officer.series_id = UUID(before["series_id"]) if before["series_id"] else None
    return officer if was != (officer.status, officer.category, officer.series_id) else None


async def _units(tx: Transaction, row: RosterImportRow) -> int:
    touched = {UUID(unit["id"]): unit for unit in row.units if unit["effect"] in {"new", "changed"}}
    units = list((await tx.session.scalars(_rows(UnitRow, list(touched)))).all())
    for unit in units:
        before = touched[unit.id]["before"]
        if touched[unit.id]["effect"] == "new":
            unit.deleted, unit.valid_to = True, unit.valid_from
        else:
            unit.name, unit.initials, unit.lines = before["name"], initials(before["name"]), before["lines"]
            unit.series_id = UUID(before["series_id"]) if before["series_id"] else None
    await tx.publish_many(messages.unit, units)
    return len(units)
