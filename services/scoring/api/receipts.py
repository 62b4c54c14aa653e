"""Everybody's receipts: as JSON for verifiers, as paper with the same JSON inside for people."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.org import SubjectKind
from kernel.typesetting.press import typeset
from kernel.web.app import App
from kernel.web.problems import problems
from sealing.receipt import build
from services.scoring.actions import witnessing
from services.scoring.api import receipt_paper
from services.scoring.api.access import Reader, sealer_of, settings_of
from services.scoring.queries import lists, sealed
from services.scoring.queries.sealed import NotSealed

router = APIRouter(prefix="/api/scoring/v1/receipts", tags=["seals"])


@dataclass(frozen=True, slots=True)
class Whose:
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID


Asked = Annotated[Whose, Depends()]


@router.get(
    "/{period_id}/{subject_kind}/{subject_id}",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, **problems(NotSealed)},
    summary="考核凭证 / A receipt",
)
async def receipt(whose: Asked, me: Reader, app: App) -> Response:
    """Proof that a sealed score is included and unaltered; verified offline with `kaohe verify`."""
    async with app.db.reading() as session:
        await lists.statement(session, whose.subject_id, whose.period_id, me)
        data = await _receipt(session, app, whose)
    return _file(data, "application/json", whose, "json")


@router.get(
    "/{period_id}/{subject_kind}/{subject_id}/paper",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **problems(NotSealed)},
    summary="考核凭证(PDF) / A receipt on paper",
)
async def receipt_on_paper(whose: Asked, me: Reader, app: App) -> Response:
    """PDF/A with the fingerprints as a code to scan and the JSON receipt attached: the same bytes each time."""
    async with app.db.reading() as session:
        await lists.statement(session, whose.subject_id, whose.period_id, me)
        data = await _receipt(session, app, whose)
        names = await sealed.names(session, whose.subject_id)
    paper = receipt_paper.paper_of(data, names)
    printed = await typeset(receipt_paper.TEMPLATE, paper.data, at=paper.at, files=paper.files)
    return _file(printed, "application/pdf", whose, "pdf")


async def _receipt(session: AsyncSession, app: App, whose: Whose) -> bytes:
    proofs = await sealed.proofs(session, whose.period_id, whose.subject_kind.value, str(whose.subject_id))
    keys = witnessing.known_keys(sealer_of(app), settings_of(app).seal_trust)
    return build(proofs.main, proofs.log, proofs.note, keys)


def _file(data: bytes, media_type: str, whose: Whose, ending: str) -> Response:
    name = f"receipt-{whose.period_id}-{whose.subject_id}.{ending}"
    return Response(
        data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
