"""Bulletins: list, draft, edit, sign, issue, recall, acknowledge; as Word, PDF and workbook."""

import asyncio
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.reporting.actions import bulletins as actions
from services.reporting.actions.bulletins import BlockUnknown
from services.reporting.api.access import Editor, Reader, SignerOfBulletins
from services.reporting.api.bulletin_schemas import (
    BlockOut,
    BulletinDetail,
    BulletinOut,
    CheckOut,
    DraftIn,
    Edit,
    Reason,
    ReceiptOut,
    StepOut,
    number_of,
)
from services.reporting.documents.heads import Imprint, written
from services.reporting.documents.workbook import bulletin_xlsx
from services.reporting.domain.bulletin import (
    BulletinMissing,
    BulletinState,
    BulletinStateWrong,
    FiguresMoved,
    SameSigner,
)
from services.reporting.domain.report import BulletinKind, Report, report_of
from services.reporting.domain.versions import VersionKind
from services.reporting.models import BulletinRow
from services.reporting.queries import bulletins as queries
from services.reporting.queries.drafting import Wanted
from services.reporting.queries.drive_reports import WeekMissing
from services.reporting.queries.drives import CampaignMissing
from services.reporting.queries.periods import PeriodMissing, VersionMissing
from services.reporting.settings import house_of

router = APIRouter(prefix="/api/reporting/v1/bulletins", tags=["bulletins"])
_MADE = problems(BulletinMissing, BulletinStateWrong)


class Form(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


_MEDIA = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("", summary="通报列表 / Bulletins")
async def bulletins(
    me: Reader, app: App, page: PageQuery, kind: BulletinKind | None = None, state: BulletinState | None = None,
    scheme_id: UUID | None = None,
) -> Page[BulletinOut]:  # fmt: skip
    async with app.db.reading() as session:
        rows, following = await queries.bulletins(
            session, me, page, kind=kind, state=state, scheme_id=scheme_id
        )
    return Page[BulletinOut](items=[BulletinOut.of(row) for row in rows], next=following)


@router.post(
    "",
    status_code=201,
    responses=problems(PeriodMissing, VersionMissing, WeekMissing, CampaignMissing),
    summary="起草通报 / Draft a bulletin",
)
async def draft(body: DraftIn, me: Editor, app: App, once: Once) -> BulletinOut:
    """Filled with text, tables and charts from the figures as they stand in the wanted state."""
    wanted = Wanted(
        body.kind, body.scheme_id, body.period_id, body.figures, house_of(app), body.week_of, body.campaign_id
    )
    async with app.db.transaction(once=once) as tx:
        row = await actions.draft(tx, wanted, by=me)
        return await tx.answer(BulletinOut.of(row), status=201)


@router.get("/{bulletin_id}", responses=problems(BulletinMissing), summary="通报 / A bulletin")
async def bulletin(bulletin_id: UUID, me: Reader, app: App) -> BulletinDetail:
    async with app.db.transaction() as tx:
        row = await queries.bulletin(tx.session, bulletin_id, me)
        steps = await queries.steps(tx.session, bulletin_id)
        receipts = await queries.receipts(tx.session, bulletin_id)
        draft_now = row.state == BulletinState.DRAFT
        current = not draft_now or await actions.is_current(tx.session, row, house_of(app))
    report = report_of(row.content)
    return BulletinDetail(
        **BulletinOut.of(row).model_dump(), addressees=report.addressees, copies=report.copies, version=report.version,
        digests=list(report.digests), blocks=[BlockOut.of(block) for block in report.blocks], data_changed=not current,
        steps=[StepOut(at=s.at, actor=s.actor, action=s.action, reason=s.reason, data_digest=s.data_digest) for s in steps],
        receipts=[ReceiptOut(name=name, unit_name=unit, at=at) for name, unit, at in receipts],
    )  # fmt: skip


@router.patch("/{bulletin_id}", responses=_MADE | problems(BlockUnknown), summary="编辑通报 / Edit the words")
async def edit(bulletin_id: UUID, body: Edit, me: Editor, app: App, once: Once) -> BulletinOut:
    async with app.db.transaction(once=once) as tx:
        row = await actions.edit(
            tx,
            bulletin_id,
            title=body.title,
            addressees=body.addressees,
            copies=body.copies,
            texts=body.texts,
            by=me,
        )
        return await tx.answer(BulletinOut.of(row))


@router.post(
    "/{bulletin_id}/refresh",
    responses=_MADE | problems(VersionMissing),
    summary="刷新数据 / The newest figures",
)
async def refresh(
    bulletin_id: UUID, me: Editor, app: App, once: Once, figures: VersionKind | None = None
) -> BulletinOut:
    """Of the state it has, or of `figures`, such as the sealed ones once they are there."""
    async with app.db.transaction(once=once) as tx:
        row = await actions.refresh(tx, bulletin_id, figures=figures, house=house_of(app), by=me)
        return await tx.answer(BulletinOut.of(row))


@router.post(
    "/{bulletin_id}/send", responses=_MADE | problems(FiguresMoved), summary="送签 / Send for signature"
)
async def send(bulletin_id: UUID, me: Editor, app: App, once: Once) -> BulletinOut:
    async with app.db.transaction(once=once) as tx:
        row = await actions.send(tx, bulletin_id, house=house_of(app), by=me)
        return await tx.answer(BulletinOut.of(row))


@router.post("/{bulletin_id}/return", responses=_MADE, summary="退回修改 / Give back")
async def give_back(
    bulletin_id: UUID, body: Reason, me: SignerOfBulletins, app: App, once: Once
) -> BulletinOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(
            BulletinOut.of(await actions.give_back(tx, bulletin_id, reason=body.reason, by=me))
        )


@router.post("/{bulletin_id}/sign", responses=_MADE | problems(SameSigner), summary="签发 / Sign and issue")
async def sign(bulletin_id: UUID, me: SignerOfBulletins, app: App, once: Once) -> BulletinOut:
    today = app.clock.now().astimezone(app.zone).date()
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(BulletinOut.of(await actions.sign(tx, bulletin_id, today=today, by=me)))


@router.post("/{bulletin_id}/recall", responses=_MADE, summary="撤回通报 / Recall")
async def recall(bulletin_id: UUID, body: Reason, me: SignerOfBulletins, app: App, once: Once) -> BulletinOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(
            BulletinOut.of(await actions.recall(tx, bulletin_id, reason=body.reason, by=me))
        )


@router.post("/{bulletin_id}/acknowledge", responses=_MADE, summary="签收 / Acknowledge")
async def acknowledge(bulletin_id: UUID, me: Reader, app: App, once: Once) -> BulletinOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(BulletinOut.of(await actions.acknowledge(tx, bulletin_id, by=me)))


@router.get(
    "/{bulletin_id}/check",
    responses=problems(BulletinMissing, VersionMissing),
    summary="重新生成核对 / Re-create and compare",
)
async def check(bulletin_id: UUID, me: Reader, app: App) -> CheckOut:
    async with app.db.reading() as session:
        row = await queries.bulletin(session, bulletin_id, me)
        again = await actions.recreated(session, row, house_of(app))
        newest = await actions.newest_digest(session, row, house_of(app))
    return CheckOut(
        same=again == row.data_digest, data_digest=row.data_digest, recreated_digest=again,
        data_changed=newest != row.data_digest,
    )  # fmt: skip


@router.get(
    "/{bulletin_id}/document.{form}", response_class=Response, responses=problems(BulletinMissing),
    summary="下载 Word / PDF / Excel / As a document",
)  # fmt: skip
async def document(
    bulletin_id: UUID, form: Form, me: Reader, app: App, *, internal: Annotated[bool, Query()] = False
) -> Response:
    """`internal` adds version and fingerprints to the workbook, for those who make bulletins."""
    async with app.db.reading() as session:
        row = await queries.bulletin(session, bulletin_id, me)
        own = await queries.template(session) if form is Form.DOCX else None
    report, imprint = report_of(row.content), imprint_of(row)
    if internal:
        queries.require(me, "reporting:bulletin", row)
    content = await asyncio.to_thread(
        _composed, form, row, report, imprint, own.content if own else None, fingerprint=internal
    )
    name = f"{row.title}{'_内部版' if internal else ''}.{form}"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=_MEDIA[form], headers=headers)


def _composed(
    form: Form,
    row: BulletinRow,
    report: Report,
    imprint: Imprint,
    template: bytes | None,
    *,
    fingerprint: bool,
) -> bytes:
    """What composes is loaded with the first document: it weighs more than all the rest of the service."""
    if form is Form.PDF:
        from services.reporting.documents.pdf import bulletin_pdf  # noqa: PLC0415

        at = datetime.combine(row.issued_on or date.fromisoformat(report.last_day), time(), UTC)
        return bulletin_pdf(report, imprint, at=at)
    if form is Form.DOCX:
        from services.reporting.documents.word import bulletin_docx  # noqa: PLC0415

        return bulletin_docx(report, imprint, template)
    return bulletin_xlsx(report, imprint, fingerprint=fingerprint)


def imprint_of(row: BulletinRow) -> Imprint:
    """A draft has no number and the last day of its figures as its date."""
    report = report_of(row.content)
    day = row.issued_on or date.fromisoformat(report.last_day)
    return Imprint(
        f"{report.issuer}文件", number_of(row) or "", written(day), f"KH {row.id}", row.number is None
    )
