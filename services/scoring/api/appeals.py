"""Appeals against ledger entries."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.org import SubjectKind
from contracts.scoring import EntryKind
from kernel.delivery.recusals import standing_of
from kernel.identity import Principal
from kernel.recusal import Recused, Standing
from kernel.runtime import Runtime
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Line
from services.scoring.actions import appealing
from services.scoring.actions.appealing import DecideNowhere
from services.scoring.api.access import Appellant, Judge, Reader, settings_of, today
from services.scoring.api.schemas import Out
from services.scoring.domain.appeals import (
    AppealDecided,
    AppealMissing,
    AppealRunning,
    AppealState,
    AppealStateWrong,
    AppealTheWork,
    FilingOver,
    NotImpartial,
    NotTheAppellant,
    NotYourEntry,
    OutcomeTheSame,
    OutcomeWorse,
    SecondInstanceOver,
    may_ask_again,
)
from services.scoring.domain.ledger import PeriodClosed, milli
from services.scoring.queries import appeals as queries
from services.scoring.queries import movers
from services.scoring.queries.appeals import Disputed

router = APIRouter(prefix="/api/scoring/v1", tags=["appeals"])


class Grounds(BaseModel):
    model_config = ConfigDict(extra="forbid")

    grounds: Line


class Ruling(BaseModel):
    """`points`: what the entry should have been, of an appeal that succeeds."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["upheld", "changed"]
    points: Annotated[
        Decimal | None, Field(ge=-100_000, le=100_000, max_digits=9, decimal_places=3, allow_inf_nan=False)
    ] = None
    reason: Line

    @model_validator(mode="after")
    def _points_of_a_change(self) -> "Ruling":
        if (self.outcome == "changed") != (self.points is not None):
            raise ValueError("points belong to a change, and to nothing else")
        return self


class EntryAppealOut(Out):
    """Points in thousandths: of the entry, and what it should have been once an appeal succeeded."""

    id: UUID
    version: int
    entry_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    module: str
    entry_milli: int
    grounds: str
    filed_by: UUID
    filed_at: datetime
    status: AppealState
    wanted_milli: int | None
    decided_by: UUID | None
    decided_for: UUID | None
    decided_at: datetime | None
    decision_reason: str | None
    second_until: datetime | None
    second_grounds: str | None
    second_filed_at: datetime | None
    final_by: UUID | None
    final_for: UUID | None
    final_at: datetime | None
    final_reason: str | None


class AppealMoved(BaseModel):
    """One subject's points of one module, in thousandths."""

    subject_kind: SubjectKind
    subject_id: UUID
    name: str
    module: str
    before_milli: int
    after_milli: int


class EntryAppealListed(EntryAppealOut):
    """With whom it is about and what the disputed entry says."""

    subject_name: str
    unit_name: str
    period_code: str
    entry_seq: int
    entry_kind: EntryKind
    occurred_on: date
    reason_zh: str
    reason_en: str


class EntryAppealDetail(EntryAppealListed):
    """`may_decide`: whether the reader may decide it now; `may_ask_again`: whether he may go to the second instance. `moved`: whom the outcome moved, the largest moves first, as far as the reader sees their figures; `moved_subjects`:
    how many in all. `waiting`: a plan has not scored it yet. `shared`: it was scored together with other changes, and
    `moved` has what came of all of them.
    """

    may_decide: bool
    may_ask_again: bool
    moved: list[AppealMoved]
    moved_subjects: int
    waiting: bool
    shared: bool


@router.post(
    "/entries/{entry_id}/appeals",
    status_code=201,
    responses=problems(NotYourEntry, AppealRunning, AppealDecided, AppealTheWork, FilingOver, PeriodClosed),
    summary="对一条得分提出复议 / Appeal against an entry",
)
async def file(entry_id: UUID, body: Grounds, me: Appellant, app: App, once: Once) -> EntryAppealOut:
    """Against what a reviewer decided about submitted work, the appeal is filed there (`/submissions/{id}/appeals`)."""
    async with app.db.transaction(once=once) as tx:
        row = await appealing.file(tx, entry_id, grounds=body.grounds, by=me)
        return await tx.answer(EntryAppealOut.of(row), status=201)


@router.get("/entry-appeals", summary="对得分的复议 / Appeals against entries")
async def appeals(
    me: Reader,
    app: App,
    page: PageQuery,
    period_id: UUID | None = None,
    subject_id: UUID | None = None,
    running: Annotated[bool | None, Query(alias="open")] = None,
    queue: bool = False,  # noqa: FBT001, FBT002 -- a query parameter
    mine: bool = False,  # noqa: FBT001, FBT002 -- a query parameter
) -> Page[EntryAppealListed]:
    """`queue`: waiting for a decision that I may take. `mine`: filed by me."""
    async with app.db.reading() as session:
        judge = await _standing(session, app, me) if queue else None
        rows, following = await queries.appeals(
            session,
            page,
            me,
            period_id=period_id,
            subject_id=subject_id,
            running=running,
            judge=judge,
            mine=mine,
        )
        told = await queries.disputed(session, rows)
    return Page[EntryAppealListed](items=[_listed(row, told[row.id]) for row in rows], next=following)


@router.get("/entry-appeals/{appeal_id}", responses=problems(AppealMissing), summary="一件复议 / One of them")
async def appeal(appeal_id: UUID, me: Reader, app: App) -> EntryAppealDetail:
    """With everybody whom the outcome has moved: under a plan that compares, others of the group too."""
    async with app.db.snapshot() as session:
        row = await queries.appeal(session, appeal_id, me)
        found = await movers.moved(session, row, me)
        told = (await queries.disputed(session, [row]))[row.id]
        decidable = await queries.is_decidable(session, row, me, await _standing(session, app, me))
        return EntryAppealDetail(
            **_listed(row, told).model_dump(),
            may_decide=decidable,
            may_ask_again=row.filed_by == me.account_id
            and may_ask_again(row.status, row.second_until, app.clock.now()),
            moved=[_moved(one) for one in found.rows],
            moved_subjects=found.subjects,
            waiting=found.waiting,
            shared=found.shared,
        )


@router.post(
    "/entry-appeals/{appeal_id}/decide",
    responses=problems(
        AppealMissing,
        AppealStateWrong,
        NotImpartial,
        Recused,
        DecideNowhere,
        OutcomeTheSame,
        OutcomeWorse,
        PeriodClosed,
    ),
    summary="裁决 / Decide",
)
async def decide(appeal_id: UUID, body: Ruling, me: Judge, app: App, once: Once) -> EntryAppealOut:
    """In the first instance, and in the second by somebody else again. A change is posted as an entry of its own; of an
    entry that a plan made, the plan is evaluated with it, and everybody whom it moves gets the difference.
    """
    points = milli(body.points) if body.points is not None else None
    days = settings_of(app).entry_appeal_second_days
    async with app.db.transaction(once=once) as tx:
        day = await today(tx, app)
        row = await appealing.decide(
            tx, appeal_id, points_milli=points, reason=body.reason, days=days, today=day, by=me
        )
        return await tx.answer(EntryAppealOut.of(row))


@router.post(
    "/entry-appeals/{appeal_id}/second",
    responses=problems(AppealMissing, AppealStateWrong, NotTheAppellant, SecondInstanceOver, PeriodClosed),
    summary="申请复核 / Ask for the second instance",
)
async def ask_again(appeal_id: UUID, body: Grounds, me: Appellant, app: App, once: Once) -> EntryAppealOut:
    async with app.db.transaction(once=once) as tx:
        row = await appealing.ask_again(tx, appeal_id, grounds=body.grounds, by=me)
        return await tx.answer(EntryAppealOut.of(row))


@router.post(
    "/entry-appeals/{appeal_id}/withdraw",
    responses=problems(AppealMissing, AppealStateWrong, NotTheAppellant),
    summary="撤回 / Withdraw",
)
async def give_up(appeal_id: UUID, me: Appellant, app: App, once: Once) -> EntryAppealOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(EntryAppealOut.of(await appealing.withdraw(tx, appeal_id, by=me)))


async def _standing(session: AsyncSession, app: Runtime, me: Principal) -> Standing:
    return await standing_of(session, me, today=app.clock.now().astimezone(app.zone).date())


def _listed(row: Any, told: Disputed) -> EntryAppealListed:
    return EntryAppealListed(**EntryAppealOut.of(row).model_dump(), **asdict(told))


def _moved(one: Any) -> AppealMoved:
    return AppealMoved(
        subject_kind=one.subject_kind, subject_id=one.subject_id, name=one.name, module=one.module,
        before_milli=one.before, after_milli=one.before + one.moved,
    )  # fmt: skip
