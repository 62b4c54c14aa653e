"""下达 of many indicators over many units in one request."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from contracts.org import UnitKind
from kernel.errors import NotFound
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.targets.actions import issuing, issuing_set
from services.targets.api.access import Issuer
from services.targets.api.schemas import Body
from services.targets.api.target_schemas import BoundedQuantity
from services.targets.domain.scheme import SchemeNotPublished
from services.targets.domain.target import OutsideScope, PeriodNotOpen
from services.targets.queries.visibility import units_inside
from services.targets.replicas import UnitReplica

router = APIRouter(prefix="/api/targets/v1", tags=["targets"])


class IndicatorQuantity(Body):
    indicator_id: UUID
    quantity: BoundedQuantity


class CellQuantity(Body):
    """Another quantity for one unit; null: no target for it."""

    indicator_id: UUID
    unit_id: UUID
    quantity: BoundedQuantity | None


class IssueSetBody(Body):
    """To the units named in `unit_ids`; without them to those under `under`, of these levels and kinds."""

    period_id: UUID
    indicators: Annotated[list[IndicatorQuantity], Field(min_length=1, max_length=500)]
    unit_ids: Annotated[list[UUID], Field(max_length=5000, default_factory=list)]
    under: UUID | None = None
    levels: Annotated[list[Annotated[int, Field(ge=1, le=4)]], Field(max_length=4, default_factory=list)]
    kinds: Annotated[list[UnitKind], Field(max_length=20, default_factory=list)]
    exceptions: Annotated[list[CellQuantity], Field(max_length=20_000, default_factory=list)]


class IssuedSetOut(BaseModel):
    """`skipped` had a target already."""

    issued: int
    skipped: int


@router.post(
    "/schemes/{scheme_id}/issue-set",
    status_code=201,
    summary="整套下达 / Issue many indicators to many units",
    responses=problems(
        issuing.TargetsInvalid, issuing.TargetTaken, SchemeNotPublished, PeriodNotOpen, OutsideScope
    ),
)
async def issue_set(scheme_id: UUID, body: IssueSetBody, by: Issuer, app: App, once: Once) -> IssuedSetOut:
    """Sent again it issues nothing twice. All or nothing."""
    async with app.db.transaction(once=once) as tx:
        units = list(body.unit_ids)
        if not units:
            top = await tx.session.get(UnitReplica, body.under) if body.under else None
            if top is None:
                raise NotFound
            statement = select(UnitReplica.id).where(UnitReplica.id.in_(units_inside(top.path)))
            if body.levels:
                statement = statement.where(UnitReplica.level.in_(body.levels))
            if body.kinds:
                statement = statement.where(UnitReplica.kind.in_([kind.value for kind in body.kinds]))
            units = list(await tx.session.scalars(statement.order_by(UnitReplica.path)))
        wanted = issuing_set.Wanted(
            body.period_id,
            {one.indicator_id: Decimal(one.quantity) for one in body.indicators},
            units,
            {(one.indicator_id, one.unit_id): one.quantity for one in body.exceptions},
        )
        found = await issuing_set.issue_set(tx, scheme_id, wanted, by=by)
        return await tx.answer(IssuedSetOut(issued=found.issued, skipped=found.skipped), status=201)
