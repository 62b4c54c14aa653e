"""Role grants."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from contracts.org import GrantStatus
from contracts.permissions import Role
from kernel.identity import Principal
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.org.actions import granting
from services.org.actions.granting import GrantState, Wish
from services.org.api.access import Approver, GrantReader, Proposer
from services.org.api.schemas import ApprovalIn, GrantIn, GrantLineOut, GrantOut, GrantsIn, Ids
from services.org.domain.postings import DatesReversed
from services.org.domain.roles import OwnGrant, RoleNotGrantable, RolesConflict, risks_of
from services.org.queries import access
from services.org.queries.access import GrantLine

router = APIRouter(prefix="/api/org/v1/grants", tags=["grants"])


class GrantsOut(BaseModel):
    grants: list[GrantOut]


def _wish(body: GrantIn) -> Wish:
    return Wish(**{**body.model_dump(), "role": body.role.value})


@router.get("", summary="授权列表 / Grants")
async def grants(
    me: GrantReader,
    app: App,
    page: PageQuery,
    account_id: UUID | None = None,
    role: Role | None = None,
    status: GrantStatus | None = None,
) -> Page[GrantLineOut]:
    async with app.db.reading() as session:
        rows, following = await access.grant_lines(
            session, page, account_id=account_id, role=role, status=status
        )
    return Page[GrantLineOut](items=[_line(row, me) for row in rows], next=following)


def _line(found: GrantLine, me: Principal) -> GrantLineOut:
    grant = found.grant
    risks = risks_of(
        role=grant.role,
        scope_level=found.scope.level,
        others=found.others,
        endless=grant.valid_to is None,
        own=me.account_id in {grant.account_id, grant.proposed_by},
    )
    return GrantLineOut(
        **GrantOut.of(grant).model_dump(),
        account_name=found.account.name,
        username=found.account.username,
        scope_name=found.scope.name,
        scope_level=found.scope.level,
        proposed_by_name=found.proposer,
        decided_by_name=found.decider,
        others=list(found.others),
        risks=risks,
    )


@router.post(
    "", status_code=201, responses=problems(RolesConflict, RoleNotGrantable), summary="提出授权 / Propose"
)
async def propose(body: GrantIn, me: Proposer, app: App, once: Once) -> GrantOut:
    async with app.db.transaction(once=once) as tx:
        [row] = await granting.propose(tx, [_wish(body)], by=me)
        return await tx.answer(GrantOut.of(row), status=201)


@router.post(
    "/batch", status_code=201, responses=problems(RolesConflict), summary="批量提出 / Propose several"
)
async def propose_batch(body: GrantsIn, me: Proposer, app: App, once: Once) -> GrantsOut:
    """All or none."""
    async with app.db.transaction(once=once) as tx:
        rows = await granting.propose(tx, [_wish(item) for item in body.grants], by=me)
        return await tx.answer(GrantsOut(grants=[GrantOut.of(row) for row in rows]), status=201)


@router.post("/approve-batch", responses=problems(GrantState, OwnGrant), summary="批量批准 / Approve several")
async def approve_batch(body: Ids, me: Approver, app: App, once: Once) -> GrantsOut:
    """All or none."""
    async with app.db.transaction(once=once) as tx:
        rows = await granting.decide(tx, body.ids, GrantStatus.APPROVED, by=me)
        return await tx.answer(GrantsOut(grants=[GrantOut.of(row) for row in rows]))


async def _decide(app: App, once: Once, grant_id: UUID, to: GrantStatus, me: Approver) -> GrantOut:
    async with app.db.transaction(once=once) as tx:
        [row] = await granting.decide(tx, [grant_id], to, by=me)
        return await tx.answer(GrantOut.of(row))


@router.post(
    "/{grant_id}/approve",
    responses=problems(GrantState, OwnGrant, DatesReversed, granting.GrantLonger),
    summary="批准 / Approve",
)
async def approve(
    grant_id: UUID, me: Approver, app: App, once: Once, body: ApprovalIn | None = None
) -> GrantOut:
    """As proposed, or for a shorter time."""
    async with app.db.transaction(once=once) as tx:
        until = body.valid_to if body else None
        [row] = await granting.decide(tx, [grant_id], GrantStatus.APPROVED, by=me, until=until)
        return await tx.answer(GrantOut.of(row))


@router.post("/{grant_id}/refuse", responses=problems(GrantState), summary="不批准 / Refuse")
async def refuse(grant_id: UUID, me: Approver, app: App, once: Once) -> GrantOut:
    return await _decide(app, once, grant_id, GrantStatus.REFUSED, me)


@router.post("/{grant_id}/revoke", responses=problems(GrantState), summary="撤销 / Revoke")
async def revoke(grant_id: UUID, me: Approver, app: App, once: Once) -> GrantOut:
    return await _decide(app, once, grant_id, GrantStatus.REVOKED, me)
