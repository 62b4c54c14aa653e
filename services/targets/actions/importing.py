"""Indicators from a workbook: read and shown, corrected in place, then applied as a whole or its good rows."""

import asyncio
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import python_calamine

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Finding, Findings
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.workbooks.opening import NotAWorkbook, open_workbook
from services.targets.actions.describing import Indicator, add_indicators
from services.targets.actions.drafting import draft_for_change
from services.targets.domain.scheme import ensure_version
from services.targets.domain.workbook.merging import Merges
from services.targets.domain.workbook.reading import MAX_ROWS, Asked, Fix, Read, read_workbook
from services.targets.models import ImportRow, IndicatorRow, SchemeRow
from services.targets.queries.schemes import get_import, indicators_of, mapping_said
from services.targets.queries.visibility import schemes_visible_to

_MOST_FIXES = 2000


class ImportHasErrors(Findings):
    code = "import-has-errors"
    zh = "工作簿有 {count} 处错误,请改正后重新上传,或只导入正确的行"
    en = "The workbook has {count} errors; correct it and upload it again, or import its good rows only"


class ImportApplied(Conflict):
    code = "import-applied"
    zh = "该导入已执行"
    en = "This import has been applied already"


class NothingToImport(Conflict):
    code = "nothing-to-import"
    zh = "没有可导入的行"
    en = "There is no row that can be imported"


class TooManyFixes(Conflict):
    code = "too-many-fixes"
    zh = "在线修改过多,请改好工作簿后重新上传"
    en = "Too many corrections in place; correct the workbook and upload it again"


@dataclass(frozen=True, slots=True)
class Sheets:
    """Cells by sheet name, and what is merged in each."""

    cells: Mapping[str, Sequence[Sequence[object]]]
    merges: Mapping[str, Merges]


async def sheets_of(content: bytes) -> Sheets:
    """Read outside the event loop; raises NotAWorkbook, WorkbookEmpty, WorkbookHasMacros or TooManyRows."""
    return await asyncio.to_thread(_read, content)


async def preview_import(
    tx: Transaction, scheme_id: UUID, sheets: Sheets, *, file_name: str, content: bytes, by: Principal
) -> ImportRow:
    """What the workbook would add to the draft, and every error in it; nothing is added yet.

    Columns that somebody has named by hand once are known when a workbook with the same heads comes again.
    """
    scheme = await draft_for_change(tx, scheme_id, by=by)
    row = ImportRow(
        id=new_id(),
        scheme_id=scheme.id,
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        status="previewed",
        fixes=[],
        mapping={},
        workbook=content,
        account_id=by.account_id,
        actor=by.name,
    )
    await _reread(tx, row, scheme, sheets)
    remembered = await mapping_said(tx.session, by.account_id, row.mapping["heads"])
    if remembered and row.errors:
        row.mapping = {"said": remembered}
        await _reread(tx, row, scheme, sheets)
    tx.session.add(row)
    await tx.session.flush()
    return row


async def correct_import(
    tx: Transaction,
    import_id: UUID,
    sheets: Sheets,
    *,
    fixes: Sequence[Fix],
    mapping: Mapping[str, Mapping[str, int]],
    version: int,
    by: Principal,
) -> ImportRow:
    """Cells corrected in place, or columns named; the workbook is read again with all corrections so far."""
    row, scheme = await _lock(tx, import_id, by=by)
    ensure_version(row.version, version)
    if row.status == "applied":
        raise ImportApplied
    kept = {(f["sheet"], f["row"], f["column"]): f["value"] for f in row.fixes}
    kept |= {(fix.sheet, fix.row, fix.column): fix.value for fix in fixes}
    if len(kept) > _MOST_FIXES:
        raise TooManyFixes
    row.fixes = [{"sheet": s, "row": r, "column": c, "value": v} for (s, r, c), v in kept.items()]
    said = {sheet: dict(columns) for sheet, columns in (row.mapping.get("said") or {}).items()}
    for sheet, columns in mapping.items():
        said[sheet] = said.get(sheet, {}) | dict(columns)
    row.mapping = {"said": said}
    await _reread(tx, row, scheme, sheets)
    await tx.session.flush()
    return row


async def apply_import(
    tx: Transaction, import_id: UUID, *, good_only: bool, by: Principal
) -> tuple[ImportRow, list[IndicatorRow]]:
    """Add the indicators: all of a workbook without errors, or the rows that have none; raises ImportHasErrors."""
    row, scheme = await _lock(tx, import_id, by=by)
    if row.status == "applied":
        raise ImportApplied
    if row.errors and not good_only:
        raise ImportHasErrors(
            [Finding(**{k: e[k] for k in ("place", "code", "zh", "en")}) for e in row.errors]
        )
    bad = {error["place"].partition(" ")[0] for error in row.errors}
    items = [item for item in row.rows if item["place"] not in bad]
    if not items:
        raise NothingToImport
    said = [
        Indicator(
            **{name: item[name] for name in Indicator.__slots__ if name != "full_marks"},
            full_marks=Decimal(item["full_marks"]),
        )
        for item in items
    ]
    added = await add_indicators(tx, scheme, said, by=by, action="indicator_import")
    row.status, row.applied_at = "applied", await tx.now()
    return row, added


async def _lock(tx: Transaction, import_id: UUID, *, by: Principal) -> tuple[ImportRow, SchemeRow]:
    found, _ = await get_import(tx.session, import_id, where=schemes_visible_to(by))
    scheme = await draft_for_change(tx, found.scheme_id, by=by)
    row, _ = await get_import(tx.session, import_id, where=schemes_visible_to(by), locked=True)
    return row, scheme


async def _reread(tx: Transaction, row: ImportRow, scheme: SchemeRow, sheets: Sheets) -> None:
    asked = Asked(row.mapping.get("said") or {}, [Fix(**fix) for fix in row.fixes])
    modules = {m["code"]: m["name"] for m in scheme.modules}
    read: Read = await asyncio.to_thread(
        read_workbook, sheets.cells, modules=modules, merges=sheets.merges, asked=asked
    )
    taken = {indicator.code for indicator in await indicators_of(tx.session, scheme.id)}
    row.rows = read.rows
    row.errors = [
        *({"place": f.place, "code": f.code, "zh": f.zh, "en": f.en} for f in read.errors),
        *(_taken(item) for item in read.rows if item["code"] in taken),
    ]
    row.notes = [{"place": n.place, "zh": n.zh, "en": n.en} for n in read.notes]
    row.mapping = {"said": row.mapping.get("said") or {}, "used": read.columns, "heads": read.heads}


def _taken(item: Mapping[str, Any]) -> dict[str, str]:
    code = item["code"]
    return {
        "place": item["place"],
        "code": "code-taken",
        "zh": f"方案中已有编码 {code}",
        "en": f"the scheme already has the code {code}",
    }


def _read(content: bytes) -> Sheets:
    found = {sheet.name: sheet.rows[: MAX_ROWS + 1] for sheet in open_workbook(content)}
    return Sheets(found, _merges(content))


def _merges(content: bytes) -> dict[str, Merges]:
    if not content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return {}
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        return {
            name: Merges(
                [(*top, *bottom) for top, bottom in book.get_sheet_by_name(name).merged_cell_ranges or ()]
            )
            for name in book.sheet_names
        }
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise NotAWorkbook from error
