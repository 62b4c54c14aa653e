"""Corrections of sealed periods, and the supplements that seal them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contracts.org import SubjectKind
from contracts.targets import ModuleKind
from kernel.recusal import Recused
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Line as ShortText
from services.scoring.actions import correcting
from services.scoring.actions.sealing import SealKeyMissing, SealKeyUntrusted
from services.scoring.api.access import Sealing, sealer_of, today
from services.scoring.api.schemas import Out
from services.scoring.domain import corrections as rules
from services.scoring.domain.ledger import milli
from services.scoring.queries import closing as closings
from services.scoring.queries import corrections as queries
from services.scoring.queries.sealed import NotSealed

router = APIRouter(prefix="/api/scoring/v1", tags=["seals"])


class LineIn(BaseModel):
    """`points`: the difference, with up to three decimals. `entry_id`: the sealed entry that was wrong, if one was."""

    model_config = ConfigDict(extra="forbid")

    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    module: ModuleKind
    points: Annotated[Decimal, Field(ge=-10_000, le=10_000, decimal_places=3, allow_inf_nan=False)]
    entry_id: UUID | None = None


class CorrectionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[LineIn], Field(min_length=1, max_length=200)]
    reason: ShortText
    document_number: ShortText | None = None


class CorrectionOut(Out):
    """`totals`: everybody concerned, before and after, once sealed; `settled_period_id`: where the points count."""

    id: UUID
    version: int
    scheme_id: UUID
    period_id: UUID
    status: rules.CorrectionState
    reason: str
    document_number: str | None
    lines: list[dict[str, Any]]
    proposed_by: UUID
    proposer: str
    proposed_at: datetime
    decided_by: UUID | None
    decider: str | None
    decided_at: datetime | None
    seal_number: int | None
    settled_period_id: UUID | None
    totals: list[dict[str, Any]]


@router.get(
    "/closings/{period_id}/corrections",
    responses=problems(rules.CorrectionMissing),
    summary="更正 / Corrections of a sealed period",
)
async def corrections(period_id: UUID, me: Sealing, app: App, page: PageQuery) -> Page[CorrectionOut]:
    async with app.db.reading() as session:
        await closings.covered(session, period_id, me, correcting.PERMISSION)
        rows, following = await queries.corrections(session, page, period_id)
    return Page[CorrectionOut](items=[CorrectionOut.of(row) for row in rows], next=following)


@router.post(
    "/closings/{period_id}/corrections",
    status_code=201,
    responses=problems(NotSealed, rules.CorrectionRunning, rules.CorrectionSubject, Recused),
    summary="提出更正 / Propose a correction",
)
async def propose_correction(
    period_id: UUID, body: CorrectionIn, me: Sealing, app: App, once: Once
) -> CorrectionOut:
    """What is sealed stays. The correction takes effect when another person signs it."""
    lines = [
        rules.Line(
            line.subject_kind.value, line.subject_id, line.unit_id, line.module.value, milli(line.points), line.entry_id
        )
        for line in body.lines
    ]  # fmt: skip
    async with app.db.transaction(once=once) as tx:
        row = await correcting.propose(
            tx,
            period_id,
            lines=lines,
            reason=body.reason,
            document=body.document_number,
            today=await today(tx, app),
            by=me,
        )
        return await tx.answer(CorrectionOut.of(row), status=201)


@router.post(
    "/corrections/{correction_id}/approve",
    responses=problems(
        rules.CorrectionMissing, rules.CorrectionDecided, rules.CorrectionSecond, rules.RollUpDiffers, SealKeyMissing,
        SealKeyUntrusted, Recused,
    ),
    summary="签署更正 / Seal a correction",
)  # fmt: skip
async def approve_correction(correction_id: UUID, me: Sealing, app: App, once: Once) -> CorrectionOut:
    """Seals new statements for whom it concerns and for the units above, and posts the points in the open period."""
    async with app.db.transaction(once=once) as tx:
        row = await correcting.approve(
            tx, correction_id, sealer=sealer_of(app), today=await today(tx, app), by=me
        )
        return await tx.answer(CorrectionOut.of(row))


@router.post(
    "/corrections/{correction_id}/withdraw",
    responses=problems(rules.CorrectionMissing, rules.CorrectionDecided),
    summary="撤回更正 / Withdraw a correction",
)
async def withdraw_correction(correction_id: UUID, me: Sealing, app: App, once: Once) -> CorrectionOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(CorrectionOut.of(await correcting.withdraw(tx, correction_id, by=me)))
