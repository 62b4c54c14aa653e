"""Resumable uploads: announce, send parts, ask how far it got, finish. After the manner of tus (https://tus.io)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field, StringConstraints

from kernel.errors import Problem, Unsupported
from kernel.storage.blobs import Blobs, FileTooLarge
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.submissions.actions import counting, uploading
from services.submissions.api.access import PREFIX, Settings, Submitter
from services.submissions.api.library import LibraryFile
from services.submissions.api.receiving import HashDiffers, received
from services.submissions.api.schemas import Hash, In
from services.submissions.domain.evidence import FileNameInvalid
from services.submissions.domain.files import PersonalQuotaFull, UnitQuotaFull
from services.submissions.domain.names import file_name
from services.submissions.models import UploadRow
from services.submissions.queries.library import library_of

router = APIRouter(prefix=f"{PREFIX}/uploads", tags=["uploads"])
PART_TYPE = "application/offset+octet-stream"
_PART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {PART_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class PartNotRaw(Unsupported):
    code = "part-not-raw"
    zh = "分片须以 application/offset+octet-stream 发送"
    en = "Parts are sent as application/offset+octet-stream"


class AnnouncedFile(In):
    """`sha256`, if the client knows it, is checked at the end."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    size: Annotated[int, Field(ge=1, lt=2**50)]
    sha256: Hash | None = None


class UploadOut(BaseModel):
    """`offset`: how many bytes have arrived, and where to go on. `part_bytes`: the most that one part may have."""

    id: UUID
    name: str
    size: int
    offset: int
    part_bytes: int
    expires_at: datetime

    @classmethod
    def of(cls, row: UploadRow) -> "UploadOut":
        return cls(
            id=row.id, name=row.name, size=row.size, offset=row.received, part_bytes=uploading.PART_BYTES,
            expires_at=row.expires_at,
        )  # fmt: skip


@router.post(
    "",
    status_code=201,
    summary="开始分片上传 / announce a large file",
    responses=problems(
        FileTooLarge, FileNameInvalid, PersonalQuotaFull, UnitQuotaFull, uploading.TooManyUploads
    ),
)
async def begin_upload(
    body: AnnouncedFile, by: Submitter, app: App, settings: Settings, once: Once
) -> UploadOut:
    limit = settings.evidence_max_bytes
    if body.size > limit:
        raise FileTooLarge(limit=limit, limit_mb=limit // (1024 * 1024))
    announced = uploading.Announced(file_name(body.name), body.size, body.sha256)
    async with app.db.transaction(once=once) as tx:
        row = await uploading.begin(tx, announced, by=by, settings=settings)
        return await tx.answer(UploadOut.of(row), status=201)


@router.get(
    "/{upload_id}", summary="上传进度 / how far an upload got", responses=problems(uploading.UploadNotFound)
)
async def get_upload(upload_id: UUID, by: Submitter, app: App) -> UploadOut:
    async with app.db.reading() as session:
        row = await session.get(UploadRow, upload_id)
    if row is None or row.account_id != by.account_id or row.expires_at <= app.clock.now():
        raise uploading.UploadNotFound
    return UploadOut.of(row)


@router.patch(
    "/{upload_id}",
    summary="上传分片 / send the next part",
    openapi_extra=_PART,
    responses=problems(uploading.UploadNotFound, uploading.OffsetDiffers, uploading.PartTooLong, PartNotRaw),
)
async def send_part(
    upload_id: UUID,
    request: Request,
    by: Submitter,
    app: App,
    settings: Settings,
    once: Once,
    upload_offset: Annotated[int, Header(ge=0, lt=2**50)],
) -> UploadOut:
    """A part that was stored and not acknowledged is sent again at the offset that the server names, or with its key."""
    if not request.headers.get("content-type", "").startswith(PART_TYPE):
        raise PartNotRaw
    content = await request.body()
    async with app.db.transaction(once=once) as tx:
        row = await uploading.lock_upload(tx, upload_id, by=by)
        uploading.ensure_fits(row, offset=upload_offset, length=len(content))
        if content:
            await app.blobs.put_part(str(row.id), row.parts + 1, content)
            await uploading.took(tx, row, len(content), settings=settings)
        return await tx.answer(UploadOut.of(row))


@router.post(
    "/{upload_id}/finish",
    summary="完成上传 / put the parts together",
    responses=problems(uploading.UploadNotFound, uploading.UploadIncomplete, HashDiffers),
)
async def finish_upload(
    upload_id: UUID, by: Submitter, app: App, settings: Settings, once: Once
) -> LibraryFile:
    """The whole is hashed and looked at like any other file; then it is in the library."""
    async with app.db.transaction(once=once) as tx:
        row = await uploading.lock_upload(tx, upload_id, by=by)
        uploading.ensure_complete(row)
        try:
            whole = _Whole(app.blobs, str(row.id), row.parts)
            file = await received(app, whole.read, row.name, limit=row.size, sha256=row.sha256)
        except Problem as problem:
            counting.UPLOAD_FAILURES.labels(problem.code).inc()
            raise
        await uploading.finish(tx, row, file, by=by, settings=settings)
        mine, known = (await library_of(tx.session, by.account_id, [file.sha256]))[file.sha256]
        out = await tx.answer(LibraryFile.of(mine, known))
    app.wake("look-at-files")
    return out


@router.delete(
    "/{upload_id}",
    status_code=204,
    summary="取消上传 / give an upload up",
    responses=problems(uploading.UploadNotFound),
)
async def cancel_upload(upload_id: UUID, by: Submitter, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        row = await uploading.lock_upload(tx, upload_id, by=by)
        parts = row.parts
        await uploading.cancel(tx, row)
        await tx.answer(None, status=204)
    await app.blobs.drop_parts(str(upload_id), parts)


@dataclass
class _Whole:
    """The parts one after the other, as a stream."""

    blobs: Blobs
    upload: str
    parts: int
    _number: int = 0
    _pieces: AsyncIterator[bytes] | None = field(default=None)

    async def read(self, _: int) -> bytes:
        while True:
            if self._pieces is not None:
                piece = await anext(self._pieces, b"")
                if piece:
                    return piece
            if self._number == self.parts:
                return b""
            self._number += 1
            self._pieces = self.blobs.read_part(self.upload, self._number)
