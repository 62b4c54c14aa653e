"""The Word template of bulletins: versions, upload, going back."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, Path, Response, UploadFile
from pydantic import BaseModel

from kernel.delivery.idempotency import Once as OnceValue
from kernel.delivery.idempotency import request_hash
from kernel.errors import Findings
from kernel.storage.blobs import FileTooLarge
from kernel.web.app import App
from kernel.web.errands import attachment
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.reporting.actions import templates as actions
from services.reporting.actions.templates import SHIPPED, TemplateMissing
from services.reporting.api.access import Editor
from services.reporting.models import BulletinTemplateRow
from services.reporting.queries import bulletins as queries

router = APIRouter(prefix="/api/reporting/v1/bulletin-templates", tags=["bulletins"])
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_BYTES = 8 * 1024 * 1024
Number = Annotated[int, Path(ge=SHIPPED, le=1_000_000)]


class TemplateFindingOut(BaseModel):
    code: str
    detail: str
    detail_en: str


class TemplateOut(BaseModel):
    """The newest counts. `findings`: what is not wrong, but may look wrong, such as fonts that others lack."""

    number: int
    name: str
    sha256: str
    findings: list[TemplateFindingOut]
    actor: str
    at: datetime

    @classmethod
    def of(cls, row: BulletinTemplateRow) -> "TemplateOut":
        findings = [
            TemplateFindingOut(code=f["code"], detail=f["zh"], detail_en=f["en"]) for f in row.findings
        ]
        return cls(
            number=row.number, name=row.name, sha256=row.sha256, findings=findings, actor=row.actor, at=row.at
        )


@router.get("", summary="通报模板版本 / Versions of the template")
async def templates(_: Editor, app: App) -> list[TemplateOut]:
    """Newest first; without any, the one that ships counts."""
    async with app.db.reading() as session:
        return [TemplateOut.of(row) for row in await queries.templates(session)]


@router.post(
    "",
    status_code=201,
    responses=problems(FileTooLarge, Findings),
    summary="上传通报模板 / Upload a template",
)
async def upload_template(
    me: Editor, app: App, once: Once, template: Annotated[UploadFile, File()]
) -> TemplateOut:
    """A .docx, tried before it counts: its tags, its variables, filled with sample data. For those who have the whole bureau."""
    from services.reporting.documents.word import check_template  # noqa: PLC0415 -- loaded with the first document

    content = await template.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileTooLarge(limit=MOST_BYTES, limit_mb=MOST_BYTES // (1024 * 1024))
    findings = await asyncio.to_thread(check_template, content)
    hashed = OnceValue(once.principal_id, once.key, once.request, request_hash(content))
    async with app.db.transaction(once=hashed) as tx:
        name = (template.filename or "template.docx")[-120:]
        row = await actions.receive(tx, name=name, content=content, findings=findings, by=me)
        return await tx.answer(TemplateOut.of(row), status=201)


@router.post(
    "/{number}/restore",
    status_code=201,
    responses=problems(TemplateMissing),
    summary="恢复某版模板 / Go back to a version",
)
async def restore_template(number: Number, me: Editor, app: App, once: Once) -> TemplateOut:
    """As a new version; 0 is the one that ships."""
    shipped = await asyncio.to_thread(_shipped)
    async with app.db.transaction(once=once) as tx:
        row = await actions.restore(tx, number, shipped=shipped, by=me)
        return await tx.answer(TemplateOut.of(row), status=201)


@router.get(
    "/{number}/file",
    response_class=Response,
    responses=problems(TemplateMissing),
    summary="下载模板 / Download a version",
)
async def download_template(number: Number, _: Editor, app: App) -> Response:
    """0 is the one that ships: what an office begins with that makes its own."""
    name, content = await _version(app, number)
    return Response(content, media_type=_DOCX, headers=attachment(name))


@router.get(
    "/{number}/sample",
    response_class=Response,
    responses=problems(TemplateMissing),
    summary="用样例数据试填 / Filled with sample data",
)
async def sample(number: Number, _: Editor, app: App) -> Response:
    """What a bulletin looks like that is made with this version."""
    from services.reporting.documents.word import sample_docx  # noqa: PLC0415 -- as above

    name, content = await _version(app, number)
    filled = await asyncio.to_thread(sample_docx, content)
    return Response(filled, media_type=_DOCX, headers=attachment(f"试填_{name}"))


async def _version(app: App, number: int) -> tuple[str, bytes]:
    if number == SHIPPED:
        return "国标模板.docx", await asyncio.to_thread(_shipped)
    async with app.db.reading() as session:
        row = await actions.template(session, number)
    return row.name, row.content


def _shipped() -> bytes:
    from services.reporting.documents.word_template import default_template  # noqa: PLC0415 -- as above

    return default_template()
