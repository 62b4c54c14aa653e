"""Roster import."""

import asyncio
import io
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

import xlsxwriter
from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import BaseModel

from kernel.delivery.idempotency import Once as OnceValue
from kernel.delivery.idempotency import request_hash
from kernel.errors import Finding, Findings
from kernel.runtime import Runtime
from kernel.storage.blobs import FileTooLarge
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.workbooks.opening import NotAWorkbook, TooManyRows, WorkbookEmpty, WorkbookHasMacros
from services.org.actions import roster as actions
from services.org.actions.roster import AlreadyApplied, HasErrors, NothingRecognised
from services.org.api.access import RosterAdmin
from services.org.api.officers import today
from services.org.api.schemas import In
from services.org.domain.roster.headers import SYNONYMS, SheetKind
from services.org.models import RosterImportRow
from services.org.queries import roster as queries
from services.org.settings import OrgSettings

router = APIRouter(prefix="/api/org/v1/roster", tags=["roster"])
SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportOut(BaseModel):
    """`errors` are the first hundred; `counts.errors` is how many there are."""

    id: UUID
    status: str
    file_name: str
    sheets: dict[str, Any]
    counts: dict[str, int]
    errors: list[dict[str, Any]]


class ErrorsOut(BaseModel):
    items: list[dict[str, Any]]
    next: int | None


class Mode(In):
    """`all`: only if there is no error; `good`: the rows without error."""

    mode: Literal["all", "good"]


def _out(row: RosterImportRow) -> ImportOut:
    return ImportOut(
        id=row.id,
        status=row.status,
        file_name=row.file_name,
        sheets=row.mapping,
        counts=row.counts,
        errors=row.errors[:SHOWN],
    )


@router.get("/template.xlsx", response_class=Response, summary="下载模板 / Template")
async def template(_: RosterAdmin) -> Response:
    return Response(
        await asyncio.to_thread(_template), media_type=XLSX, headers=_attachment("花名册模板.xlsx")
    )


def _template() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1})
        for name, kind in (("单位", SheetKind.UNITS), ("人员", SheetKind.PEOPLE)):
            sheet = book.add_worksheet(name)
            sheet.set_column(0, len(SYNONYMS[kind]), 18)
            sheet.write_row(0, 0, [names[0] for names in SYNONYMS[kind].values()], head)
            sheet.freeze_panes(1, 0)
    return out.getvalue()


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


@router.post(
    "/imports",
    status_code=201,
    responses=problems(
        NotAWorkbook, WorkbookHasMacros, WorkbookEmpty, TooManyRows, NothingRecognised, FileTooLarge
    ),
    summary="上传花名册,预览 / Upload and preview",
)
async def preview(
    me: RosterAdmin,
    app: App,
    once: Once,
    workbook: Annotated[UploadFile, File()],
    mapping: Annotated[str | None, Form(max_length=20_000)] = None,
) -> ImportOut:
    """`mapping` is JSON: sheet → field → header, where the headers found by name are not the right ones."""
    limit = _limit(app)
    content = await workbook.read(limit + 1)
    if len(content) > limit:
        raise FileTooLarge(limit=limit, limit_mb=limit // (1024 * 1024))
    given = _mapping(mapping)
    hashed = OnceValue(
        once.principal_id, once.key, once.request, request_hash(content, (mapping or "").encode())
    )
    async with app.db.transaction(once=hashed) as tx:
        name = (workbook.filename or "roster")[-120:]
        row = await actions.preview(tx, file_name=name, content=content, mapping=given, by=me)
        return await tx.answer(_out(row), status=201)


def _limit(app: Runtime) -> int:
    return app.settings.roster_max_bytes if isinstance(app.settings, OrgSettings) else 0


def _mapping(text: str | None) -> Mapping[str, Mapping[str, str]]:
    if not text:
        return {}
    wrong = Findings(
        [
            Finding(
                "mapping",
                "mapping-invalid",
                "映射不是有效的 JSON 对象",
                "the mapping is not a JSON object of objects",
            )
        ]
    )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(found, dict) or not all(
        isinstance(fields, dict) and all(isinstance(v, str) for v in fields.values())
        for fields in found.values()
    ):
        raise wrong
    return found


@router.get("/imports/{import_id}", summary="预览结果 / The preview")
async def get_import(import_id: UUID, _: RosterAdmin, app: App) -> ImportOut:
    async with app.db.reading() as session:
        return _out(await queries.roster_import(session, import_id))


@router.get("/imports/{import_id}/errors", summary="全部错误 / All errors")
async def errors(
    import_id: UUID,
    _: RosterAdmin,
    app: App,
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ErrorsOut:
    async with app.db.reading() as session:
        await queries.roster_import(session, import_id)
        found = await queries.errors(session, import_id, start=start, count=limit + 1)
    return ErrorsOut(items=found[:limit], next=start + limit if len(found) > limit else None)


@router.get(
    "/imports/{import_id}/workbook.xlsx",
    response_class=Response,
    summary="带错误原因的原表 / Own workbook with reasons",
)
async def marked(import_id: UUID, _: RosterAdmin, app: App) -> Response:
    async with app.db.reading() as session:
        row = await queries.roster_import(session, import_id)
    content = await asyncio.to_thread(actions.with_reasons, row)
    return Response(content, media_type=XLSX, headers=_attachment(f"错误-{row.file_name}"))


@router.post(
    "/imports/{import_id}/apply", responses=problems(HasErrors, AlreadyApplied), summary="导入 / Import"
)
async def apply(import_id: UUID, body: Mode, me: RosterAdmin, app: App, once: Once) -> ImportOut:
    async with app.db.transaction(once=once) as tx:
        row = await actions.apply(tx, import_id, good_only=body.mode == "good", today=today(app), by=me)
        return await tx.answer(_out(row))
