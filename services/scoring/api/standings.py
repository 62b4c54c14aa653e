"""Standings of periods under a plan, and the decisions about people and units that bear on them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contracts.org import SubjectKind
from kernel.errors import NotFound
from kernel.recusal import Recused
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import OptionalLine
from services.scoring.actions import deciding
from services.scoring.actions.deciding import (
    AlreadyEnded,
    CircumstanceUnknown,
    EndsBefore,
    NewCircumstance,
    OwnCircumstance,
)
from services.scoring.api.access import Awarder, Reader, today
from services.scoring.queries import circumstances, standings

router = APIRouter(prefix="/api/scoring/v1", tags=["standings"])
Day = Annotated[date, Field(ge=date(1949, 1, 1), le=date(2200, 12, 31))]
Label = Annotated[str, Field(min_length=1, max_length=60)]


class Said(BaseModel):
    zh: str
    en: str


class GivenOut(Said):
    """What follows, for the subject itself or a person who answers for it; money as exact text."""

    to: str
    gives: list[str]
    amount: str | None


class StandingOut(BaseModel):
    """`positions`: scope → rank, how many are ahead, how many behind (null: not known), of how many. `zero`: why there is nothing.

    `total` is exact; null with the `state` in its place.
    """

    model_config = ConfigDict(from_attributes=True)

    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    name: str
    total: str | None
    state: str
    zero: str | None
    positions: dict[str, list[int | None]]
    grade: str | None
    shown: str | None
    grade_state: str | None
    outside: str | None
    lines: list[Said]
    given: list[GivenOut]


class StandingRunOut(BaseModel):
    """When the standing was worked out, and what there is to look at: ties at a border, what is not known."""

    model_config = ConfigDict(from_attributes=True)

    period_id: UUID
    at: datetime
    findings: list[dict[str, Any]]


class CircumstanceIn(BaseModel):
    """`name` as the plan lists it; `until` is the last day, null while it is open."""

    model_config = ConfigDict(extra="forbid")

    subject_kind: SubjectKind
    subject_id: UUID
    name: Label
    document_number: Label
    reason: OptionalLine = ""
    since: Day
    until: Day | None = None


class Ending(BaseModel):
    """`lifted`: the decision was without ground; whatever it held is filled in."""

    model_config = ConfigDict(extra="forbid")

    until: Day
    document_number: Label
    reason: OptionalLine = ""
    lifted: bool = False


class CircumstanceOut(BaseModel):
    """A row that `ends` another gives its last day. Rows never change."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    name: str
    document_number: str
    reason: str
    since: date
    until: date | None
    ends: UUID | None
    lifted: bool
    actor: str
    at: datetime


@router.get("/standings", summary="名次、等次与奖惩 / Rank, grade and what follows")
async def list_standings(
    me: Reader,
    app: App,
    page: PageQuery,
    period_id: UUID,
    subject_id: UUID | None = None,
    unit_id: UUID | None = None,
) -> Page[StandingOut]:
    """Of a period under a plan, as its facts stand; worked out anew within seconds of a change."""
    async with app.db.reading() as session:
        rows, following = await standings.listed(
            session, page, me, period_id=period_id, subject_id=subject_id, unit_id=unit_id
        )
    return Page[StandingOut](items=[StandingOut.model_validate(row) for row in rows], next=following)


@router.get(
    "/standing-runs/{period_id}", summary="名次何时算得、有何疑点 / When it was worked out, what to look at"
)
async def standing_run(period_id: UUID, me: Awarder, app: App) -> StandingRunOut:
    del me
    async with app.db.reading() as session:
        row = await standings.run(session, period_id)
    if row is None:
        raise NotFound
    return StandingRunOut.model_validate(row)


@router.post(
    "/circumstances",
    status_code=201,
    responses=problems(CircumstanceUnknown, EndsBefore, OwnCircumstance, Recused),
    summary="登记处分、审查、免考核、直接定等次等情形 / Enter a decision about somebody",
)
async def enter_circumstance(body: CircumstanceIn, me: Awarder, app: App, once: Once) -> CircumstanceOut:
    async with app.db.transaction(once=once) as tx:
        row = await deciding.enter(
            tx, NewCircumstance(**body.model_dump()), today=await today(tx, app), by=me
        )
        return await tx.answer(CircumstanceOut.model_validate(row), status=201)


@router.post(
    "/circumstances/{circumstance_id}/end",
    status_code=201,
    responses=problems(AlreadyEnded, EndsBefore, OwnCircumstance, Recused),
    summary="情形结束或撤销 / It has ended, or was without ground",
)
async def end_circumstance(
    circumstance_id: UUID, body: Ending, me: Awarder, app: App, once: Once
) -> CircumstanceOut:
    async with app.db.transaction(once=once) as tx:
        row = await deciding.end(tx, circumstance_id, **body.model_dump(), today=await today(tx, app), by=me)
        return await tx.answer(CircumstanceOut.model_validate(row), status=201)


@router.get("/circumstances", summary="登记的情形 / Decisions that were entered")
async def list_circumstances(
    me: Reader, app: App, page: PageQuery, subject_id: UUID | None = None
) -> Page[CircumstanceOut]:
    """One's own; those of others only for who enters them."""
    async with app.db.reading() as session:
        rows, following = await circumstances.listed(session, page, me, subject_id)
    return Page[CircumstanceOut](items=[CircumstanceOut.model_validate(row) for row in rows], next=following)
