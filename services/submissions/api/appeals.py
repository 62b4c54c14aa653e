"""复议: filing, hearing and deciding appeals."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import true

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Note, Quantity
from services.submissions.actions import adjudging, appealing, counting, hearing
from services.submissions.api.access import PREFIX, Adjudicator, Appellant, Reader, Settings
from services.submissions.api.refusals import PARTIAL
from services.submissions.api.schemas import FileOut, Hash, In
from services.submissions.domain.appeal import (
    LIVE,
    AppealExists,
    AppealFinal,
    AppealState,
    AppealWindowClosed,
    AppealWrongState,
    NothingToAppeal,
    NotTheAppellant,
    NotYoursToAppeal,
)
from services.submissions.domain.decision import AcceptAboveClaim, NoChange, WorseThanBefore
from services.submissions.domain.impartiality import FirstDecider, NotADecider
from services.submissions.domain.quantity import trimmed, trimmed_or_none
from services.submissions.models import AppealRow
from services.submissions.queries.cases import Case, SubmissionNotFound
from services.submissions.queries.lists import page_of_appeals
from services.submissions.queries.papers import AppealNotFound, get_appeal
from services.submissions.queries.people import judge_of
from services.submissions.queries.visibility import hearable_by, visible_to

router = APIRouter(prefix=PREFIX, tags=["appeals"])
HEARING = (AppealNotFound, AppealWrongState, FirstDecider, NotADecider, *PARTIAL)


class AppealIn(In):
    """`wanted`: what should count, left out: the whole claim. `evidence`: files of the own library."""

    grounds: Note
    wanted: Quantity | None = None
    evidence: Annotated[list[Hash], Field(max_length=50, default_factory=list)]

    def plea(self) -> appealing.Plea:
        return appealing.Plea(self.grounds, self.wanted, tuple(self.evidence))


class NotAdmitIn(In):
    reason: Note


class RulingIn(In):
    outcome: Literal["upheld", "changed"]
    quantity: Quantity | None = None
    reason: Note
    clause_wrong: bool = False
    """The clause does not say what the reviewer read in it: like work is looked at again."""


class AppealOut(BaseModel):
    id: UUID
    version: int
    number: str
    status: str
    submission_id: UUID
    submission_number: str
    submission_status: str
    subject_name: str
    unit_name: str
    indicator_name: str
    claimed: Decimal
    counts_now: Decimal | None
    """What is accepted of the submission now."""
    appellant_id: UUID
    grounds: str
    filed_at: datetime
    file_until: datetime
    decide_until: datetime
    admitted_by: UUID | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str | None
    accepted_quantity: Decimal | None
    level: int
    first_id: UUID | None
    clause: str | None
    before_quantity: Decimal | None
    wanted: Decimal | None
    files: list[FileOut]
    stopped_at: datetime | None
    days_left: int | None
    """Working days that are left while the clock stands."""
    material_asked: str | None
    material_until: datetime | None
    extended_days: int
    again_until: datetime | None
    by_silence: bool
    clause_wrong: bool

    @classmethod
    def of(cls, appeal: AppealRow, case: Case) -> Self:
        shown = {name: getattr(appeal, name) for name in cls.model_fields if hasattr(appeal, name)}
        more = {
            "submission_number": case.row.number,
            "submission_status": case.row.status,
            "subject_name": case.subject_name,
            "unit_name": case.unit.name,
            "indicator_name": case.indicator.name,
            "claimed": trimmed(case.row.quantity),
            "counts_now": trimmed_or_none(case.row.accepted_quantity),
            "accepted_quantity": trimmed_or_none(appeal.accepted_quantity),
            "before_quantity": trimmed_or_none(appeal.before_quantity),
            "wanted": trimmed_or_none(appeal.wanted),
        }
        return cls.model_validate(shown | more)


@router.post(
    "/submissions/{submission_id}/appeals",
    status_code=201,
    summary="申请复议 / appeal",
    responses=problems(
        SubmissionNotFound, NotYoursToAppeal, NothingToAppeal, AppealExists, AppealWindowClosed
    ),
)
async def file_appeal(
    submission_id: UUID, body: AppealIn, by: Appellant, app: App, settings: Settings, once: Once
) -> AppealOut:
    async with app.db.transaction(once=once) as tx:
        appeal, case = await appealing.file_appeal(tx, submission_id, body.plea(), by=by, settings=settings)
        out = await tx.answer(AppealOut.of(appeal, case), status=201)
    counting.APPEALS.labels(case.indicator.module).inc()
    return out


@router.post(
    "/appeals/{appeal_id}/again",
    status_code=201,
    summary="申请再次复议 / to the second instance",
    responses=problems(AppealNotFound, NotYoursToAppeal, AppealExists, AppealFinal, AppealWindowClosed),
)
async def ask_again(
    appeal_id: UUID, body: AppealIn, by: Appellant, app: App, settings: Settings, once: Once
) -> AppealOut:
    """Once the first instance did not give all that was asked; somebody else decides, and finally."""
    async with app.db.transaction(once=once) as tx:
        appeal, case = await appealing.ask_again(tx, appeal_id, body.plea(), by=by, settings=settings)
        out = await tx.answer(AppealOut.of(appeal, case), status=201)
    counting.APPEALS.labels(case.indicator.module).inc()
    return out


@router.get("/appeals", summary="查询复议 / list appeals")
async def list_appeals(
    by: Reader,
    app: App,
    page: PageQuery,
    status: Annotated[list[AppealState] | None, Query(max_length=10)] = None,
    mine: bool = False,  # noqa: FBT001, FBT002 -- a query parameter
    queue: bool = False,  # noqa: FBT001, FBT002 -- a query parameter
    submission_id: UUID | None = None,
) -> Page[AppealOut]:
    """`mine`: filed by me. `queue`: waiting for a decision that I may take."""
    wanted = [s.value for s in status] if status else None
    async with app.db.reading() as session:
        conditions = [visible_to(by), AppealRow.status.in_(wanted) if wanted else true()]
        if submission_id is not None:
            conditions.append(AppealRow.submission_id == submission_id)
        if mine:
            conditions.append(AppealRow.appellant_id == (by.officer_id or by.account_id))
        if queue:
            judge = await judge_of(session, by, today=app.clock.now().astimezone(app.zone).date())
            live = [state.value for state in LIVE]
            conditions += [hearable_by(judge), AppealRow.status.in_(live)]
        found, after = await page_of_appeals(session, page, *conditions)
    return Page(items=[AppealOut.of(appeal, case) for appeal, case in found], next=after)


@router.get("/appeals/{appeal_id}", summary="查看复议 / see an appeal", responses=problems(AppealNotFound))
async def get_one_appeal(appeal_id: UUID, by: Reader, app: App) -> AppealOut:
    async with app.db.reading() as session:
        return AppealOut.of(*await get_appeal(session, appeal_id, where=visible_to(by)))


@router.post("/appeals/{appeal_id}/admit", summary="受理 / admit", responses=problems(*HEARING))
async def admit(appeal_id: UUID, by: Adjudicator, app: App, settings: Settings, once: Once) -> AppealOut:
    async with app.db.transaction(once=once) as tx:
        heard = await hearing.admit(tx, appeal_id, by=by, settings=settings)
        return await tx.answer(AppealOut.of(*heard))


@router.post("/appeals/{appeal_id}/not-admit", summary="不予受理 / not admit", responses=problems(*HEARING))
async def not_admit(
    appeal_id: UUID, body: NotAdmitIn, by: Adjudicator, app: App, settings: Settings, once: Once
) -> AppealOut:
    async with app.db.transaction(once=once) as tx:
        heard = await hearing.not_admit(tx, appeal_id, reason=body.reason, by=by, settings=settings)
        out = await tx.answer(AppealOut.of(*heard))
    counting.APPEAL_DECISIONS.labels("refused").inc()
    return out


@router.post(
    "/appeals/{appeal_id}/decide",
    summary="裁决 / decide",
    responses=problems(*HEARING, WorseThanBefore, AcceptAboveClaim, NoChange),
)
async def decide(
    appeal_id: UUID, body: RulingIn, by: Adjudicator, app: App, settings: Settings, once: Once
) -> AppealOut:
    ruling = adjudging.Ruling(AppealState(body.outcome), body.quantity, body.reason, body.clause_wrong)
    async with app.db.transaction(once=once) as tx:
        heard = await adjudging.decide(tx, appeal_id, ruling, by=by, settings=settings)
        out = await tx.answer(AppealOut.of(*heard))
    counting.APPEAL_DECISIONS.labels(body.outcome).inc()
    return out


@router.post(
    "/appeals/{appeal_id}/withdraw",
    summary="撤回复议 / withdraw an appeal",
    responses=problems(AppealNotFound, NotTheAppellant, AppealWrongState),
)
async def withdraw_appeal(appeal_id: UUID, by: Appellant, app: App, once: Once) -> AppealOut:
    async with app.db.transaction(once=once) as tx:
        heard = await appealing.withdraw_appeal(tx, appeal_id, by=by)
        out = await tx.answer(AppealOut.of(*heard))
    counting.APPEAL_DECISIONS.labels("withdrawn").inc()
    return out
