"""Roster import, as a wizard: upload, columns, check, corrections, effects, import, undo."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import BaseModel, Field, StringConstraints

from kernel.delivery.idempotency import Once as OnceValue
from kernel.delivery.idempotency import request_hash
from kernel.errands.worker import BELL
from kernel.storage.blobs import FileTooLarge
from kernel.web.app import App
from kernel.web.errands import Asked, attachment
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Orderly
from kernel.workbooks.opening import NotAWorkbook, TooManyRows, WorkbookEmpty, WorkbookHasMacros, check_magic
from services.org.actions.roster import applying, marking, receiving, templating, undoing
from services.org.actions.roster.applying import HasErrors, HeadCountJumps
from services.org.actions.roster.receiving import ImportState, Patch
from services.org.actions.roster.undoing import UndoTooLate
from services.org.api.access import RosterAdmin
from services.org.api.officers import today
from services.org.api.schemas import Day, In, Out
from services.org.models import RosterImportRow
from services.org.queries import roster as queries
from services.org.settings import OrgSettings

router = APIRouter(prefix="/api/org/v1/roster", tags=["roster"])
Short = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=200)]
Cell = Annotated[str, Orderly, StringConstraints(max_length=500)]


class ImportOut(Out):
    """`errand_id` is what is at work on it, or was last; `counts` are there once it is checked.

    `status`: uploaded (its check is under way, or failed: see the errand), unmapped (columns are missing: see `sheets`),
    checked, applied, undone.
    """

    id: UUID
    status: str
    file_name: str
    sheets: list[dict[str, Any]]
    counts: dict[str, Any]
    effective_on: date | None
    applied_at: datetime | None
    errand_id: UUID | None
    created_at: datetime
    created_by: UUID


class LineOut(Out):
    """A row of the workbook with what is wrong in it; `cells` by field, `row` as Excel counts it."""

    position: int
    sheet: str
    row: int
    kind: str
    cells: dict[str, str] | None
    findings: list[dict[str, Any]] | None


class EffectOut(Out):
    """What the import does to somebody; `before` is what it replaces, null for a new one."""

    position: int
    sheet: str
    row: int
    effect: str
    officer_id: UUID | None
    number: str | None
    name: str | None
    unit: str | None
    unit_id: UUID | None
    post: str | None
    before: dict[str, Any] | None


class UnitEffectsOut(BaseModel):
    items: list[dict[str, Any]]


class ColumnsIn(In):
    """Sheet → field → the header that has it."""

    columns: Annotated[dict[Short, dict[Short, Short]], Field(max_length=50)]


class PatchIn(In):
    sheet: Short
    row: Annotated[int, Field(ge=1, le=1_000_000)]
    field: Short
    value: Cell


class PatchesIn(In):
    cells: Annotated[list[PatchIn], Field(min_length=1, max_length=500)]


class ApplyIn(In):
    """`all`: only if no row is wrong; `good`: the rows without error. `absent`: what of those whom the roster leaves out."""

    mode: Literal["all", "good"]
    absent: Literal["keep", "left"] = "keep"
    head_count_seen: bool = False
    effective_on: Day | None = None


@router.get("/template.xlsx", response_class=Response, summary="下载模板 / Template")
async def template(_: RosterAdmin, app: App, *, filled: bool = False) -> Response:
    """Blank, or (`filled`) with what the system has now."""
    async with app.db.reading() as session:
        rows = await queries.present(session, today(app)) if filled else {}
    content = await asyncio.to_thread(templating.template, rows)
    return Response(content, media_type=marking.XLSX, headers=attachment("花名册模板.xlsx"))


@router.post(
    "/imports",
    status_code=202,
    responses=problems(NotAWorkbook, WorkbookHasMacros, WorkbookEmpty, TooManyRows, FileTooLarge),
    summary="上传花名册 / Upload",
)
async def upload(me: RosterAdmin, app: App, once: Once, workbook: Annotated[UploadFile, File()]) -> ImportOut:
    """Answers at once; the check goes on by itself (`errand_id`), also when the page is left."""
    limit = app.settings.roster_max_bytes if isinstance(app.settings, OrgSettings) else 0
    content = await workbook.read(limit + 1)
    if len(content) > limit:
        raise FileTooLarge(limit=limit, limit_mb=limit // (1024 * 1024))
    await asyncio.to_thread(check_magic, content)
    hashed = OnceValue(once.principal_id, once.key, once.request, request_hash(content))
    async with app.db.transaction(once=hashed) as tx:
        name = (workbook.filename or "roster")[-120:]
        row = await receiving.receive(tx, file_name=name, content=content, by=me)
        out = await tx.answer(ImportOut.of(row), status=202)
    app.wake(BELL)
    return out


@router.get("/imports", summary="导入记录 / Imports")
async def imports(_: RosterAdmin, app: App, page: PageQuery) -> Page[ImportOut]:
    """Newest first."""
    async with app.db.reading() as session:
        rows, following = await queries.imports(session, page)
    return Page[ImportOut](items=[ImportOut.of(row) for row in rows], next=following)


@router.get("/imports/{import_id}", summary="一次导入 / An import")
async def get_import(import_id: UUID, _: RosterAdmin, app: App) -> ImportOut:
    async with app.db.reading() as session:
        return ImportOut.of(await queries.roster_import(session, import_id))


@router.get("/imports/{import_id}/findings", summary="有问题的行 / Rows with findings")
async def import_findings(import_id: UUID, _: RosterAdmin, app: App, page: PageQuery) -> Page[LineOut]:
    async with app.db.reading() as session:
        await queries.roster_import(session, import_id)
        rows, following = await queries.findings(session, import_id, page)
    return Page[LineOut](items=[LineOut.of(row) for row in rows], next=following)


@router.get("/imports/{import_id}/effects", summary="影响预览:人员 / Effects on people")
async def import_effects(
    import_id: UUID,
    _: RosterAdmin,
    app: App,
    page: PageQuery,
    effect: Annotated[Literal["new", "returned", "moved", "changed", "same", "left"] | None, Query()] = None,
) -> Page[EffectOut]:
    """Who is new, returns, moves, changes, or is missing in the roster (`left`, if `absent` says so)."""
    async with app.db.reading() as session:
        await queries.roster_import(session, import_id)
        rows, following = await queries.effects(session, import_id, page, effect=effect)
    return Page[EffectOut](items=[EffectOut.of(row) for row in rows], next=following)


@router.get("/imports/{import_id}/units", summary="影响预览:单位 / Effects on units")
async def import_units(import_id: UUID, _: RosterAdmin, app: App) -> UnitEffectsOut:
    """New and changed ones; each parent before its children."""
    async with app.db.reading() as session:
        row: RosterImportRow = await queries.roster_import(session, import_id)
    return UnitEffectsOut(items=[unit for unit in row.units if unit["effect"] != "same"])


@router.put(
    "/imports/{import_id}/columns",
    status_code=202,
    responses=problems(ImportState),
    summary="对应列 / Name the columns",
)
async def name_columns(import_id: UUID, body: ColumnsIn, me: RosterAdmin, app: App, once: Once) -> ImportOut:
    """Checked anew; remembered for the office's next workbook with these headers."""
    async with app.db.transaction(once=once) as tx:
        row = await receiving.name_columns(tx, import_id, body.columns, by=me)
        out = await tx.answer(ImportOut.of(row), status=202)
    app.wake(BELL)
    return out


@router.put(
    "/imports/{import_id}/cells",
    status_code=202,
    responses=problems(ImportState),
    summary="就地更正 / Put cells right",
)
async def correct_cells(import_id: UUID, body: PatchesIn, me: RosterAdmin, app: App, once: Once) -> ImportOut:
    """Kept apart from the file, which stays as it is; checked anew."""
    async with app.db.transaction(once=once) as tx:
        patches = [Patch(**cell.model_dump()) for cell in body.cells]
        out = await tx.answer(
            ImportOut.of(await receiving.correct(tx, import_id, patches, by=me)), status=202
        )
    app.wake(BELL)
    return out


@router.post(
    "/imports/{import_id}/apply",
    status_code=202,
    responses=problems(HasErrors, HeadCountJumps, ImportState),
    summary="导入 / Import",
)
async def apply_import(import_id: UUID, body: ApplyIn, me: RosterAdmin, app: App, once: Once) -> ImportOut:
    async with app.db.transaction(once=once) as tx:
        row = await applying.start(
            tx,
            import_id,
            good_only=body.mode == "good",
            absent_left=body.absent == "left",
            head_count_seen=body.head_count_seen,
            effective_on=body.effective_on or today(app),
            by=me,
        )
        out = await tx.answer(ImportOut.of(row), status=202)
    app.wake(BELL)
    return out


@router.post(
    "/imports/{import_id}/undo",
    status_code=202,
    responses=problems(ImportState, UndoTooLate),
    summary="撤销导入 / Undo",
)
async def undo_import(import_id: UUID, me: RosterAdmin, app: App, once: Once) -> ImportOut:
    """Within 24 hours, and only while nothing depends on it; the errand says if something does."""
    async with app.db.transaction(once=once) as tx:
        out = await tx.answer(ImportOut.of(await undoing.start(tx, import_id, by=me)), status=202)
    app.wake(BELL)
    return out


@router.post(
    "/imports/{import_id}/marked",
    status_code=202,
    responses=problems(ImportState),
    summary="带错误原因的原表 / Own workbook with reasons",
)
async def mark_import(import_id: UUID, me: RosterAdmin, app: App, once: Once) -> Asked:
    """The errand's file: the user's own workbook, wrong cells coloured, reasons in one more column."""
    async with app.db.transaction(once=once) as tx:
        asked = await tx.answer(Asked(errand_id=await marking.start(tx, import_id, by=me)), status=202)
    app.wake(BELL)
    return asked
