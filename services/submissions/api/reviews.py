"""The reviewer's work: the queue, claims, decisions, notices."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints
from sqlalchemy import true

from kernel.errors import Problem
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Line, Note, Orderly, Quantity, Search
from services.submissions.actions import counting, deciding, reviewing
from services.submissions.api.access import PREFIX, Reader, Reviewer, Settings
from services.submissions.api.schemas import FileOut, In, SubmissionOut
from services.submissions.domain.deadlines import PeriodSealed
from services.submissions.domain.decision import (
    AcceptAboveClaim,
    AcceptNothing,
    ClauseRequired,
    ReasonRequired,
)
from services.submissions.domain.impartiality import (
    ClaimedByOther,
    NotCompetent,
    NotYourClaim,
    OwnUnitsWork,
    OwnWork,
)
from services.submissions.domain.quantity import trimmed
from services.submissions.domain.submission import WrongState
from services.submissions.models import NoticeRow
from services.submissions.queries.cases import Case, SubmissionNotFound, get_case
from services.submissions.queries.facts import unit
from services.submissions.queries.lists import Filters, narrowed, page_of_queue
from services.submissions.queries.papers import NoticeNotFound, notice_of
from services.submissions.queries.people import judge_of
from services.submissions.queries.visibility import claimed_by, reviewable_by, unclaimed, visible_to

router = APIRouter(prefix=PREFIX, tags=["reviews"])
Optional = Annotated[str, Orderly, StringConstraints(max_length=2000)]
_JUDGING = (SubmissionNotFound, NotCompetent, OwnWork, OwnUnitsWork, WrongState, PeriodSealed)
_DECIDING = (*_JUDGING, NotYourClaim)


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


class BatchIn(In):
    ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


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


class NoticeOut(BaseModel):
    """评分告知书."""

    number: str
    submission_id: UUID
    kind: Literal["refusal", "reduction"]
    issued_at: datetime
    clause: str
    reason: str
    claimed: Decimal
    accepted: Decimal
    facts: dict[str, Any]
    files: list[FileOut]
    decided_by: UUID
    decided_by_name: str
    decided_by_unit_id: UUID | None
    appeal_to_unit_id: UUID
    appeal_to_unit_name: str
    appeal_until: datetime
    appeal_last_day: date
    right_zh: str
    right_en: str


@router.get("/reviews/queue", summary="待审核 / what waits for my review")
async def get_queue(
    by: Reviewer,
    app: App,
    page: PageQuery,
    line: Search | None = None,
    indicator_id: UUID | None = None,
    unit_id: UUID | None = None,
    claimed: bool | None = None,  # noqa: FBT001 -- a query parameter
    scope: Literal["routed", "all"] = "routed",
) -> Page[SubmissionOut]:
    """What waited longest first. `claimed`: mine, or nobody's. `scope=all`: an office sees all of its subtree."""
    async with app.db.reading() as session:
        now = app.clock.now()
        judge = await judge_of(session, by, today=now.astimezone(app.zone).date())
        held = {None: true(), True: claimed_by(judge), False: unclaimed(now)}[claimed]
        condition = await narrowed(session, Filters(line=line, indicator_id=indicator_id, unit_id=unit_id))
        waiting = reviewable_by(judge, offices_see_all=scope == "all")
        cases, after = await page_of_queue(session, page, waiting, condition, held)
    return Page(items=[SubmissionOut.of(case) for case in cases], next=after)


@router.post(
    "/reviews/claim-next", summary="领取下一件 / claim the next one", responses=problems(reviewing.QueueEmpty)
)
async def claim_next(
    by: Reviewer, app: App, settings: Settings, once: Once, line: Search | None = None
) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        among = await narrowed(tx.session, Filters(line=line))
        case = await reviewing.claim_next(tx, by=by, settings=settings, among=among)
        return await tx.answer(SubmissionOut.of(case))


@router.post("/reviews/accept-batch", summary="批量通过 / accept many")
async def accept_batch(body: BatchIn, by: Reviewer, app: App, settings: Settings, once: Once) -> BatchOut:
    """Each is accepted in full or told why not; one that cannot be accepted does not stop the others."""
    async with app.db.transaction(once=once) as tx:
        outcomes = await deciding.accept_batch(tx, body.ids, by=by, settings=settings)
        items = [OutcomeOut.of(outcome) for outcome in outcomes]
        out = await tx.answer(BatchOut(items=items, accepted=sum(item.accepted for item in items)))
    for outcome in outcomes:
        if outcome.case:
            _count(outcome.case, "accept")
    return out


@router.post(
    "/submissions/{submission_id}/claim",
    summary="领取审核 / claim for review",
    responses=problems(*_JUDGING, ClaimedByOther),
)
async def claim(submission_id: UUID, by: Reviewer, app: App, settings: Settings, once: Once) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await reviewing.claim_one(tx, submission_id, by=by, settings=settings)
        return await tx.answer(SubmissionOut.of(case))


@router.post(
    "/submissions/{submission_id}/release",
    summary="放回 / give a claim back",
    responses=problems(SubmissionNotFound, WrongState, NotYourClaim),
)
async def release(submission_id: UUID, by: Reviewer, app: App, once: Once) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await reviewing.release(tx, submission_id, by=by)
        return await tx.answer(SubmissionOut.of(case))


@router.post(
    "/submissions/{submission_id}/accept",
    summary="通过(全部或核减)/ accept in full or in part",
    responses=problems(*_DECIDING, AcceptAboveClaim, AcceptNothing, ReasonRequired, ClauseRequired),
)
async def accept(
    submission_id: UUID, body: AcceptIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> SubmissionOut:
    verdict = deciding.Verdict(body.quantity, body.reason or None, body.clause or None)
    async with app.db.transaction(once=once) as tx:
        case = await deciding.accept(tx, submission_id, verdict, by=by, settings=settings)
        out = await tx.answer(SubmissionOut.of(case))
    _count(case, "reduce" if case.row.notice_number else "accept")
    return out


@router.post(
    "/submissions/{submission_id}/return",
    summary="退回补正 / return for repair",
    responses=problems(*_DECIDING),
)
async def return_for_repair(
    submission_id: UUID, body: ReturnIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await deciding.return_for_repair(
            tx,
            submission_id,
            reason=body.reason,
            repair_until=body.repair_until,
            by=by,
            settings=settings,
        )
        out = await tx.answer(SubmissionOut.of(case))
    _count(case, "return")
    return out


@router.post("/submissions/{submission_id}/refuse", summary="不通过 / refuse", responses=problems(*_DECIDING))
async def refuse(
    submission_id: UUID, body: RefuseIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> SubmissionOut:
    verdict = deciding.Verdict(None, body.reason, body.clause)
    async with app.db.transaction(once=once) as tx:
        case = await deciding.refuse(tx, submission_id, verdict, by=by, settings=settings)
        out = await tx.answer(SubmissionOut.of(case))
    _count(case, "refuse")
    return out


@router.get(
    "/submissions/{submission_id}/notice",
    summary="评分告知书 / the decision notice",
    responses=problems(SubmissionNotFound, NoticeNotFound),
)
async def get_notice(submission_id: UUID, by: Reader, app: App) -> NoticeOut:
    async with app.db.reading() as session:
        await get_case(session, submission_id, where=visible_to(by))
        notice = await notice_of(session, submission_id)
        if notice is None:
            raise NoticeNotFound
        hears = await unit(session, notice.appeal_to_unit_id)
    last_day = notice.appeal_until.astimezone(app.zone).date()
    return _told(notice, last_day=last_day, hears=hears.name if hears else "")


def _told(notice: NoticeRow, *, last_day: date, hears: str) -> NoticeOut:
    shown = {name: getattr(notice, name) for name in NoticeOut.model_fields if hasattr(notice, name)}
    more = {
        "claimed": trimmed(notice.claimed),
        "accepted": trimmed(notice.accepted),
        "appeal_to_unit_name": hears,
        "appeal_last_day": last_day,
        "right_zh": f"如有异议,可在 {last_day} 前(含当日)向{hears}的复议人员申请复议;复议不会使结果更不利。",
        "right_en": f"You may appeal to the adjudicators of {hears} up to and including {last_day}; "
        "an appeal never makes the outcome worse.",
    }
    return NoticeOut.model_validate(shown | more)


def _count(case: Case, decision: str) -> None:
    counting.DECISIONS.labels(case.indicator.module, decision).inc()
