"""Everybody's receipts: as JSON for verifiers, as paper with the same JSON inside for people."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.org import SubjectKind
from kernel.runtime import Runtime
from kernel.typesetting.press import typeset
from kernel.web.app import App
from kernel.web.problems import problems
from sealing.receipt import build
from sealing.trust import Trust
from services.scoring.actions import witnessing
from services.scoring.api.access import Reader, sealer_of, settings_of
from services.scoring.api.receipt_paper import TEMPLATE, paper_of
from services.scoring.queries import lists, sealed
from services.scoring.queries.sealed import NotSealed

router = APIRouter(prefix="/api/scoring/v1/receipts", tags=["seals"])


@router.get(
    "/{period_id}/{subject_kind}/{subject_id}",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, **problems(NotSealed)},
    summary="考核凭证 / A receipt",
)
async def receipt(
    period_id: UUID, subject_kind: SubjectKind, subject_id: UUID, me: Reader, app: App
) -> Response:
    """Proof that a sealed score, and what corrected it since, is included and unaltered: for `kaohe verify`, offline."""
    async with app.db.reading() as session:
        await lists.statement(session, subject_id, period_id, me)
        data = await _receipt(session, app, period_id, subject_kind, subject_id)
    return _file(data, "application/json", f"receipt-{period_id}-{subject_id}.json")


@router.get(
    "/{period_id}/{subject_kind}/{subject_id}/paper",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **problems(NotSealed)},
    summary="考核凭证(PDF) / A receipt on paper",
)
async def receipt_on_paper(
    period_id: UUID, subject_kind: SubjectKind, subject_id: UUID, me: Reader, app: App
) -> Response:
    """PDF/A with the fingerprints as a code to scan and the JSON receipt attached: the same bytes each time."""
    async with app.db.reading() as session:
        await lists.statement(session, subject_id, period_id, me)
        data = await _receipt(session, app, period_id, subject_kind, subject_id)
        names = await sealed.names(session, period_id, subject_id)
    paper = paper_of(data, names, app.zone)
    printed = await typeset(TEMPLATE, paper.data, at=paper.at, files=paper.files)
    return _file(printed, "application/pdf", f"receipt-{period_id}-{subject_id}.pdf")


async def _receipt(
    session: AsyncSession, app: Runtime, period_id: UUID, subject_kind: SubjectKind, subject_id: UUID
) -> bytes:
    source = settings_of(app).seal_trust
    trust = Trust.parse(source) if source else None
    proofs = await sealed.proofs(session, period_id, subject_kind.value, str(subject_id), trust)
    keys = witnessing.known_keys(sealer_of(app), source)
    return build(proofs.main, proofs.log, proofs.note, keys, proofs.supplements)


def _file(data: bytes, media_type: str, name: str) -> Response:
    return Response(
        data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
