"""Delegations and recusals."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from contracts.org import SubjectKind
from contracts.permissions import Role
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Line, Note, Search
from services.org.actions import delegating, recusing
from services.org.actions.delegating import NewDelegation
from services.org.actions.recusing import RecusalNobody, RecusalNotYours, RecusalState
from services.org.api.access import Anyone, Delegator, RecusalJudge
from services.org.api.officers import today
from services.org.api.schemas import Day, In, Out
from services.org.domain.roles import RolesConflict
from services.org.domain.substitution import DelegationDates, DelegationTwice, NotDelegable
from services.org.models import DelegationRow, GrantRow
from services.org.queries import deciding

router = APIRouter(prefix="/api/org/v1", tags=["delegations and recusals"])


class DelegationOut(BaseModel):
    id: UUID
    version: int
    grant_id: UUID
    role: Role
    scope_unit_id: UUID
    lines: list[str]
    from_account_id: UUID
    to_account_id: UUID
    reason: str
    valid_from: date
    valid_to: date
    ended_at: datetime | None


class DelegationIn(In):
    grant_id: UUID
    to_account_id: UUID
    valid_from: Day
    valid_to: Day
    reason: Line


class SubstituteOut(Out):
    id: UUID
    username: str
    name: str


class SubstitutesOut(BaseModel):
    items: list[SubstituteOut]


class RecusalOut(Out):
    """`relation` is only in what oneself declared."""

    id: UUID
    version: int
    officer_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    ground: str
    reason: str
    status: str
    valid_from: date
    valid_to: date | None
    asked_by: UUID
    decided_by: UUID | None
    decided_at: datetime | None
    decision: str | None


class OwnRecusalOut(RecusalOut):
    relation: str | None


class DeclarationIn(In):
    """A relative who serves here; `relation` is seen by nobody else."""

    officer_id: UUID
    relation: Line
    valid_from: Day | None = None


class RecusalIn(In):
    """That `officer_id` is not to decide about oneself (`officer`) or one's own unit (`unit`)."""

    officer_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    reason: Note
    valid_from: Day | None = None


class DecisionIn(In):
    granted: bool
    decision: Note


def _delegation(row: DelegationRow, grant: GrantRow) -> DelegationOut:
    return DelegationOut(
        role=Role(grant.role),
        scope_unit_id=grant.scope_unit_id,
        lines=list(grant.lines),
        **{name: getattr(row, name) for name in DelegationOut.model_fields if hasattr(row, name)},
    )


@router.get("/delegations", summary="委托 / Delegations")
async def delegations(me: Anyone, app: App, page: PageQuery) -> Page[DelegationOut]:
    """Given and taken by oneself; everybody's for those who see grants."""
    async with app.db.reading() as session:
        everybody = me.may("org:grants_read")
        rows, following = await deciding.delegations(session, page, by=me, everybody=everybody)
    return Page[DelegationOut](items=[_delegation(row, grant) for row, grant in rows], next=following)


@router.get("/delegations/substitutes", summary="可受托人 / Possible substitutes")
async def substitutes(_: Delegator, app: App, q: Annotated[Search, Query(min_length=1)]) -> SubstitutesOut:
    async with app.db.reading() as session:
        return SubstitutesOut(items=[SubstituteOut.of(row) for row in await deciding.substitutes(session, q)])


@router.post(
    "/delegations",
    status_code=201,
    responses=problems(NotDelegable, DelegationDates, DelegationTwice, RolesConflict),
    summary="委托他人代办 / Name a substitute",
)
async def delegate(body: DelegationIn, me: Delegator, app: App, once: Once) -> DelegationOut:
    """One's own grant as assessor or adjudicator, for at most 180 days; the substitute cannot pass it on."""
    async with app.db.transaction(once=once) as tx:
        named = await delegating.delegate(tx, NewDelegation(**body.model_dump()), by=me)
        return await tx.answer(_delegation(named.row, named.grant), status=201)


@router.post("/delegations/{delegation_id}/end", summary="终止委托 / End a delegation")
async def end_delegation(delegation_id: UUID, me: Anyone, app: App, once: Once) -> DelegationOut:
    """By either of the two, or the security administrator; the substitute must sign in again."""
    async with app.db.transaction(once=once) as tx:
        named = await delegating.end(tx, delegation_id, by=me, anybody=me.may("org:grants_approve"))
        return await tx.answer(_delegation(named.row, named.grant))


@router.get("/me/recusals", summary="我的回避申报与申请 / My declarations and requests")
async def my_recusals(me: Anyone, app: App, page: PageQuery) -> Page[OwnRecusalOut]:
    async with app.db.reading() as session:
        rows, following = await deciding.own_recusals(session, page, by=me)
    return Page[OwnRecusalOut](items=[OwnRecusalOut.of(row) for row in rows], next=following)


@router.post(
    "/me/recusals/declarations",
    status_code=201,
    responses=problems(RecusalNobody),
    summary="申报亲属关系 / Declare a relative",
)
async def declare_relative(body: DeclarationIn, me: Anyone, app: App, once: Once) -> OwnRecusalOut:
    async with app.db.transaction(once=once) as tx:
        since = body.valid_from or today(app)
        row = await recusing.declare(
            tx, officer_id=body.officer_id, relation=body.relation, valid_from=since, by=me
        )
        return await tx.answer(OwnRecusalOut.of(row), status=201)


@router.post(
    "/me/recusals/requests",
    status_code=201,
    responses=problems(RecusalNobody, RecusalNotYours),
    summary="申请他人回避 / Ask for a recusal",
)
async def request_recusal(body: RecusalIn, me: Anyone, app: App, once: Once) -> OwnRecusalOut:
    async with app.db.transaction(once=once) as tx:
        row = await recusing.request(
            tx,
            officer_id=body.officer_id,
            subject_kind=body.subject_kind.value,
            subject_id=body.subject_id,
            reason=body.reason,
            valid_from=body.valid_from or today(app),
            by=me,
        )
        return await tx.answer(OwnRecusalOut.of(row), status=201)


@router.post(
    "/me/recusals/{recusal_id}/withdraw", responses=problems(RecusalState), summary="撤回 / Withdraw"
)
async def withdraw_recusal(recusal_id: UUID, me: Anyone, app: App, once: Once) -> OwnRecusalOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(OwnRecusalOut.of(await recusing.withdraw(tx, recusal_id, by=me)))


@router.get("/recusals", summary="回避申请 / Requests for recusal")
async def recusals(
    _: RecusalJudge,
    app: App,
    page: PageQuery,
    status: Literal["requested", "granted", "refused", "ended"] | None = None,
) -> Page[RecusalOut]:
    """Declarations of relatives are not among them."""
    async with app.db.reading() as session:
        rows, following = await deciding.requested_recusals(session, page, status=status)
    return Page[RecusalOut](items=[RecusalOut.of(row) for row in rows], next=following)


@router.post(
    "/recusals/{recusal_id}/decide",
    responses=problems(RecusalState, RecusalNotYours),
    summary="决定回避申请 / Decide a request",
)
async def decide_recusal(
    recusal_id: UUID, body: DecisionIn, me: RecusalJudge, app: App, once: Once
) -> RecusalOut:
    async with app.db.transaction(once=once) as tx:
        row = await recusing.decide(tx, recusal_id, granted=body.granted, decision=body.decision, by=me)
        return await tx.answer(RecusalOut.of(row))
