"""指标导入: a workbook read, shown as a tree, corrected in place, applied; the user's own file back with reasons."""

import asyncio
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response, UploadFile
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.identity import Principal
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import orderly
from kernel.workbooks.opening import NotAWorkbook, TooManyRows, WorkbookEmpty, WorkbookHasMacros
from services.targets.actions import describing, importing
from services.targets.api.access import Drafter
from services.targets.api.import_schemas import AppliedOut, ApplyBody, CorrectBody, ImportOut
from services.targets.api.import_workbook import template
from services.targets.api.indicator_schemas import IndicatorOut
from services.targets.domain.scheme import SchemeNotDraft, VersionStale
from services.targets.domain.target import OutsideScope
from services.targets.queries.schemes import get_import, get_workbook
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["indicators"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE = (WorkbookEmpty, NotAWorkbook, WorkbookHasMacros, TooManyRows)


@router.get("/indicator-imports/template.xlsx", response_class=Response, summary="下载模板 / Template")
async def import_template(_: Drafter) -> Response:
    return _file(await asyncio.to_thread(template), "考核细则模板.xlsx")


@router.post(
    "/schemes/{scheme_id}/indicator-imports",
    status_code=201,
    summary="导入指标:预检 / Read an indicator workbook",
    responses=problems(*_FILE, SchemeNotDraft, OutsideScope),
)
async def preview_import(
    scheme_id: UUID, workbook: UploadFile, by: Drafter, app: App, once: Once
) -> ImportOut:
    content = await workbook.read()
    sheets = await importing.sheets_of(content)
    name = str(orderly("".join(c for c in workbook.filename or "" if c.isprintable())))[:200]
    async with app.db.transaction(once=once) as tx:
        row = await importing.preview_import(tx, scheme_id, sheets, file_name=name, content=content, by=by)
        return await tx.answer(ImportOut.of(row), status=201)


@router.get("/indicator-imports/{import_id}", summary="导入的预览 / A preview")
async def read_import(import_id: UUID, by: Drafter, app: App) -> ImportOut:
    async with app.db.reading() as session:
        row, _ = await get_import(session, import_id, where=schemes_visible_to(by))
        return ImportOut.of(row)


@router.patch(
    "/indicator-imports/{import_id}",
    summary="在线改正 / Correct cells in place, or say which column is which",
    responses=problems(
        importing.ImportApplied, importing.TooManyFixes, VersionStale, SchemeNotDraft, OutsideScope
    ),
)
async def correct_import(import_id: UUID, body: CorrectBody, by: Drafter, app: App, once: Once) -> ImportOut:
    async with app.db.reading() as session:
        content = await _content(session, import_id, by)
    sheets = await importing.sheets_of(content)
    async with app.db.transaction(once=once) as tx:
        row = await importing.correct_import(
            tx,
            import_id,
            sheets,
            fixes=[fix.said() for fix in body.fixes],
            mapping={
                sheet: {str(name): at for name, at in columns.items()}
                for sheet, columns in body.mapping.items()
            },
            version=body.version,
            by=by,
        )
        return await tx.answer(ImportOut.of(row))


@router.get(
    "/indicator-imports/{import_id}/workbook.xlsx",
    response_class=Response,
    summary="下载原表及问题 / One's own workbook back, with the reasons",
)
async def read_marked(import_id: UUID, by: Drafter, app: App) -> Response:
    async with app.db.reading() as session:
        row, _ = await get_import(session, import_id, where=schemes_visible_to(by))
        content = await _content(session, import_id, by)
    columns = row.mapping.get("used") or {}
    from services.targets.api.marked_workbook import marked  # noqa: PLC0415 -- openpyxl takes 30 MB

    return _file(await asyncio.to_thread(marked, content, row.errors, columns), f"问题-{row.file_name}.xlsx")


@router.post(
    "/indicator-imports/{import_id}/apply",
    summary="执行导入 / Add the indicators of the workbook",
    responses=problems(
        importing.ImportHasErrors,
        importing.ImportApplied,
        importing.NothingToImport,
        SchemeNotDraft,
        describing.IndicatorCodeTaken,
        OutsideScope,
    ),
)
async def apply_import(
    import_id: UUID, by: Drafter, app: App, once: Once, body: ApplyBody | None = None
) -> AppliedOut:
    good_only = body is not None and body.mode == "good"
    async with app.db.transaction(once=once) as tx:
        row, added = await importing.apply_import(tx, import_id, good_only=good_only, by=by)
        out = AppliedOut(id=row.id, status=row.status, indicators=[IndicatorOut.of(one) for one in added])
        return await tx.answer(out)


async def _content(session: AsyncSession, import_id: UUID, by: Principal) -> bytes:
    return await get_workbook(session, import_id, where=schemes_visible_to(by))


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=XLSX, headers=headers)
