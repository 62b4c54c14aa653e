"""Files of a submission: streamed in, hashed, looked at, kept by content; streamed out as attachments."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response, StreamingResponse

from kernel.delivery.idempotency import request_hash
from kernel.errors import Problem
from kernel.storage.blobs import FileMissing, FileTooLarge
from kernel.storage.sniffing import FileEmpty, FileHasMacros, FileTypeMismatch, FileTypeUnknown
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.submissions.actions import counting, proving
from services.submissions.actions.keeping_files import FileNotInLibrary
from services.submissions.api.access import PREFIX, Reader, Settings, Submitter
from services.submissions.api.multipart import FileNotSent, NotMultipart, UploadBroken, UploadedPart
from services.submissions.api.ranges import attachment
from services.submissions.api.receiving import ensure_may_open, received
from services.submissions.api.schemas import FileAdded, ReuseIn, SubmissionOut
from services.submissions.domain.authorship import NotYours
from services.submissions.domain.evidence import TooManyFiles
from services.submissions.domain.files import (
    FileInfected,
    FileNotScanned,
    PersonalQuotaFull,
    UnitQuotaFull,
)
from services.submissions.domain.names import file_name
from services.submissions.domain.submission import NotEditable
from services.submissions.queries.cases import SubmissionNotFound, get_case
from services.submissions.queries.library import files_by_hash
from services.submissions.queries.visibility import open_to, visible_to

router = APIRouter(prefix=f"{PREFIX}/submissions/{{submission_id}}/evidence", tags=["evidence"])
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
FILE_BODY: dict[str, Any] = {
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


@router.post(
    "",
    status_code=201,
    summary="上传佐证 / upload evidence",
    openapi_extra=FILE_BODY,
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
        PersonalQuotaFull,
        UnitQuotaFull,
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
        file = await received(app, part.read, name, limit=settings.evidence_max_bytes)
    except Problem as problem:
        counting.UPLOAD_FAILURES.labels(problem.code).inc()
        raise
    once = replace(once, request_hash=request_hash(once.request_hash.encode(), file.sha256.encode()))
    async with app.db.transaction(once=once) as tx:
        case, added = await proving.add_evidence(tx, submission_id, file, by=by, settings=settings)
        kept = next(known for known in case.row.evidence if known["sha256"] == file.sha256)
        out = FileAdded(**kept, submission_id=case.row.id, submission_version=case.row.version)
        out = await tx.answer(out, status=201)
    if added:
        counting.UPLOADED.labels(file.media_type).inc(file.size)
        app.wake("look-at-files")
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


@router.post(
    "/reuse",
    summary="引用已有材料 / use files of the library",
    responses=problems(SubmissionNotFound, FileNotInLibrary, NotYours, NotEditable, TooManyFiles),
)
async def reuse_evidence(
    submission_id: UUID, body: ReuseIn, by: Submitter, app: App, settings: Settings, once: Once
) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await proving.reuse_evidence(tx, submission_id, body.evidence, by=by, settings=settings)
        return await tx.answer(SubmissionOut.of(case))


@router.get(
    "/{sha256}",
    summary="下载佐证 / download evidence",
    response_class=StreamingResponse,
    responses=problems(
        SubmissionNotFound, proving.EvidenceNotFound, FileMissing, FileInfected, FileNotScanned
    ),
)
async def download_evidence(
    submission_id: UUID, sha256: Sha256, request: Request, by: Reader, app: App, settings: Settings
) -> Response:
    """As an attachment; ranges of bytes are served."""
    async with app.db.reading() as session:
        case = await get_case(session, submission_id, where=open_to(by))
        known = (await files_by_hash(session, [sha256])).get(sha256)
    file = proving.evidence_of(case, sha256)
    ensure_may_open(case, known, by=by, settings=settings)
    return await attachment(
        request, app.blobs, sha256=sha256, name=file["name"], size=file["size"], media_type=file["media_type"]
    )
