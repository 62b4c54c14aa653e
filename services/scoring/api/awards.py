"""Bonuses and penalties."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contracts.org import SubjectKind
from kernel.recusal import Recused
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Line, Name, OptionalLine
from services.scoring.actions import awarding
from services.scoring.actions.awarding import FutureDay, NewAward, NoPeriod, Participant
from services.scoring.api.access import Awarder, Confirmer, Reader, today
from services.scoring.api.schemas import AwardOut
from services.scoring.domain.awards import (
    AwardState,
    AwardStateWrong,
    NotInThePlan,
    OwnAward,
    ParticipantsRefused,
    PointsNotPositive,
    SecondPerson,
)
from services.scoring.domain.ledger import PeriodClosed
from services.scoring.queries import lists

router = APIRouter(prefix="/api/scoring/v1/awards", tags=["awards"])
Points = Annotated[Decimal, Field(gt=0, le=1000, max_digits=7, decimal_places=3, allow_inf_nan=False)]


class Deed(BaseModel):
    """`cause`: what it has in common with others of the period, such as a case; of these the highest counts."""

    model_config = ConfigDict(extra="forbid")

    scheme_id: UUID
    kind: Literal["bonus", "penalty"]
    points: Points
    category: Name
    level: Name
    document_number: OptionalLine = ""
    occurred_on: Annotated[date, Field(ge=date(1949, 1, 1), le=date(2200, 12, 31))]
    reason: Line
    cause: Name | None = None

    def wish(self) -> NewAward:
        return NewAward(**{name: getattr(self, name) for name in NewAward.__slots__})


class AwardIn(Deed):
    subject_kind: SubjectKind
    subject_id: UUID


class ParticipantIn(BaseModel):
    """`part`: such as 3, 2 and 1 for half, a third and a sixth; equal parts unless said otherwise."""

    model_config = ConfigDict(extra="forbid")

    subject_kind: SubjectKind
    subject_id: UUID
    part: Annotated[int, Field(ge=1, le=1000)] = 1


class SharedIn(Deed):
    participants: Annotated[list[ParticipantIn], Field(min_length=2, max_length=100)]


class Reason(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Line


@router.get("", summary="加减分列表 / Bonuses and penalties")
async def awards(
    me: Reader,
    app: App,
    page: PageQuery,
    period_id: UUID | None = None,
    subject_id: UUID | None = None,
    status: AwardState | None = None,
) -> Page[AwardOut]:
    async with app.db.reading() as session:
        rows, following = await lists.awards(
            session, page, me, period_id=period_id, subject_id=subject_id, status=status
        )
    return Page[AwardOut](items=[AwardOut.of(row) for row in rows], next=following)


@router.get("/{award_id}", summary="加减分 / One of them")
async def award(award_id: UUID, me: Reader, app: App) -> AwardOut:
    async with app.db.reading() as session:
        return AwardOut.of(await lists.award(session, award_id, me))


@router.post(
    "",
    status_code=201,
    responses=problems(NoPeriod, PeriodClosed, OwnAward, Recused, PointsNotPositive, FutureDay, NotInThePlan),
    summary="登记加减分 / Enter a bonus or a penalty",
)
async def enter(body: AwardIn, me: Awarder, app: App, once: Once) -> AwardOut:
    """Above the scheme's threshold it waits for a second signature (`pending`), else it is posted."""
    async with app.db.transaction(once=once) as tx:
        alone = [Participant(body.subject_kind.value, body.subject_id)]
        [row] = await awarding.enter(tx, body.wish(), alone, today=await today(tx, app), by=me)
        return await tx.answer(AwardOut.of(row), status=201)


@router.post(
    "/shared",
    status_code=201,
    responses=problems(
        NoPeriod,
        PeriodClosed,
        OwnAward,
        Recused,
        PointsNotPositive,
        FutureDay,
        NotInThePlan,
        ParticipantsRefused,
    ),
    summary="登记多人共享的加减分 / Enter points that several share",
)
async def share(body: SharedIn, me: Awarder, app: App, once: Once) -> list[AwardOut]:
    """One deed of several: the points are divided as the parts say and add up again. It is signed and reversed as a whole."""
    async with app.db.transaction(once=once) as tx:
        people = [Participant(p.subject_kind.value, p.subject_id, p.part) for p in body.participants]
        rows = await awarding.enter(tx, body.wish(), people, today=await today(tx, app), by=me)
        return await tx.answer([AwardOut.of(row) for row in rows], status=201)


@router.post(
    "/{award_id}/confirm",
    responses=problems(AwardStateWrong, SecondPerson, OwnAward, Recused),
    summary="复核 / Second signature",
)
async def confirm(award_id: UUID, me: Confirmer, app: App, once: Once) -> AwardOut:
    async with app.db.transaction(once=once) as tx:
        row = await awarding.confirm(tx, award_id, today=await today(tx, app), by=me)
        return await tx.answer(AwardOut.of(row))


@router.post(
    "/{award_id}/refuse",
    responses=problems(AwardStateWrong, SecondPerson, OwnAward, Recused),
    summary="不同意 / Refuse",
)
async def refuse(award_id: UUID, body: Reason, me: Confirmer, app: App, once: Once) -> AwardOut:
    async with app.db.transaction(once=once) as tx:
        row = await awarding.refuse(tx, award_id, reason=body.reason, today=await today(tx, app), by=me)
        return await tx.answer(AwardOut.of(row))


@router.post(
    "/{award_id}/reverse",
    responses=problems(AwardStateWrong, PeriodClosed, OwnAward, Recused),
    summary="冲销 / Reverse",
)
async def reverse(award_id: UUID, body: Reason, me: Awarder, app: App, once: Once) -> AwardOut:
    async with app.db.transaction(once=once) as tx:
        row = await awarding.reverse(tx, award_id, reason=body.reason, today=await today(tx, app), by=me)
        return await tx.answer(AwardOut.of(row))
