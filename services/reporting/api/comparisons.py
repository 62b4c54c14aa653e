"""Peers and time, unit by indicator, how figures lie."""

from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from contracts.org import SubjectKind
from kernel.errors import NotFound
from kernel.web.app import App
from kernel.web.problems import problems
from services.reporting.api.access import Reader
from services.reporting.api.board_schemas import points
from services.reporting.domain.spread import share, step
from services.reporting.queries import comparisons, drill, live, periods
from services.reporting.queries.comparisons import Cell, Point
from services.reporting.queries.periods import PeriodMissing

router = APIRouter(prefix="/api/reporting/v1", tags=["comparisons"])
MOST_MONTHS = 24


class PointOut(BaseModel):
    """A month beside the series; null where there is no figure, which is not zero."""

    period_id: UUID
    period_code: str
    total: Decimal | None
    rank: int | None
    peers: int
    mean: Decimal | None
    highest: Decimal | None

    @classmethod
    def of(cls, point: Point) -> "PointOut":
        return cls(
            period_id=point.month.id,
            period_code=point.month.code,
            total=None if point.total_milli is None else points(point.total_milli),
            rank=point.rank,
            peers=point.peers,
            mean=None if point.mean_milli is None else points(point.mean_milli),
            highest=None if point.most_milli is None else points(point.most_milli),
        )


class TrendOut(BaseModel):
    subject_id: UUID
    subject_kind: SubjectKind
    name: str
    points: list[PointOut]


class MatrixUnit(BaseModel):
    unit_id: UUID
    code: str
    name: str


class MatrixIndicator(BaseModel):
    indicator_id: UUID
    code: str
    name: str
    module: str
    unit_of_measure: str


class CellOut(BaseModel):
    """`rate` in per cent; `step` 0 to 4 for shading. Both null where nothing is wanted."""

    unit_id: UUID
    indicator_id: UUID
    wanted: Decimal
    done: Decimal
    rate: Decimal | None
    step: int | None


class MatrixOut(BaseModel):
    """Cells without target and without work are left out."""

    units: list[MatrixUnit]
    indicators: list[MatrixIndicator]
    cells: list[CellOut]


class BoxOut(BaseModel):
    """`small`: so few that the box says more about single people than about the unit; draw it greyed."""

    unit_id: UUID
    code: str
    name: str
    count: int
    least: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    most: Decimal
    mean: Decimal
    small: bool


class DistributionOut(BaseModel):
    boxes: list[BoxOut]


@router.get(
    "/subjects/{subject_id}/trend", responses=problems(NotFound), summary="纵向对比 / A subject over time"
)
async def trend(subject_id: UUID, me: Reader, app: App, scheme_id: UUID, kind: SubjectKind) -> TrendOut:
    """The last 24 months beside the mean of the series. Units are public; an officer's are for himself and his superiors."""
    async with app.db.reading() as session:
        months = (await periods.months_of(session, scheme_id))[-MOST_MONTHS:]
        memory = await live.fresh(session, [])
        member = memory.members[kind.value].rows.get(subject_id)
        if member is None or not await drill.may_see(session, me, kind.value, subject_id):
            raise NotFound
        found = await comparisons.trend(session, months, kind.value, subject_id, member.series_id)
    return TrendOut(
        subject_id=subject_id,
        subject_kind=kind,
        name=member.name,
        points=[PointOut.of(point) for point in found],
    )


@router.get("/matrix", responses=problems(NotFound, PeriodMissing), summary="单位×指标 / Units by indicators")
async def matrix(_: Reader, app: App, scheme_id: UUID, period_id: UUID, unit_id: UUID) -> MatrixOut:
    """Completion of the unit's direct sub-units, each with everybody below it."""
    async with app.db.reading() as session:
        await periods.period_of(session, scheme_id, period_id)
        found = await comparisons.matrix(session, scheme_id, period_id, unit_id)
    return MatrixOut(
        units=[MatrixUnit(unit_id=u.id, code=u.code, name=u.name) for u in found.units],
        indicators=[
            MatrixIndicator(
                indicator_id=i.id,
                code=i.code,
                name=i.name,
                module=i.module,
                unit_of_measure=i.unit_of_measure,
            )
            for i in found.indicators
        ],
        cells=[_cell(key, cell) for key, cell in sorted(found.cells.items())],
    )


def _cell(key: tuple[UUID, UUID], cell: Cell) -> CellOut:
    return CellOut(
        unit_id=key[0],
        indicator_id=key[1],
        wanted=cell.wanted,
        done=cell.done,
        rate=share(cell.done, cell.wanted),
        step=step(cell.done, cell.wanted),
    )


@router.get(
    "/distribution", responses=problems(NotFound, PeriodMissing), summary="得分分布 / How figures lie"
)
async def distribution(
    _: Reader, app: App, scheme_id: UUID, period_id: UUID, unit_id: UUID, series_id: UUID | None = None
) -> DistributionOut:
    """Officers' totals in each direct sub-unit: a box instead of names."""
    async with app.db.reading() as session:
        await periods.period_of(session, scheme_id, period_id)
        found = await comparisons.boxes(session, period_id, unit_id, series_id)
    return DistributionOut(
        boxes=[
            BoxOut(
                unit_id=unit.id, code=unit.code, name=unit.name, count=box.count, least=points(box.least),
                lower=points(box.lower), median=points(box.median), upper=points(box.upper), most=points(box.most),
                mean=points(box.mean), small=box.small,
            )
            for unit, box in found
        ]
    )  # fmt: skip
