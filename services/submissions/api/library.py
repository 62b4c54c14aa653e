"""The own library of evidence: files uploaded once, used where they prove something."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from kernel.delivery.idempotency import request_hash
from kernel.errors import Problem
from kernel.storage.blobs import FileMissing, FileTooLarge
from kernel.storage.sniffing import FileEmpty, FileHasMacros, FileTypeMismatch, FileTypeUnknown
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.submissions.actions import counting, keeping_files
from services.submissions.api.access import PREFIX, Settings, Submitter
from services.submissions.api.evidence import FILE_BODY
from services.submissions.api.multipart import FileNotSent, NotMultipart, UploadBroken, UploadedPart
from services.submissions.api.ranges import attachment
from services.submissions.api.receiving import received
from services.submissions.domain.files import (
    FileInfected,
    PersonalQuotaFull,
    ScanState,
    UnitQuotaFull,
    ensure_openable,
)
from services.submissions.domain.names import file_name
from services.submissions.models import FileRow, LibraryRow
from services.submissions.queries.library import library_of, page_of_library, used_bytes

router = APIRouter(prefix=f"{PREFIX}/library", tags=["library"])
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


class LibraryFile(BaseModel):
    """`scan`: pending, clean, infected, unscanned. `preview`: pending, made, none, failed."""

    id: UUID
    sha256: str
    name: str
    size: int
    media_type: str
    added_at: datetime
    scan: str
    preview: str
    pages: int | None

    @classmethod
    def of(cls, mine: LibraryRow, file: FileRow) -> "LibraryFile":
        shown: dict[str, Any] = {name: getattr(mine, name) for name in ("id", "sha256", "name", "added_at")}
        for name in ("size", "media_type", "scan", "preview", "pages"):
            shown[name] = getattr(file, name)
        return cls(**shown)


class RoomOut(BaseModel):
    """Bytes; a limit of 0 means none."""

    used: int
    limit: int
    used_by_unit: int
    limit_of_unit: int


@router.get("", summary="我的材料 / files in the own library")
async def list_library(
    by: Submitter, app: App, page: PageQuery, name: Search | None = None
) -> Page[LibraryFile]:
    async with app.db.reading() as session:
        rows, after = await page_of_library(session, by.account_id, page, named=name)
    return Page(items=[LibraryFile.of(mine, file) for mine, file in rows], next=after)


@router.get("/room", summary="空间用量 / how much room is used")
async def get_room(by: Submitter, app: App, settings: Settings) -> RoomOut:
    async with app.db.reading() as session:
        used, of_unit = await used_bytes(session, by.account_id), await used_bytes(session, by.unit_id)
    return RoomOut(
        used=used,
        limit=settings.quota_person_bytes,
        used_by_unit=of_unit,
        limit_of_unit=settings.quota_unit_bytes,
    )


@router.post(
    "",
    status_code=201,
    summary="上传材料 / upload into the library",
    openapi_extra=FILE_BODY,
    responses=problems(
        FileTooLarge,
        FileEmpty,
        FileTypeUnknown,
        FileTypeMismatch,
        FileHasMacros,
        NotMultipart,
        FileNotSent,
        UploadBroken,
        PersonalQuotaFull,
        UnitQuotaFull,
    ),
)
async def upload_file(
    request: Request, by: Submitter, app: App, settings: Settings, once: Once
) -> LibraryFile:
    """The same content twice is one file. No transaction is open while the bytes come in."""
    try:
        part = UploadedPart(request)
        name = file_name(await part.open())
        file = await received(app, part.read, name, limit=settings.evidence_max_bytes)
    except Problem as problem:
        counting.UPLOAD_FAILURES.labels(problem.code).inc()
        raise
    once = replace(once, request_hash=request_hash(once.request_hash.encode(), file.sha256.encode()))
    async with app.db.transaction(once=once) as tx:
        added = await keeping_files.keep_file(tx, file, by=by, settings=settings)
        mine, known = (await library_of(tx.session, by.account_id, [file.sha256]))[file.sha256]
        out = await tx.answer(LibraryFile.of(mine, known), status=201)
    if added:
        counting.UPLOADED.labels(file.media_type).inc(file.size)
    app.wake("look-at-files")
    return out


@router.get(
    "/{sha256}",
    summary="下载材料 / download from the library",
    response_class=StreamingResponse,
    responses=problems(keeping_files.FileNotInLibrary, FileMissing, FileInfected),
)
async def download_file(
    sha256: Sha256, request: Request, by: Submitter, app: App, settings: Settings
) -> Response:
    async with app.db.reading() as session:
        found = await library_of(session, by.account_id, [sha256])
    if not found:
        raise keeping_files.FileNotInLibrary
    mine, file = found[sha256]
    scanning = settings.scanner is not None
    ensure_openable(ScanState(file.scan), file.scan_finding, own=True, scanning=scanning)
    return await attachment(
        request, app.blobs, sha256=sha256, name=mine.name, size=file.size, media_type=file.media_type
    )


@router.delete(
    "/{sha256}",
    status_code=204,
    summary="删除材料 / remove from the library",
    responses=problems(keeping_files.FileNotInLibrary, keeping_files.FileInUse),
)
async def remove_file(sha256: Sha256, by: Submitter, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await keeping_files.remove_file(tx, sha256, by=by)
        await tx.answer(None, status=204)
