"""Writing, finding and sending submissions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from kernel.audit.reading import StepNotFound, marks_of
from kernel.errors import NotFound
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.submissions.actions import counting, drafting, sending, submitting
from services.submissions.actions.keeping_files import FileNotInLibrary
from services.submissions.api.access import PREFIX, Reader, Settings, Submitter
from services.submissions.api.schemas import (
    ComparisonOut,
    CorrectionIn,
    DraftIn,
    StepOut,
    SubmissionDetail,
    SubmissionOut,
    SubmissionSent,
    VersionOut,
    VersionsOut,
    WholeForm,
)
from services.submissions.domain.authorship import NotYours, QuantityNotPositive, TargetNotIssued
from services.submissions.domain.changes import StaleVersion, difference
from services.submissions.domain.deadlines import (
    EventDateInFuture,
    EventDateOutside,
    PeriodNotOpen,
    SubmissionClosed,
)
from services.submissions.domain.evidence import EvidenceMissing, TooManyFiles
from services.submissions.domain.submission import NotEditable, State, WrongState
from services.submissions.queries.cases import SubmissionNotFound, get_case
from services.submissions.queries.facts import TargetUnknown
from services.submissions.queries.lists import Filters, narrowed, page_of_cases, same_files
from services.submissions.queries.papers import page_of_history, step_of
from services.submissions.queries.people import names_of
from services.submissions.queries.suspecting import suspicions_of
from services.submissions.queries.versions import versions_of
from services.submissions.queries.visibility import visible_to

router = APIRouter(prefix=f"{PREFIX}/submissions", tags=["submissions"])
VersionNumber = Annotated[int, Path(ge=1, lt=2**31)]
_WRITING = (
    NotYours,
    TargetNotIssued,
    TargetUnknown,
    EventDateOutside,
    EventDateInFuture,
    QuantityNotPositive,
    FileNotInLibrary,
    TooManyFiles,
)
_SENDING = (SubmissionClosed, PeriodNotOpen, EvidenceMissing)


class VersionNotFound(NotFound):
    code = "version-not-found"
    zh = "没有这个版本"
    en = "There is no such version"


@router.post(
    "",
    status_code=201,
    summary="新建提交草稿 / write a draft",
    responses=problems(*_WRITING),
)
async def write_draft(
    body: DraftIn, by: Submitter, app: App, settings: Settings, once: Once
) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await drafting.write_draft(tx, _work(body), by=by, settings=settings)
        return await tx.answer(SubmissionOut.of(case), status=201)


@router.post(
    "/send",
    status_code=201,
    summary="填写并提交 / write and send at once",
    responses=problems(*_WRITING, *_SENDING, sending.ClientKeyTaken, WrongState),
)
async def send_at_once(
    body: WholeForm, by: Submitter, app: App, settings: Settings, once: Once
) -> SubmissionSent:
    """For forms filled in offline. Repeated with the same key it gives what arrived, and the receipt, again."""
    async with app.db.transaction(once=once) as tx:
        sent, new = await sending.send(tx, _work(body), by=by, settings=settings)
        out = await tx.answer(SubmissionSent.with_receipt(sent.case, sent.receipt), status=201)
    if new:
        counting.SUBMITTED.labels(sent.case.indicator.module).inc()
    return out


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
        kinds = (await suspicions_of(session, [case.row.id])).get(case.row.id, []) if judged else []
        row = case.row
        ids = {row.created_by, row.submitted_by, row.reviewer_id, row.first_decided_by, row.decided_by}
        names = await names_of(session, ids)
    also = [{"sha256": sha, "count": count, "numbers": numbers} for sha, (count, numbers) in same.items()]
    return SubmissionDetail.with_more(case, {"also_in": also, "suspicions": kinds, "names": names})


@router.patch(
    "/{submission_id}",
    summary="修改草稿或退回件 / correct a draft or a returned submission",
    responses=problems(SubmissionNotFound, NotYours, NotEditable, StaleVersion, EventDateOutside),
)
async def correct_submission(
    submission_id: UUID, body: CorrectionIn, by: Submitter, app: App, settings: Settings, once: Once
) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        changes = drafting.Corrections(**body.model_dump())
        case = await drafting.correct(tx, submission_id, changes, by=by, settings=settings)
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


@router.get(
    "/{submission_id}/timeline/{step_id}",
    summary="一步的固定链接 / one step, by its permanent link",
    responses=problems(SubmissionNotFound, StepNotFound),
)
async def get_step(submission_id: UUID, step_id: UUID, by: Reader, app: App) -> StepOut:
    """Of the submission or of its appeals. Whoever may see the submission may see it."""
    async with app.db.reading() as session:
        await get_case(session, submission_id, where=visible_to(by))
        row = await step_of(session, submission_id, step_id)
        marks = await marks_of(session, [row.id])
    return StepOut.of(row, marks.get(row.id))


@router.get(
    "/{submission_id}/versions",
    summary="历次版本 / every version it had",
    responses=problems(SubmissionNotFound),
)
async def list_versions(submission_id: UUID, by: Reader, app: App) -> VersionsOut:
    async with app.db.reading() as session:
        await get_case(session, submission_id, where=visible_to(by))
        found = await versions_of(session, submission_id)
    return VersionsOut(items=[VersionOut.model_validate(v, from_attributes=True) for v in found])


@router.get(
    "/{submission_id}/versions/{one}/compare/{other}",
    summary="比较版本 / compare two versions",
    responses=problems(SubmissionNotFound, VersionNotFound),
)
async def compare_versions(
    submission_id: UUID, one: VersionNumber, other: VersionNumber, by: Reader, app: App
) -> ComparisonOut:
    async with app.db.reading() as session:
        await get_case(session, submission_id, where=visible_to(by))
        found = {v.version: v.content for v in await versions_of(session, submission_id)}
    if one not in found or other not in found:
        raise VersionNotFound
    before, after = difference(found[one], found[other])
    return ComparisonOut(one=one, other=other, before=before, after=after)


@router.post(
    "/{submission_id}/submit",
    summary="提交审核 / send for review",
    responses=problems(SubmissionNotFound, NotYours, WrongState, *_SENDING),
)
async def submit(
    submission_id: UUID, by: Submitter, app: App, settings: Settings, once: Once
) -> SubmissionSent:
    async with app.db.transaction(once=once) as tx:
        sent = await submitting.submit(tx, submission_id, by=by, settings=settings)
        out = await tx.answer(SubmissionSent.with_receipt(sent.case, sent.receipt))
    counting.SUBMITTED.labels(sent.case.indicator.module).inc()
    return out


@router.post(
    "/{submission_id}/recall",
    summary="撤回修改 / take back to correct",
    responses=problems(SubmissionNotFound, NotYours, WrongState),
)
async def take_back(submission_id: UUID, by: Submitter, app: App, once: Once) -> SubmissionOut:
    """Before anybody has begun to review it; it is a draft again, or what it was: returned for repair."""
    async with app.db.transaction(once=once) as tx:
        case = await submitting.take_back(tx, submission_id, by=by)
        return await tx.answer(SubmissionOut.of(case))


@router.post(
    "/{submission_id}/withdraw",
    summary="放弃 / withdraw",
    responses=problems(SubmissionNotFound, NotYours, WrongState),
)
async def withdraw(submission_id: UUID, by: Submitter, app: App, once: Once) -> SubmissionOut:
    async with app.db.transaction(once=once) as tx:
        case = await submitting.withdraw(tx, submission_id, by=by)
        return await tx.answer(SubmissionOut.of(case))


def _work(body: DraftIn) -> drafting.Work:
    return drafting.Work(
        target_id=body.target_id,
        event_date=body.event_date,
        quantity=body.quantity,
        summary=body.summary,
        case_number=body.case_number or None,
        client_key=body.client_key,
        on_behalf=body.on_behalf,
        files=tuple(body.evidence),
    )
