"""Decisions: accepted, returned, refused; undone within seconds, reopened within a day."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from kernel.errors import Problem
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Line, Note, Orderly, Quantity
from services.submissions.actions import counting, deciding, rerouting, ruling
from services.submissions.api.access import PREFIX, Reviewer, Settings
from services.submissions.api.refusals import DECIDING, JUDGING
from services.submissions.api.schemas import In, SubmissionOut
from services.submissions.domain.decision import (
    AcceptAboveClaim,
    AcceptNothing,
    ClauseRequired,
    ReasonRequired,
)
from services.submissions.domain.reopening import (
    AppealedAlready,
    NothingToUndo,
    NotYourDecision,
    TooLateToReopen,
)
from services.submissions.queries.ruling import rulings_of

router = APIRouter(prefix=PREFIX, tags=["reviews"])
Optional = Annotated[str, Orderly, StringConstraints(max_length=2000)]


class AcceptIn(In):
    quantity: Quantity | None = None
    """Less than the claim needs reason and clause; left out, the claim is accepted in full."""
    reason: Optional | None = None
    clause: Annotated[str, Orderly, StringConstraints(max_length=500)] | None = None


class ReturnIn(In):
    reason: Note
    repair_until: AwareDatetime | None = None


class RefuseIn(In):
    reason: Note
    clause: Line


class ReopenIn(In):
    reason: Note


class BatchIn(In):
    ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class DecisionOut(SubmissionOut):
    """`effective_at`: until then the decision can be undone, nobody is told and the item is still in review; null: it holds."""

    effective_at: datetime | None

    @classmethod
    def ruled(cls, ruled: ruling.Ruled) -> Self:
        shown = SubmissionOut.of(ruled.case).model_dump()
        return cls.model_validate(shown | {"effective_at": ruled.effective_at})


class OutcomeOut(BaseModel):
    id: UUID
    accepted: bool
    code: str | None = None
    zh: str | None = None
    en: str | None = None

    @classmethod
    def of(cls, outcome: deciding.Outcome) -> Self:
        problem: Problem | None = outcome.problem
        if problem is None:
            return cls(id=outcome.id, accepted=True)
        zh, en = problem.text("zh"), problem.text("en")
        return cls(id=outcome.id, accepted=False, code=problem.code, zh=zh, en=en)


class BatchOut(BaseModel):
    items: list[OutcomeOut]
    accepted: int
    effective_at: datetime | None


class UndoneOut(BaseModel):
    undone: int


class PendingOut(BaseModel):
    submission_id: UUID
    kind: str
    effective_at: datetime


class PendingsOut(BaseModel):
    items: list[PendingOut]


@router.post("/reviews/accept-batch", summary="批量通过 / accept many")
async def accept_batch(body: BatchIn, by: Reviewer, app: App, settings: Settings, once: Once) -> BatchOut:
    """Each is accepted in full or told why not; one that cannot be accepted does not stop the others."""
    async with app.db.transaction(once=once) as tx:
        outcomes, until = await ruling.rule_many(tx, body.ids, by=by, settings=settings)
        items = [OutcomeOut.of(outcome) for outcome in outcomes]
        accepted = sum(item.accepted for item in items)
        out = await tx.answer(BatchOut(items=items, accepted=accepted, effective_at=until))
    for outcome in outcomes:
        if outcome.case:
            counting.DECISIONS.labels(outcome.case.indicator.module, "accept").inc()
    return out


@router.post(
    "/submissions/{submission_id}/accept",
    summary="通过(全部或核减)/ accept in full or in part",
    responses=problems(*DECIDING, AcceptAboveClaim, AcceptNothing, ReasonRequired, ClauseRequired),
)
async def accept(
    submission_id: UUID, body: AcceptIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> DecisionOut:
    verdict = deciding.Verdict(body.quantity, body.reason or None, body.clause or None)
    async with app.db.transaction(once=once) as tx:
        ruled = await ruling.rule(tx, submission_id, "accept", verdict, by=by, settings=settings)
        out = await tx.answer(DecisionOut.ruled(ruled))
    reduced = body.quantity is not None and body.quantity < ruled.case.row.quantity
    counting.DECISIONS.labels(ruled.case.indicator.module, "reduce" if reduced else "accept").inc()
    return out


@router.post(
    "/submissions/{submission_id}/return",
    summary="退回补正 / return for repair",
    responses=problems(*DECIDING),
)
async def return_for_repair(
    submission_id: UUID, body: ReturnIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> DecisionOut:
    verdict = deciding.Verdict(reason=body.reason, repair_until=body.repair_until)
    async with app.db.transaction(once=once) as tx:
        ruled = await ruling.rule(tx, submission_id, "return", verdict, by=by, settings=settings)
        out = await tx.answer(DecisionOut.ruled(ruled))
    counting.DECISIONS.labels(ruled.case.indicator.module, "return").inc()
    return out


@router.post("/submissions/{submission_id}/refuse", summary="不通过 / refuse", responses=problems(*DECIDING))
async def refuse(
    submission_id: UUID, body: RefuseIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> DecisionOut:
    verdict = deciding.Verdict(None, body.reason, body.clause)
    async with app.db.transaction(once=once) as tx:
        ruled = await ruling.rule(tx, submission_id, "refuse", verdict, by=by, settings=settings)
        out = await tx.answer(DecisionOut.ruled(ruled))
    counting.DECISIONS.labels(ruled.case.indicator.module, "refuse").inc()
    return out


@router.get("/reviews/pending", summary="尚可撤销的决定 / decisions that can still be undone")
async def list_pending(by: Reviewer, app: App) -> PendingsOut:
    async with app.db.reading() as session:
        rows = await rulings_of(session, by.officer_id)
    return PendingsOut(items=[PendingOut.model_validate(row, from_attributes=True) for row in rows])


@router.post(
    "/reviews/undo", summary="撤销刚才的决定 / undo what was just decided", responses=problems(NothingToUndo)
)
async def undo(body: BatchIn, by: Reviewer, app: App, once: Once) -> UndoneOut:
    """Before it is effective: as if it had not been decided. The items stay claimed."""
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(UndoneOut(undone=await ruling.undo(tx, body.ids, by=by)))


@router.post(
    "/submissions/{submission_id}/reopen",
    summary="重新打开审核 / back into review",
    responses=problems(*JUDGING, NotYourDecision, TooLateToReopen, AppealedAlready),
)
async def reopen(
    submission_id: UUID, body: ReopenIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> SubmissionOut:
    """By whoever decided, or the office, within a day; a notice that was issued no longer holds."""
    async with app.db.transaction(once=once) as tx:
        case = await rerouting.reopen_decision(
            tx, submission_id, reason=body.reason, by=by, settings=settings
        )
        return await tx.answer(SubmissionOut.of(case))
