"""Importing a roster: preview with exact errors, then all or the good rows, in a few statements."""

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import openpyxl
from openpyxl.styles import Font
from sqlalchemy import select

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Invalid, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.workbooks.opening import NotAWorkbook, open_workbook
from services.org import messages
from services.org.actions.recording import record
from services.org.actions.staffing import PoliceNumberTaken
from services.org.domain.roster import planning, reading
from services.org.domain.structure import CodeTaken, path_of
from services.org.models import OfficerRow, PostingRow, RosterImportRow, SeriesRow, UnitRow
from services.org.queries import roster as queries

KEPT_ERRORS = 5000


class NothingRecognised(Invalid):
    code = "roster-not-recognised"
    zh = "没有找到花名册的表头(至少需要:警号、姓名、单位,或 单位名称、单位类别)"
    en = "No roster header was found (needed at least: police number, name, unit; or unit name, kind)"


class HasErrors(Conflict):
    code = "roster-has-errors"
    zh = "花名册仍有 {errors} 处错误;可只导入正确的行"
    en = "The roster still has {errors} errors; the good rows alone can be imported"


class AlreadyApplied(Conflict):
    code = "roster-applied"
    zh = "该花名册已导入"
    en = "This roster has been imported already"


@dataclass(frozen=True, slots=True)
class Understood:
    reading: reading.Reading
    plan: planning.Plan


async def preview(
    tx: Transaction,
    *,
    file_name: str,
    content: bytes,
    mapping: Mapping[str, Mapping[str, str]],
    by: Principal,
) -> RosterImportRow:
    """Keep the workbook with what was understood of it; nothing is changed yet."""
    understood = await _understand(tx, content, mapping)
    if not understood.reading.headers:
        raise NothingRecognised
    found, plan = understood.reading, understood.plan
    row = RosterImportRow(
        file_name=file_name,
        workbook=content,
        status="previewed",
        mapping={
            sheet: {"kind": header.kind, "row": header.row + 1, "columns": dict(header.columns)}
            for sheet, header in found.headers.items()
        },
        counts={
            "rows": found.rows,
            "units_new": len(plan.units),
            "units_known": plan.units_known,
            "officers_new": len(plan.officers),
            "officers_known": plan.officers_known,
            "errors": len(found.errors),
        },
        errors=[dict(error) for error in found.errors[:KEPT_ERRORS]],
        created_by=by.account_id,
    )
    tx.session.add(row)
    await tx.session.flush()
    await record(tx, "roster-import", row.id, "previewed", by=by, **row.counts)
    return row


async def apply(
    tx: Transaction, import_id: UUID, *, good_only: bool, today: date, by: Principal
) -> RosterImportRow:
    """Everything again from the kept workbook, against what the database has now; in one transaction."""
    await tx.lock("roster")
    row = await lock_import(tx, import_id)
    if row.status == "applied":
        raise AlreadyApplied
    understood = await _understand(tx, row.workbook, {})
    errors = understood.reading.errors
    if errors and not good_only:
        raise HasErrors(errors=len(errors))
    units = await _add_units(tx, understood.plan, today)
    await _add_people(tx, understood.plan, units, today)
    row.status = "applied"
    await tx.session.flush()
    await record(tx, "roster-import", row.id, "applied", by=by, good_only=good_only)
    return row


async def lock_import(tx: Transaction, import_id: UUID) -> RosterImportRow:
    row = await tx.session.get(RosterImportRow, import_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


async def _understand(
    tx: Transaction, content: bytes, mapping: Mapping[str, Mapping[str, str]]
) -> Understood:
    sheets = await asyncio.to_thread(open_workbook, content)
    found = await asyncio.to_thread(reading.read, sheets, mapping)
    known = await queries.known(tx.session)
    return Understood(found, await asyncio.to_thread(planning.plan, found, known))


async def _add_units(tx: Transaction, plan: planning.Plan, today: date) -> dict[str, UnitRow]:
    """All units by name, the new ones among them written and told."""
    existing = {row.name: row for row in (await tx.session.scalars(select(UnitRow))).all()}
    series = await _series(tx, {new.line.series for new in plan.units if new.line.series})
    fresh = []
    for new in plan.units:
        parent = existing.get(new.line.parent)
        row = UnitRow(
            id=new_id(),  # children of this very import need it before it is written
            code=new.code,
            name=new.line.name,
            level=new.level,
            kind=new.line.kind,
            parent_id=parent.id if parent else None,
            path=path_of(new.code, parent.path if parent else None),
            series_id=series[new.line.series].id if new.line.series else None,
            lines=list(new.line.lines),
            valid_from=today.replace(month=1, day=1),
        )
        existing[row.name] = row
        fresh.append(row)
    tx.session.add_all(fresh)
    with conflicts({"uq_unit_code": CodeTaken}):
        await tx.publish_many(messages.unit, fresh)
    return existing


async def _series(tx: Transaction, names: set[str]) -> dict[str, SeriesRow]:
    found = {row.name: row for row in (await tx.session.scalars(select(SeriesRow))).all()}
    fresh = [
        SeriesRow(code=planning.derived_code(name), name=name, subject_kind="unit")
        for name in sorted(names - found.keys())
    ]
    tx.session.add_all(fresh)
    await tx.publish_many(messages.series, fresh)
    return found | {row.name: row for row in fresh}


async def _add_people(
    tx: Transaction, plan: planning.Plan, units: Mapping[str, UnitRow], today: date
) -> None:
    series = await _officer_series(tx, plan)
    officers, postings = [], []
    for line in plan.officers:
        officer = OfficerRow(
            police_number=line.number,
            name=line.name,
            category=line.category,
            status="in_service",
            series_id=series[line.category].id,
        )
        officers.append(officer)
    tx.session.add_all(officers)
    with conflicts({"uq_officer_police_number": lambda: PoliceNumberTaken(police_number="?")}):
        await tx.publish_many(messages.officer, officers)
    for line, officer in zip(plan.officers, officers, strict=True):
        since = min(line.since, today) if line.since else today.replace(month=1, day=1)
        postings.append(
            PostingRow(
                officer_id=officer.id,
                unit_id=units[line.unit].id,
                post=line.post,
                kind="regular",
                role_coefficient=line.coefficient,
                is_primary=True,
                valid_from=since,
            )
        )
    tx.session.add_all(postings)
    await tx.publish_many(messages.posting, postings)


#: Officers are ranked among their own category unless somebody assigns a finer series.
_OFFICER_SERIES = {
    "officer": ("P-OFFICER", "民警"),
    "auxiliary": ("P-AUXILIARY", "辅警"),
    "civilian": ("P-CIVILIAN", "文职"),
}


async def _officer_series(tx: Transaction, plan: planning.Plan) -> dict[str, SeriesRow]:
    wanted = {line.category for line in plan.officers}
    found = {row.code: row for row in (await tx.session.scalars(select(SeriesRow))).all()}
    fresh = []
    for category in sorted(wanted):
        code, name = _OFFICER_SERIES[category]
        if code not in found:
            found[code] = SeriesRow(code=code, name=name, subject_kind="officer")
            fresh.append(found[code])
    tx.session.add_all(fresh)
    await tx.publish_many(messages.series, fresh)
    return {category: found[_OFFICER_SERIES[category][0]] for category in wanted}


def with_reasons(row: RosterImportRow) -> bytes:
    """The user's own workbook with one more column that says what is wrong; xlsx only. Slow: call it in a thread."""
    if not row.file_name.lower().endswith(".xlsx"):
        raise NotAWorkbook
    book = openpyxl.load_workbook(io.BytesIO(row.workbook))
    by_sheet: dict[str, dict[int, list[str]]] = {}
    for error in row.errors:
        reasons = by_sheet.setdefault(error["sheet"], {}).setdefault(error["row"], [])
        reasons.append(
            f"{error['column']}:{error['zh']}"
            + (f"(是否为“{error['suggestion']}”?)" if error["suggestion"] else "")
        )
    red = Font(color="B00000")
    for name, rows in by_sheet.items():
        sheet: Any = book[name]
        column = sheet.max_column + 1
        sheet.cell(row.mapping[name]["row"], column, "错误原因")
        for number, reasons in rows.items():
            sheet.cell(number, column, ";".join(reasons)).font = red
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
