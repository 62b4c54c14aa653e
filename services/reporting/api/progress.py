"""How far the work is."""

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from kernel.web.app import App
from kernel.web.problems import problems
from services.reporting.api.access import Reader
from services.reporting.queries import periods, progress
from services.reporting.queries.periods import PeriodMissing

router = APIRouter(prefix="/api/reporting/v1", tags=["progress"])


class UnitProgress(BaseModel):
    """Of the unit's whole subtree. `waiting`: officers' targets for which nothing was sent; `overdue`: those after the cut-off.

    `scored`: pieces of work for which the ledger has an entry.
    """

    unit_id: UUID
    code: str
    name: str
    level: int
    targets: int
    acknowledged: int
    decomposed: int
    officers: int
    officers_with_target: int
    waiting: int
    overdue: int
    submissions: dict[str, int]
    scored: int


class IndicatorProgress(BaseModel):
    indicator_id: UUID
    code: str
    name: str
    module: str
    targets: int
    acknowledged: int
    decomposed: int
    submissions: int
    accepted: int
    refused: int
    waiting: int
    scored: int


class LevelOut(BaseModel):
    """Targets of units of a level; 5: of officers."""

    level: int
    targets: int
    acknowledged: int
    decomposed: int


class ProgressOut(BaseModel):
    """`units`: the unit itself with what lies directly in it, then its direct sub-units with their subtrees."""

    units: list[UnitProgress]
    levels: list[LevelOut]
    indicators: list[IndicatorProgress]


@router.get("/progress", responses=problems(PeriodMissing), summary="进度 / Progress by unit and indicator")
async def get_progress(_: Reader, app: App, scheme_id: UUID, period_id: UUID, unit_id: UUID) -> ProgressOut:
    now = app.clock.now()
    async with app.db.reading() as session:
        period, _scheme = await periods.period_of(session, scheme_id, period_id)
        units = await progress.by_unit(session, period, unit_id, now)
        levels = await progress.by_level(session, period, units[0][0].path)
        indicators = await progress.by_indicator(session, period, units[0][0].path)
    return ProgressOut(
        units=[
            UnitProgress(
                unit_id=unit.id,
                code=unit.code,
                name=unit.name,
                level=unit.level,
                targets=found.targets,
                acknowledged=found.acknowledged,
                decomposed=found.decomposed,
                officers=found.officers,
                officers_with_target=found.officers_with_target,
                waiting=found.without_submission,
                overdue=found.overdue,
                submissions=dict(found.submissions),
                scored=found.scored,
            )
            for unit, found in units
        ],
        levels=[
            LevelOut(level=o.level, targets=o.targets, acknowledged=o.acknowledged, decomposed=o.decomposed)
            for o in levels
        ],
        indicators=[
            IndicatorProgress(
                indicator_id=indicator.id,
                code=indicator.code,
                name=indicator.name,
                module=indicator.module,
                **asdict(counts),
            )
            for indicator, counts in indicators
        ],
    )
