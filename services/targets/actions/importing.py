"""Indicators from a workbook: read and shown first, then applied as a whole."""

import asyncio
import hashlib
import io
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import python_calamine

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Finding, Findings, Invalid, Unsupported
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.storage.sniffing import sniff
from services.targets.actions.describing import Indicator, add_indicators
from services.targets.actions.drafting import draft_for_change
from services.targets.domain.workbook.reading import MAX_ROWS, read_workbook
from services.targets.models import ImportRow, IndicatorRow
from services.targets.queries.schemes import get_import, indicators_of
from services.targets.queries.visibility import schemes_visible_to

Sheets = Mapping[str, list[list[Any]]]


class WorkbookUnreadable(Unsupported):
    code = "workbook-unreadable"
    zh = "无法读取该文件,请上传 .xlsx 工作簿"
    en = "The file cannot be read; upload an .xlsx workbook"


class WorkbookEmpty(Invalid):
    code = "file-empty"
    zh = "文件是空的(0 字节)"
    en = "The file is empty (0 bytes)"


class ImportHasErrors(Findings):
    code = "import-has-errors"
    zh = "工作簿有 {count} 处错误,请改正后重新上传"
    en = "The workbook has {count} errors; correct it and upload it again"


class ImportApplied(Conflict):
    code = "import-applied"
    zh = "该导入已执行"
    en = "This import has been applied already"


async def cells_of(content: bytes) -> Sheets:
    """The cells of each sheet, read outside the event loop; raises WorkbookUnreadable."""
    if not content:
        raise WorkbookEmpty
    return await asyncio.to_thread(_read, content)


async def preview_import(
    tx: Transaction, scheme_id: UUID, sheets: Sheets, *, file_name: str, content: bytes, by: Principal
) -> ImportRow:
    """What the workbook would add to the draft, and every error in it; nothing is added yet."""
    scheme = await draft_for_change(tx, scheme_id, by=by)
    read = read_workbook(sheets, modules={m["code"]: m["name"] for m in scheme.modules})
    taken = {indicator.code for indicator in await indicators_of(tx.session, scheme.id)}
    errors = [{"place": f.place, "code": f.code, "zh": f.zh, "en": f.en} for f in read.errors]
    errors += [
        {
            "place": row["place"],
            "code": "code-taken",
            "zh": f"方案中已有编码 {row['code']}",
            "en": f"the scheme already has the code {row['code']}",
        }
        for row in read.rows
        if row["code"] in taken
    ]
    row = ImportRow(
        id=new_id(),
        scheme_id=scheme.id,
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        status="previewed",
        rows=read.rows,
        errors=errors,
        notes=[],
        fixes=[],
        mapping={},
        workbook=content,
        account_id=by.account_id,
        actor=by.name,
    )
    tx.session.add(row)
    await tx.session.flush()
    return row


async def apply_import(
    tx: Transaction, import_id: UUID, *, by: Principal
) -> tuple[ImportRow, list[IndicatorRow]]:
    """Add all indicators of a workbook without errors; raises ImportHasErrors otherwise."""
    found, _ = await get_import(tx.session, import_id, where=schemes_visible_to(by))
    scheme = await draft_for_change(tx, found.scheme_id, by=by)
    row, _ = await get_import(tx.session, import_id, where=schemes_visible_to(by), locked=True)
    if row.status == "applied":
        raise ImportApplied
    if row.errors:
        raise ImportHasErrors([Finding(**error) for error in row.errors])
    said = [
        Indicator(
            **{name: item[name] for name in Indicator.__slots__ if name != "full_marks"},
            full_marks=Decimal(item["full_marks"]),
        )
        for item in row.rows
    ]
    added = await add_indicators(tx, scheme, said, by=by, action="indicator_import")
    row.status, row.applied_at = "applied", await tx.now()
    return row, added


def _read(content: bytes) -> Sheets:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        sniff(Path(file.name), "indicators.xlsx")
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        return {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
            for name in workbook.sheet_names
        }
    except (python_calamine.CalamineError, ValueError, OSError, ArithmeticError) as error:
        raise WorkbookUnreadable from error
