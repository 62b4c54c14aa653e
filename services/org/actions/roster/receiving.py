"""A workbook comes in; its columns are named; single cells are put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from kernel.delivery.transaction import Transaction
from kernel.errands.asking import ask
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from services.org.actions.recording import record
from services.org.models import RosterImportRow, RosterPatchRow
from services.org.queries import structure

CHECK = "roster-check"


class ImportState(Conflict):
    code = "roster-import-state"
    zh = "该次导入当前状态为 {state},不能如此处理"
    en = "The import is {state}; this cannot be done"


@dataclass(frozen=True, slots=True)
class Patch:
    sheet: str
    row: int
    field: str
    value: str


async def receive(tx: Transaction, *, file_name: str, content: bytes, by: Principal) -> RosterImportRow:
    """Keep the workbook and ask for its check; nothing is read yet."""
    row = RosterImportRow(
        file_name=file_name,
        workbook=content,
        status="uploaded",
        scope_unit_id=await _office(tx, by),
        created_by=by.account_id,
    )
    tx.session.add(row)
    await tx.session.flush()
    await tx.session.refresh(row, ["created_at"])
    await record(tx, "roster-import", row.id, "uploaded", by=by, file_name=file_name, bytes=len(content))
    return await _check(tx, row, by)


async def name_columns(
    tx: Transaction, import_id: UUID, given: Mapping[str, Mapping[str, str]], *, by: Principal
) -> RosterImportRow:
    """Sheet → field → header, where what was found by name is not right; checked anew, and remembered once it fits."""
    row = await open_import(tx, import_id)
    row.given = {sheet: dict(fields) for sheet, fields in given.items()}
    await record(tx, "roster-import", row.id, "columns-named", by=by, given=row.given)
    return await _check(tx, row, by)


async def correct(
    tx: Transaction, import_id: UUID, patches: Sequence[Patch], *, by: Principal
) -> RosterImportRow:
    """Cells put right, apart from the file; checked anew."""
    row = await open_import(tx, import_id)
    for patch in patches:
        values = {"value": patch.value, "account_id": by.account_id, "at": func.clock_timestamp()}
        place = {"import_id": import_id, "sheet": patch.sheet, "row": patch.row, "field": patch.field}
        statement = insert(RosterPatchRow).values(**place, **values)
        await tx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["import_id", "sheet", "row", "field"], set_=values
            )
        )
    await record(tx, "roster-import", row.id, "corrected", by=by, cells=len(patches))
    return await _check(tx, row, by)


async def open_import(tx: Transaction, import_id: UUID, *states: str) -> RosterImportRow:
    """The import, locked; raises ImportState unless it is in one of the states (by default: not applied yet)."""
    row = await tx.session.get(RosterImportRow, import_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.status not in (states or ("uploaded", "unmapped", "checked")):
        raise ImportState(state=row.status)
    return row


async def _check(tx: Transaction, row: RosterImportRow, by: Principal) -> RosterImportRow:
    row.status = "uploaded"
    row.errand_id = await ask(tx, CHECK, {"import": row.id}, by=by)
    await tx.session.flush()
    return row


async def _office(tx: Transaction, by: Principal) -> UUID:
    """The office whose column names are remembered: where the administrator's grant is."""
    scopes = by.scopes("org:roster")
    root = await structure.root(tx.session)
    if root is None:
        raise NotFound
    return scopes[0].unit_id if scopes else root.id
