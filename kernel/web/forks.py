"""What is left over after a producer lost events: as its consumer sees it, and as the two people decide on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from contracts.catalog import EVENTS
from contracts.envelope import Event
from kernel.delivery import ghosts, offers
from kernel.delivery.offers import Restore
from kernel.identity import Principal
from kernel.web.access import require
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.text import Line

Auditor = Annotated[Principal, require("audit:read")]
Proposer = Annotated[Principal, require("audit:propose_recovery")]
Approver = Annotated[Principal, require("audit:approve_recovery")]


class GhostOut(BaseModel):
    """An event that was recorded here and that the producer's history has no more."""

    stream: str
    event_id: UUID
    epoch: int
    seq: int
    type: str
    order_key: str
    inbox_state: str
    state: Literal["open", "refused", "returned", "reversed"]
    found_at: datetime
    offered_at: datetime | None
    settled_at: datetime | None
    resolution: str | None
    last_error: str | None
    body: str


class GhostsOut(BaseModel):
    items: list[GhostOut]


class OfferOut(BaseModel):
    """What consumers gave back of one thing; `restorable` says whether its rows can come back from the event."""

    order_key: str
    type: str
    events: int
    event_ids: list[UUID]
    versions: list[int]
    first_at: datetime
    last_at: datetime
    offered_at: datetime
    offered_by: list[str]
    state: Literal["open", "accepted", "refused"]
    restorable: bool
    proposed: Literal["accepted", "refused"] | None
    first_signature: str | None
    second_signature: str | None
    reason: str | None
    decided_at: datetime | None
    body: str


class OffersOut(BaseModel):
    items: list[OfferOut]


class ProposalIn(BaseModel):
    order_key: Line
    decision: Literal["accepted", "refused"]
    reason: Line


class ApprovalIn(BaseModel):
    """`decision` is the proposal that the second person has read."""

    order_key: Line
    decision: Literal["accepted", "refused"]


def make_router(service: str, restores: Mapping[type[Event], Restore]) -> APIRouter:
    router = APIRouter(prefix=f"/api/{service}/v1/integrity", tags=["integrity"])

    @router.get("/ghosts", summary="上游已丢失的事件 / Events that their producer lost")
    async def events_lost_upstream(
        _: Auditor,
        app: App,
        *,
        settled: Annotated[bool, Query(description="已了结的也列出 / settled ones too")] = False,
    ) -> GhostsOut:
        async with app.db.reading() as session:
            found = await ghosts.listed(session, settled=settled)
        return GhostsOut(items=[GhostOut(**row) for row in found])

    @router.get("/offers", summary="退回本服务的事件 / Events offered back to this service")
    async def events_offered_back(
        _: Auditor,
        app: App,
        *,
        decided: Annotated[bool, Query(description="已处置的也列出 / decided ones too")] = False,
    ) -> OffersOut:
        async with app.db.reading() as session:
            found = await offers.listed(session, decided=decided)
        return OffersOut(items=[OfferOut(**row, restorable=_restorable(row, restores)) for row in found])

    @router.post(
        "/offers/proposal",
        status_code=204,
        summary="提出处置意见 / Propose to take them back, or to give them up",
    )
    async def propose_recovery(body: ProposalIn, by: Proposer, app: App, once: Once) -> None:
        async with app.db.transaction(once=once) as tx:
            await offers.propose(
                tx, order_key=body.order_key, decision=body.decision, who=_signature(by), reason=body.reason
            )

    @router.post(
        "/offers/approval", status_code=204, summary="批准处置意见 / Approve the proposal, and carry it out"
    )
    async def approve_recovery(body: ApprovalIn, by: Approver, app: App, once: Once) -> None:
        async with app.db.transaction(once=once) as tx:
            await offers.approve(
                tx,
                restores,
                stream=service,
                order_key=body.order_key,
                decision=body.decision,
                who=_signature(by),
            )
        app.db.ring()

    return router


def _signature(by: Principal) -> str:
    return f"{by.name} {by.account_id}"


def _restorable(row: dict[str, Any], restores: Mapping[type[Event], Restore]) -> bool:
    contract = EVENTS.get(row["type"])
    return contract is not None and contract in restores
