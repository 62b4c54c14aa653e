"""Attendance: workbooks, what stands, the kinds that there are."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel, ConfigDict

from kernel.delivery.idempotency import Once as OnceValue
from kernel.delivery.idempotency import request_hash
from kernel.recusal import Recused
from kernel.storage.blobs import FileTooLarge
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.workbooks.opening import NotAWorkbook, TooManyRows, WorkbookEmpty, WorkbookHasMacros
from rules.attendance import KINDS
from services.scoring.actions import attending
from services.scoring.api.access import Awarder, Reader, settings_of, today
from services.scoring.api.schemas import Out
from services.scoring.domain.attendance import (
    ChangedSince,
    ImportHasErrors,
    ImportMissing,
    ImportState,
    ImportStateWrong,
    NothingRecognised,
)
from services.scoring.queries import attendance as queries

router = APIRouter(prefix="/api/scoring/v1/attendance", tags=["attendance"])
SHOWN = 100


class AttendanceImportOut(Out):
    """`entered`, `changed` and `unchanged` count days; `errors` are the first hundred of `error_count`."""

    id: UUID
    version: int
    file_name: str
    sha256: str
    status: ImportState
    rows: int
    entered: int
    changed: int
    unchanged: int
    error_count: int
    errors: list[dict[str, Any]]
    actor: str
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None


class AttendanceOut(Out):
    """`quantity` is in times or days, as its kind says."""

    id: UUID
    officer_id: UUID
    unit_id: UUID
    day: date
    kind: str
    quantity: Decimal
    note: str
    import_id: UUID
    at: datetime


class KindOut(Out):
    """`protected`: no plan can mark it; `ground` says why."""

    code: str
    zh: str
    en: str
    unit: str
    protected: bool
    ground: str


class Mode(BaseModel):
    """`all`: only if there is no error; `good`: the rows without error."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["all", "good"]


def _out(row: Any) -> AttendanceImportOut:
    shown = {name: getattr(row, name) for name in AttendanceImportOut.model_fields if name != "error_count"}
    return AttendanceImportOut(**shown | {"errors": row.errors[:SHOWN]}, error_count=len(row.errors))


@router.get("/kinds", summary="考勤类别 / Kinds of attendance")
async def kinds(_: Reader) -> list[KindOut]:
    return [KindOut.of(kind) for kind in KINDS.values()]


@router.get("", summary="考勤记录 / Attendance")
async def records(
    me: Reader,
    app: App,
    page: PageQuery,
    officer_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page[AttendanceOut]:
    """What stands by now, of oneself and of those in the scope of one's roles."""
    async with app.db.reading() as session:
        rows, following = await queries.records(
            session, page, me, officer_id=officer_id, since=since, until=until
        )
    return Page[AttendanceOut](items=[AttendanceOut.of(row) for row in rows], next=following)


@router.post(
    "/imports",
    status_code=201,
    responses=problems(
        NotAWorkbook, WorkbookHasMacros, WorkbookEmpty, TooManyRows, NothingRecognised, FileTooLarge
    ),
    summary="上传考勤表,预览 / Upload and preview",
)
async def preview(
    me: Awarder, app: App, once: Once, workbook: Annotated[UploadFile, File()]
) -> AttendanceImportOut:
    """Columns: police number, name, date (or first and last date), kind, quantity, note. Nothing is entered yet."""
    limit = settings_of(app).attendance_max_bytes
    content = await workbook.read(limit + 1)
    if len(content) > limit:
        raise FileTooLarge(limit=limit, limit_mb=limit // (1024 * 1024))
    hashed = OnceValue(once.principal_id, once.key, once.request, request_hash(content))
    async with app.db.transaction(once=hashed) as tx:
        name = (workbook.filename or "attendance")[-120:]
        day = await today(tx, app)
        row = await attending.preview(tx, file_name=name, content=content, today=day, by=me)
        return await tx.answer(_out(row), status=201)


@router.get("/imports", summary="考勤导入 / Imports")
async def imports(me: Awarder, app: App, page: PageQuery) -> Page[AttendanceImportOut]:
    """One's own, newest first."""
    async with app.db.reading() as session:
        rows, following = await queries.imports(session, page, me)
        return Page[AttendanceImportOut](items=[_out(row) for row in rows], next=following)


@router.get("/imports/{import_id}", responses=problems(ImportMissing), summary="一次导入 / One import")
async def one(import_id: UUID, me: Awarder, app: App) -> AttendanceImportOut:
    async with app.db.reading() as session:
        return _out(await queries.an_import(session, import_id, me))


@router.post(
    "/imports/{import_id}/apply",
    responses=problems(ImportMissing, ImportHasErrors, ImportStateWrong),
    summary="执行导入 / Enter it",
)
async def apply(import_id: UUID, body: Mode, me: Awarder, app: App, once: Once) -> AttendanceImportOut:
    """Only what is different from what stands is entered: the same workbook twice changes nothing."""
    async with app.db.transaction(once=once) as tx:
        row = await attending.apply(
            tx, import_id, good_only=body.mode == "good", today=await today(tx, app), by=me
        )
        return await tx.answer(_out(row))


@router.post(
    "/imports/{import_id}/undo",
    responses=problems(ImportMissing, ImportStateWrong, ChangedSince, Recused),
    summary="撤销导入 / Take it back",
)
async def undo(import_id: UUID, me: Awarder, app: App, once: Once) -> AttendanceImportOut:
    async with app.db.transaction(once=once) as tx:
        row = await attending.undo(tx, import_id, today=await today(tx, app), by=me)
        return await tx.answer(_out(row))
