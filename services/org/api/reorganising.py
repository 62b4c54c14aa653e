"""Reorganisations, moves of several officers, dated states of officers, orphans."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.org import ConditionKind
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Code, Line, Name
from services.org.actions import moving, reorganising, stating
from services.org.actions.moving import NoMainPosting
from services.org.actions.reorganising import ReorganisationState
from services.org.api.access import GrantReader, Reader, Reorganiser, RosterAdmin
from services.org.api.officers import today
from services.org.api.schemas import Day, In, LastDay, Out, PostingOut, UnitCode
from services.org.domain.postings import DatesReversed
from services.org.domain.reorganisation import IntoItself, ReorganisationPast, UnitClosed
from services.org.domain.structure import CodeTaken, LevelWrong, StillInUse, TooDeep, UnitMissing
from services.org.queries import reorganised, structure

router = APIRouter(prefix="/api/org/v1", tags=["reorganisation"])
Orphan = Literal[
    "authority-without-assessor", "office-without-staff", "unit-without-leader", "grant-of-who-left",
    "grant-in-closed-unit", "officer-without-posting",
]  # fmt: skip
REFUSALS = (
    ReorganisationPast,
    UnitClosed,
    IntoItself,
    StillInUse,
    LevelWrong,
    TooDeep,
    UnitMissing,
    CodeTaken,
)


class MoveIn(In):
    """Under another parent, with everything below."""

    kind: Literal["move"]
    into_unit_id: UUID


class MergeIn(In):
    """Into another unit: people, sub-units and authorities go there; this unit ends and says where it went."""

    kind: Literal["merge"]
    into_unit_id: UUID


class RenameIn(In):
    kind: Literal["rename"]
    name: Name


class CloseIn(In):
    kind: Literal["close"]


class PartIn(In):
    code: UnitCode
    name: Name
    officer_ids: Annotated[list[UUID], Field(max_length=2000, default_factory=list)]


class SplitIn(In):
    """New units beside this one; the named officers go there."""

    kind: Literal["split"]
    parts: Annotated[list[PartIn], Field(min_length=1, max_length=20)]


Change = Annotated[MoveIn | MergeIn | RenameIn | CloseIn | SplitIn, Field(discriminator="kind")]


class ReorganisationIn(In):
    unit_id: UUID
    change: Change
    effective_on: Day
    reason: Line


class ReorganisationOut(Out):
    """`effects`: units below, people, authorities, offices and grants that it touches. `failure`: why it could not be carried out."""

    id: UUID
    kind: str
    unit_id: UUID
    wish: dict[str, Any]
    effective_on: date
    reason: str
    status: str
    effects: dict[str, int]
    failure: dict[str, str]
    applied_at: datetime | None


class EffectsOut(BaseModel):
    effects: dict[str, int]


class TransferIn(In):
    """Everybody's main posting goes on in the unit from the day `on`; `post`: what they are there, else what they were."""

    officer_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]
    unit_id: UUID
    on: Day
    post: Name | None = None


class PostingsOut(BaseModel):
    items: list[PostingOut]


class ConditionIn(In):
    kind: ConditionKind
    held: bool = False
    no_grade: bool = False
    best_grade: Code | None = None
    basis: Line
    valid_from: Day
    valid_to: Day | None = None


class ConditionOut(Out):
    id: UUID
    version: int
    officer_id: UUID
    kind: ConditionKind
    held: bool
    no_grade: bool
    best_grade: str | None
    basis: str
    valid_from: date
    valid_to: date | None


class OrphanOut(BaseModel):
    id: UUID
    name: str


class OrphansOut(BaseModel):
    items: list[OrphanOut]
    next: UUID | None


@router.get(
    "/units/{unit_id}/effects", responses=problems(UnitMissing), summary="影响预览 / What hangs on a unit"
)
async def unit_effects(unit_id: UUID, _: Reader, app: App, on: date | None = None) -> EffectsOut:
    async with app.db.reading() as session:
        unit = await structure.unit(session, unit_id)
        return EffectsOut(effects=await reorganised.effects(session, unit, on or today(app)))


@router.get("/reorganisations", summary="机构调整 / Reorganisations")
async def reorganisations(
    _: Reader,
    app: App,
    page: PageQuery,
    status: Literal["planned", "effective", "undone", "failed"] | None = None,
) -> Page[ReorganisationOut]:
    async with app.db.reading() as session:
        rows, following = await reorganised.plans(session, page, status=status)
    return Page[ReorganisationOut](items=[ReorganisationOut.of(row) for row in rows], next=following)


@router.post(
    "/reorganisations", status_code=201, responses=problems(*REFUSALS), summary="机构调整 / Reorganise"
)
async def reorganise(body: ReorganisationIn, me: Reorganiser, app: App, once: Once) -> ReorganisationOut:
    """Takes effect on its day, or at once if that is today; until then it can be undone."""
    async with app.db.transaction(once=once) as tx:
        row = await reorganising.plan(
            tx,
            kind=body.change.kind,
            unit_id=body.unit_id,
            wish=body.change.model_dump(mode="json", exclude={"kind"}),
            effective_on=body.effective_on,
            reason=body.reason,
            today=today(app),
            by=me,
        )
        return await tx.answer(ReorganisationOut.of(row), status=201)


@router.post(
    "/reorganisations/{reorganisation_id}/undo",
    responses=problems(ReorganisationState),
    summary="撤回 / Undo",
)
async def undo_reorganisation(
    reorganisation_id: UUID, me: Reorganiser, app: App, once: Once
) -> ReorganisationOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(ReorganisationOut.of(await reorganising.undo(tx, reorganisation_id, by=me)))


@router.post(
    "/postings/transfer",
    status_code=201,
    responses=problems(NoMainPosting, UnitMissing),
    summary="批量调动 / Transfer several",
)
async def transfer(body: TransferIn, me: RosterAdmin, app: App, once: Once) -> PostingsOut:
    """All or none."""
    async with app.db.transaction(once=once) as tx:
        rows = await moving.transfer(tx, body.officer_ids, body.unit_id, on=body.on, post=body.post, by=me)
        return await tx.answer(PostingsOut(items=[PostingOut.of(row) for row in rows]), status=201)


@router.post(
    "/officers/{officer_id}/conditions",
    status_code=201,
    responses=problems(DatesReversed),
    summary="登记状态 / State a condition",
)
async def state_condition(
    officer_id: UUID, body: ConditionIn, me: RosterAdmin, app: App, once: Once
) -> ConditionOut:
    """Investigation, suspension, sanction: bounds the grade while it lasts."""
    async with app.db.transaction(once=once) as tx:
        given = {**body.model_dump(), "kind": body.kind.value}
        return await tx.answer(
            ConditionOut.of(await stating.state(tx, officer_id, **given, by=me)), status=201
        )


@router.post(
    "/conditions/{condition_id}/end", responses=problems(DatesReversed), summary="解除状态 / End a condition"
)
async def end_condition(
    condition_id: UUID, body: LastDay, me: RosterAdmin, app: App, once: Once
) -> ConditionOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(ConditionOut.of(await stating.end(tx, condition_id, on=body.on, by=me)))


@router.get("/orphans", summary="无人负责的事项:数量 / How many of each kind")
async def orphan_counts(_: GrantReader, app: App) -> EffectsOut:
    """Authorities without assessor, offices without staff, units without leader, grants of who left …"""
    async with app.db.reading() as session:
        return EffectsOut(effects=await reorganised.orphan_counts(session, today(app)))


@router.get("/orphans/{kind}", summary="无人负责的事项 / Orphans of a kind")
async def orphans(
    kind: Orphan,
    _: GrantReader,
    app: App,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> OrphansOut:
    async with app.db.reading() as session:
        found = await reorganised.orphans(session, kind, today(app), after=after, limit=limit + 1)
    items = [OrphanOut(id=found_id, name=name) for found_id, name in found[:limit]]
    return OrphansOut(items=items, next=items[-1].id if len(found) > limit else None)
