"""The reviewer's queue: what waits, claims, other addresses, workload."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, exists, true

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Note, Search
from services.submissions.actions import rerouting, reviewing
from services.submissions.api.access import PREFIX, Reviewer, Settings
from services.submissions.api.refusals import JUDGING
from services.submissions.api.schemas import In, SubmissionOut
from services.submissions.domain.impartiality import ClaimedByOther, NotYourClaim
from services.submissions.domain.submission import WrongState
from services.submissions.models import SubmissionRow, SuspicionRow
from services.submissions.queries.cases import SubmissionNotFound
from services.submissions.queries.lists import Filters, narrowed, page_of_queue
from services.submissions.queries.people import judge_of
from services.submissions.queries.suspecting import suspicions_of
from services.submissions.queries.visibility import claimed_by, reviewable_by, unclaimed
from services.submissions.queries.workload import decided_by_officer, waiting_by_unit
from services.submissions.replicas import PeriodReplica

router = APIRouter(prefix=PREFIX, tags=["reviews"])


class QueueItem(SubmissionOut):
    suspicions: list[str]


class RerouteIn(In):
    unit_id: UUID
    reason: Note


class WaitingOut(BaseModel):
    unit_id: UUID
    unit_name: str
    waiting: int
    claimed: int
    overdue: int
    oldest: datetime


class ReviewerOut(BaseModel):
    """`median_hours` from sending to deciding."""

    officer_id: UUID
    name: str
    decided: int
    returned: int
    refused: int
    reduced: int
    median_hours: float


class WorkloadOut(BaseModel):
    since: datetime
    waiting: list[WaitingOut]
    reviewers: list[ReviewerOut]


async def _filter(
    *,
    line: Search | None = None,
    indicator_id: UUID | None = None,
    unit_id: UUID | None = None,
    under: UUID | None = None,
    period_id: UUID | None = None,
    due_before: datetime | None = None,
    suspicious: bool | None = None,
    late: bool | None = None,
    reported: bool | None = None,
) -> tuple[Filters, ColumnElement[bool]]:
    """`due_before`: to be reviewed by then. `reported`: by a system (true) or by a person (false)."""
    more: list[Any] = []
    if due_before is not None:
        more.append(PeriodReplica.review_until < due_before)
    if suspicious is not None:
        marked = exists().where(SuspicionRow.submission_id == SubmissionRow.id)
        more.append(marked if suspicious else ~marked)
    if late is not None:
        more.append(SubmissionRow.late if late else ~SubmissionRow.late)
    if reported is not None:
        more.append(SubmissionRow.source.is_not(None) if reported else SubmissionRow.source.is_(None))
    filters = Filters(line=line, indicator_id=indicator_id, unit_id=unit_id, under=under, period_id=period_id)
    return filters, and_(true(), *more)


Filtered = Annotated[tuple[Filters, ColumnElement[bool]], Depends(_filter)]


@router.get("/reviews/queue", summary="待审核 / what waits for my review")
async def get_queue(
    by: Reviewer,
    app: App,
    page: PageQuery,
    filtered: Filtered,
    claimed: bool | None = None,  # noqa: FBT001 -- a query parameter
    scope: Literal["routed", "all"] = "routed",
) -> Page[QueueItem]:
    """What waited longest first. `claimed`: mine, or nobody's. `scope=all`: an office sees all of its subtree."""
    filters, more = filtered
    async with app.db.reading() as session:
        now = app.clock.now()
        judge = await judge_of(session, by, today=now.astimezone(app.zone).date())
        held = {None: true(), True: claimed_by(judge), False: unclaimed(now)}[claimed]
        condition = await narrowed(session, filters)
        waiting = reviewable_by(judge, offices_see_all=scope == "all")
        cases, after = await page_of_queue(session, page, waiting, condition, held, more)
        kinds = await suspicions_of(session, [case.row.id for case in cases])
    items = [
        QueueItem.model_validate(
            SubmissionOut.of(case).model_dump() | {"suspicions": kinds.get(case.row.id, [])}
        )
        for case in cases
    ]
    return Page(items=items, next=after)


@router.post(
    "/reviews/claim-next", summary="领取下一件 / claim the next one", responses=problems(reviewing.QueueEmpty)
)
async def claim_next(
    by: Reviewer, app: App, settings: Settings, once: Once, filtered: Filtered
) -> SubmissionOut:
    """What waited longest of what is free and fits the filters; two reviewers never get the same."""
    filters, more = filtered
    async with app.db.transaction(once=once) as tx:
        among = and_(await narrowed(tx.session, filters), more)
        case = await reviewing.claim_next(tx, by=by, settings=settings, among=among)
        return await tx.answer(SubmissionOut.of(case))


@router.post(
    "/submissions/{submission_id}/claim",
    summary="领取审核 / claim for review",
    responses=problems(*JUDGING, ClaimedByOther),
)
async def claim(submission_id: UUID, by: Reviewer, app: App, settings: Settings, once: Once) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await reviewing.claim_one(tx, submission_id, by=by, settings=settings)
        return await tx.answer(SubmissionOut.of(case))


@router.post(
    "/submissions/{submission_id}/release",
    summary="放回 / give a claim back",
    responses=problems(SubmissionNotFound, WrongState, NotYourClaim, reviewing.DecisionPending),
)
async def release(submission_id: UUID, by: Reviewer, app: App, once: Once) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await reviewing.release(tx, submission_id, by=by)
        return await tx.answer(SubmissionOut.of(case))


@router.post(
    "/submissions/{submission_id}/reroute",
    summary="转归口 / to another competent unit",
    responses=problems(*JUDGING, rerouting.ReviewerUnitInvalid, reviewing.DecisionPending),
)
async def reroute(
    submission_id: UUID, body: RerouteIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await rerouting.reroute(
            tx, submission_id, unit_id=body.unit_id, reason=body.reason, by=by, settings=settings
        )
        return await tx.answer(SubmissionOut.of(case))


@router.get("/reviews/workload", summary="审核工作量 / the load of reviewers")
async def get_workload(by: Reviewer, app: App, days: Annotated[int, Query(ge=1, le=366)] = 30) -> WorkloadOut:
    """Of the competent units in one's scope."""
    now = app.clock.now()
    since, paths = now - timedelta(days=days), [scope.path for scope in by.scopes("submissions:review")]
    async with app.db.reading() as session:
        waiting = await waiting_by_unit(session, paths, now=now)
        reviewers = await decided_by_officer(session, paths, since=since)
    return WorkloadOut(
        since=since,
        waiting=[WaitingOut.model_validate(row, from_attributes=True) for row in waiting],
        reviewers=[ReviewerOut.model_validate(row, from_attributes=True) for row in reviewers],
    )
