"""Writing, finding and sending submissions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from kernel.audit.reading import marks_of
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.submissions.actions import counting, drafting, submitting
from services.submissions.api.access import PREFIX, Reader, Submitter
from services.submissions.api.schemas import (
    CorrectionIn,
    DraftIn,
    StepOut,
    SubmissionDetail,
    SubmissionOut,
)
from services.submissions.domain.authorship import NotYours, QuantityNotPositive, TargetNotIssued
from services.submissions.domain.changes import StaleVersion
from services.submissions.domain.deadlines import (
    EventDateInFuture,
    EventDateOutside,
    PeriodNotOpen,
    SubmissionClosed,
)
from services.submissions.domain.evidence import EvidenceMissing
from services.submissions.domain.submission import NotEditable, State, WrongState
from services.submissions.queries.cases import SubmissionNotFound, get_case
from services.submissions.queries.facts import TargetUnknown
from services.submissions.queries.lists import Filters, narrowed, page_of_cases, same_files
from services.submissions.queries.papers import page_of_history
from services.submissions.queries.visibility import visible_to

router = APIRouter(prefix=f"{PREFIX}/submissions", tags=["submissions"])


@router.post(
    "",
    status_code=201,
    summary="新建提交草稿 / write a draft",
    responses=problems(
        NotYours, TargetNotIssued, TargetUnknown, EventDateOutside, EventDateInFuture, QuantityNotPositive
    ),
)
async def write_draft(body: DraftIn, by: Submitter, app: App, once: Once) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        work = drafting.Work(**body.model_dump() | {"case_number": body.case_number or None})
        case = await drafting.write_draft(tx, work, by=by, zone=app.zone)
        return await tx.answer(SubmissionOut.of(case), status=201)


@router.get("", summary="查询提交 / list submissions")
async def list_submissions(
    *,
    by: Reader,
    app: App,
    page: PageQuery,
    status: Annotated[list[State] | None, Query(max_length=20)] = None,
    period_id: UUID | None = None,
    indicator_id: UUID | None = None,
    target_id: UUID | None = None,
    subject_id: UUID | None = None,
    unit_id: UUID | None = None,
    under: UUID | None = None,
    mine: bool = False,
    number: Search | None = None,
) -> Page[SubmissionOut]:
    filters = Filters(
        status=[s.value for s in status] if status else None,
        period_id=period_id,
        indicator_id=indicator_id,
        target_id=target_id,
        subject_id=subject_id,
        unit_id=unit_id,
        under=under,
        mine=(by.officer_id or by.account_id) if mine else None,
        number=number,
    )
    async with app.db.reading() as session:
        condition = await narrowed(session, filters)
        cases, after = await page_of_cases(session, page, visible_to(by), condition)
    return Page(items=[SubmissionOut.of(case) for case in cases], next=after)


@router.get("/{submission_id}", summary="查看提交 / see a submission", responses=problems(SubmissionNotFound))
async def get_submission(submission_id: UUID, by: Reader, app: App) -> SubmissionDetail:
    async with app.db.reading() as session:
        case = await get_case(session, submission_id, where=visible_to(by))
        judged = by.may("submissions:review") or by.may("submissions:decide_appeals")
        same = await same_files(session, case, visible=visible_to(by)) if judged else {}
    return SubmissionDetail.with_same(case, same)


@router.patch(
    "/{submission_id}",
    summary="修改草稿或退回件 / correct a draft or a returned submission",
    responses=problems(SubmissionNotFound, NotYours, NotEditable, StaleVersion, EventDateOutside),
)
async def correct_submission(
    submission_id: UUID, body: CorrectionIn, by: Submitter, app: App, once: Once
) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        changes = drafting.Corrections(**body.model_dump())
        case = await drafting.correct(tx, submission_id, changes, by=by, zone=app.zone)
        return await tx.answer(SubmissionOut.of(case))


@router.get(
    "/{submission_id}/timeline",
    summary="办理过程 / the timeline of a submission",
    responses=problems(SubmissionNotFound),
)
async def get_timeline(submission_id: UUID, by: Reader, app: App, page: PageQuery) -> Page[StepOut]:
    async with app.db.reading() as session:
        await get_case(session, submission_id, where=visible_to(by))
        rows, after = await page_of_history(session, submission_id, page)
        marks = await marks_of(session, [row.id for row in rows])
    return Page(items=[StepOut.of(row, marks.get(row.id)) for row in rows], next=after)


@router.post(
    "/{submission_id}/submit",
    summary="提交审核 / send for review",
    responses=problems(
        SubmissionNotFound, NotYours, WrongState, SubmissionClosed, PeriodNotOpen, EvidenceMissing
    ),
)
async def submit(submission_id: UUID, by: Submitter, app: App, once: Once) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await submitting.submit(tx, submission_id, by=by, zone=app.zone)
        out = await tx.answer(SubmissionOut.of(case))
    counting.SUBMITTED.labels(case.indicator.module).inc()
    return out


@router.post(
    "/{submission_id}/withdraw",
    summary="撤回 / withdraw",
    responses=problems(SubmissionNotFound, NotYours, WrongState),
)
async def withdraw(submission_id: UUID, by: Submitter, app: App, once: Once) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await submitting.withdraw(tx, submission_id, by=by)
        return await tx.answer(SubmissionOut.of(case))
