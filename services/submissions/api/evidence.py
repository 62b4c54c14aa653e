"""Files of a submission: streamed in, hashed, looked at, kept by content; streamed out as attachments."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import StreamingResponse

from kernel.delivery.idempotency import request_hash
from kernel.errors import Problem
from kernel.storage.blobs import FileMissing, FileTooLarge
from kernel.storage.sniffing import FileEmpty, FileHasMacros, FileTypeMismatch, FileTypeUnknown, sniff
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.submissions.actions import counting, proving
from services.submissions.api.access import PREFIX, Reader, Settings, Submitter
from services.submissions.api.multipart import FileNotSent, NotMultipart, UploadBroken, UploadedPart
from services.submissions.api.schemas import FileAdded, SubmissionOut
from services.submissions.domain.authorship import NotYours
from services.submissions.domain.evidence import TooManyFiles
from services.submissions.domain.names import file_name
from services.submissions.domain.submission import NotEditable
from services.submissions.queries.cases import SubmissionNotFound, get_case
from services.submissions.queries.visibility import visible_to

router = APIRouter(prefix=f"{PREFIX}/submissions/{{submission_id}}/evidence", tags=["evidence"])
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
_SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@router.post(
    "",
    status_code=201,
    summary="上传佐证 / upload evidence",
    openapi_extra=_BODY,
    responses=problems(
        SubmissionNotFound,
        NotYours,
        NotEditable,
        TooManyFiles,
        FileTooLarge,
        FileEmpty,
        FileTypeUnknown,
        FileTypeMismatch,
        FileHasMacros,
        NotMultipart,
        FileNotSent,
        UploadBroken,
    ),
)
async def upload_evidence(
    submission_id: UUID, request: Request, by: Submitter, app: App, settings: Settings, once: Once
) -> FileAdded:
    """The same content twice is one file. No transaction is open while the bytes come in."""
    async with app.db.reading() as session:
        case = await get_case(session, submission_id, where=visible_to(by))
    # One file over the limit of number is found out at the end, so that a repeated request gets its answer.
    proving.ensure_takes_evidence(case, by=by, limit=settings.evidence_max_files + 1)
    try:
        part = UploadedPart(request)
        name = file_name(await part.open())
        async with app.blobs.receive(part.read, limit=settings.evidence_max_bytes) as spooled:
            media_type = await asyncio.to_thread(sniff, spooled.path, name)
            await app.blobs.keep(spooled, media_type)
    except Problem as problem:
        counting.UPLOAD_FAILURES.labels(problem.code).inc()
        raise
    file = proving.File(spooled.sha256, name, spooled.size, media_type)
    once = replace(once, request_hash=request_hash(once.request_hash.encode(), file.sha256.encode()))
    async with app.db.transaction(once=once) as tx:
        case, added = await proving.add_evidence(
            tx, submission_id, file, by=by, limit=settings.evidence_max_files
        )
        kept = next(known for known in case.row.evidence if known["sha256"] == file.sha256)
        out = FileAdded(**kept, submission_id=case.row.id, submission_version=case.row.version)
        out = await tx.answer(out, status=201)
    if added:
        counting.UPLOADED.labels(media_type).inc(file.size)
    return out


@router.delete(
    "/{sha256}",
    summary="移除佐证 / remove evidence",
    responses=problems(SubmissionNotFound, proving.EvidenceNotFound, NotYours, NotEditable),
)
async def remove_evidence(
    submission_id: UUID, sha256: Sha256, by: Submitter, app: App, once: Once
) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await proving.remove_evidence(tx, submission_id, sha256, by=by)
        return await tx.answer(SubmissionOut.of(case))


@router.get(
    "/{sha256}",
    summary="下载佐证 / download evidence",
    response_class=StreamingResponse,
    responses=problems(SubmissionNotFound, proving.EvidenceNotFound, FileMissing),
)
async def download_evidence(submission_id: UUID, sha256: Sha256, by: Reader, app: App) -> StreamingResponse:
    async with app.db.reading() as session:
        case = await get_case(session, submission_id, where=visible_to(by))
    file = next((known for known in case.row.evidence if known["sha256"] == sha256), None)
    if file is None:
        raise proving.EvidenceNotFound
    pieces = app.blobs.read(sha256)
    first = await anext(pieces, b"")  # a missing file is told before the answer begins
    headers = _SANDBOX | {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file['name'], safe='')}",
        "Content-Length": str(file["size"]),
    }
    return StreamingResponse(_joined(first, pieces), media_type=file["media_type"], headers=headers)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
