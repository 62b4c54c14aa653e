"""What a change of where somebody serves meets: how each scheme counts those who moved, and what is sealed already."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from kernel.web.app import App
from rules.binding.postings import Away, Counted
from services.targets.api.access import RosterAdmin
from services.targets.domain.calendar import FIRST_YEAR, LAST_YEAR
from services.targets.domain.moves import people_of
from services.targets.queries import moves

router = APIRouter(prefix="/api/targets/v1", tags=["schemes"])
Since = Annotated[
    date,
    Query(
        ge=date(FIRST_YEAR, 1, 1),
        le=date(LAST_YEAR, 12, 31),
        description="变动的第一天 / first day of the change",
    ),
]


class SealedPeriodOut(BaseModel):
    code: str
    starts_on: date
    ends_on: date


class MeetsOut(BaseModel):
    """`counted`, `away`: as the plan of the scheme has them; without a plan null, and a deed counts where somebody served on its day.

    `sealed`: periods that the change reaches back into; their figures stay as they are.
    """

    scheme_id: UUID
    name: str
    counted: Counted | None
    away: dict[str, Away]
    sealed: list[SealedPeriodOut]


class MovesOut(BaseModel):
    items: list[MeetsOut]


@router.get("/moves", summary="人员变动涉及的方案 / What a change of postings meets")
async def what_a_move_meets(since: Since, by: RosterAdmin, app: App) -> MovesOut:
    async with app.db.reading() as session:
        found = await moves.met(session, since, by=by)
    items = []
    for scheme, periods in found:
        people = people_of(scheme.plan)
        items.append(
            MeetsOut(
                scheme_id=scheme.id,
                name=scheme.name,
                counted=people.counted if people else None,
                away=dict(people.away) if people else {},
                sealed=[
                    SealedPeriodOut(code=one.code, starts_on=one.starts_on, ends_on=one.ends_on)
                    for one in periods
                ],
            )
        )
    return MovesOut(items=items)
