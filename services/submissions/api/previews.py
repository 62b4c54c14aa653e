"""Looking at evidence without downloading it; the same and similar files elsewhere."""

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel

from kernel.clock import Clock
from kernel.errors import NotFound
from kernel.identity import Principal
from kernel.runtime import Runtime
from kernel.storage.watermark import watermarked
from kernel.web.app import App
from kernel.web.problems import problems
from services.submissions.actions.keeping_files import FileNotInLibrary
from services.submissions.actions.proving import EvidenceNotFound, evidence_of
from services.submissions.api.access import PREFIX, Reader, Reviewer, Settings, Submitter
from services.submissions.api.receiving import ensure_may_open
from services.submissions.domain.files import FileInfected, FileNotScanned, ScanState, ensure_openable
from services.submissions.models import FileRow, PreviewRow
from services.submissions.queries.alike import alike
from services.submissions.queries.cases import SubmissionNotFound, get_case
from services.submissions.queries.library import files_by_hash, library_of, preview_of, previews_of
from services.submissions.queries.visibility import open_to, visible_to

router = APIRouter(prefix=PREFIX, tags=["previews"])
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
Kind = Annotated[str, Path(pattern="^(thumbnail|web|page-[1-9][0-9]?)$")]
_log = structlog.get_logger(__name__)


class PreviewNotReady(NotFound):
    code = "preview-not-ready"
    zh = "该文件没有这种预览,或尚在生成;可下载原件"
    en = "There is no such preview of the file, or not yet; the file itself can be downloaded"


class PreviewOut(BaseModel):
    kind: str
    width: int
    height: int


class PreviewsOut(BaseModel):
    """`scan`: pending, clean, infected, unscanned. `state`: pending, made, none, failed (then `problem` says why)."""

    sha256: str
    scan: str
    state: str
    problem: str | None
    width: int | None
    height: int | None
    pages: int | None
    items: list[PreviewOut]


class UseOut(BaseModel):
    submission_id: UUID
    number: str
    subject_name: str
    unit_name: str
    event_date: date
    status: str


class AlikeOut(BaseModel):
    """`distance` 0 is the same file; up to 7 of 64 bits an image that looks the same. `uses`: what the reader may see."""

    sha256: str
    other: str
    distance: int
    count: int
    uses: list[UseOut]


class AlikesOut(BaseModel):
    items: list[AlikeOut]


@router.get(
    "/submissions/{submission_id}/evidence/{sha256}/previews",
    summary="预览情况 / which previews there are",
    responses=problems(SubmissionNotFound, EvidenceNotFound),
)
async def list_previews(submission_id: UUID, sha256: Sha256, by: Reader, app: App) -> PreviewsOut:
    async with app.db.reading() as session:
        case = await get_case(session, submission_id, where=open_to(by))
        evidence_of(case, sha256)
        file = (await files_by_hash(session, [sha256])).get(sha256)
        if file is None:
            raise EvidenceNotFound
        rows = await previews_of(session, sha256)
    return PreviewsOut(
        sha256=sha256, scan=file.scan, state=file.preview, problem=file.preview_problem, width=file.width,
        height=file.height, pages=file.pages,
        items=[PreviewOut(kind=row.kind, width=row.width, height=row.height) for row in rows],
    )  # fmt: skip


@router.get(
    "/submissions/{submission_id}/evidence/{sha256}/previews/{kind}",
    summary="查看预览 / look at a preview",
    response_class=Response,
    responses=problems(SubmissionNotFound, EvidenceNotFound, PreviewNotReady, FileInfected, FileNotScanned),
)
async def get_preview(
    submission_id: UUID, sha256: Sha256, kind: Kind, by: Reader, app: App, settings: Settings
) -> Response:
    """A JPEG made here, without place and time of the photograph; with the reader's name across it where that is set."""
    async with app.db.reading() as session:
        case = await get_case(session, submission_id, where=open_to(by))
        file = (await files_by_hash(session, [sha256])).get(sha256)
        row = await preview_of(session, sha256, kind)
    evidence_of(case, sha256)
    ensure_may_open(case, file, by=by, settings=settings)
    _log.info(
        "evidence_looked_at",
        submission=str(submission_id),
        sha256=sha256,
        kind=kind,
        account=str(by.account_id),
    )
    return await _shown(app, row, by=by, watermark=settings.watermark_previews and kind != "thumbnail")


@router.get(
    "/library/{sha256}/previews/{kind}",
    summary="查看材料预览 / look at a file of the library",
    response_class=Response,
    responses=problems(FileNotInLibrary, PreviewNotReady, FileInfected),
)
async def get_library_preview(
    sha256: Sha256, kind: Kind, by: Submitter, app: App, settings: Settings
) -> Response:
    async with app.db.reading() as session:
        found = await library_of(session, by.account_id, [sha256])
        row = await preview_of(session, sha256, kind)
    if not found:
        raise FileNotInLibrary
    file: FileRow = found[sha256][1]
    scanning = settings.scanner is not None
    ensure_openable(ScanState(file.scan), file.scan_finding, own=True, scanning=scanning)
    return await _shown(app, row, by=by, watermark=False)


@router.get(
    "/submissions/{submission_id}/evidence-alike",
    summary="相同或相似材料 / the same and similar files in other work",
    responses=problems(SubmissionNotFound),
)
async def list_alike(submission_id: UUID, by: Reviewer, app: App) -> AlikesOut:
    async with app.db.reading() as session:
        case = await get_case(session, submission_id, where=open_to(by))
        found = await alike(session, case, visible=visible_to(by))
    items = [
        AlikeOut(
            sha256=item.of, other=item.near.sha256, distance=item.near.distance, count=item.count,
            uses=[UseOut.model_validate(use, from_attributes=True) for use in item.uses],
        )
        for item in found
    ]  # fmt: skip
    return AlikesOut(items=items)


async def _shown(app: Runtime, row: PreviewRow | None, *, by: Principal, watermark: bool) -> Response:
    if row is None:
        raise PreviewNotReady
    content = b"".join([piece async for piece in app.blobs.read(row.picture)])
    if watermark:
        content = await asyncio.to_thread(watermarked, content, _words(app.clock, app, by))
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=300",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(content, media_type="image/jpeg", headers=headers)


def _words(clock: Clock, app: Runtime, by: Principal) -> str:
    return f"{by.name} {clock.now().astimezone(app.zone):%Y-%m-%d %H:%M}"
