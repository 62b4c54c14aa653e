"""Rankings."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.org import SubjectKind
from contracts.targets import ModuleKind
from kernel.db.paging import decode_cursor, encode_cursor
from kernel.errors import Invalid
from kernel.web.app import App
from kernel.web.paging import PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.reporting.api.access import Reader
from services.reporting.domain.ranking import share_of_best
from services.reporting.queries import boards as queries
from services.reporting.queries import figures
from services.reporting.queries.boards import Board, Line, PeriodMissing

router = APIRouter(prefix="/api/reporting/v1", tags=["boards"])
MILLI = Decimal("0.001")


class SeriesRequired(Invalid):
    code = "series-required"
    zh = "请选择序列:不同序列不混合排名"
    en = "Choose a series: rankings do not mix series"


class RowOut(BaseModel):
    """`bar` is the share of the best total, for drawing; `change` the places gained since the previous period."""

    rank: int
    tied: bool
    change: int | None
    subject_id: UUID
    code: str
    name: str
    unit_name: str | None
    total: Decimal
    previous_total: Decimal | None
    modules: dict[str, Decimal]
    entries: int
    bar: float


class UnrankedOut(BaseModel):
    """Without a figure, which is not zero."""

    subject_id: UUID
    code: str
    name: str


class HeadOut(BaseModel):
    scheme_id: UUID
    scheme_name: str
    period_id: UUID
    period_code: str
    period_status: str
    subject_kind: SubjectKind
    series_id: UUID | None
    series_name: str
    module: ModuleKind | None
    ranked: int
    highest: Decimal
    mean: Decimal
    unranked: int


class BoardOut(BaseModel):
    board: HeadOut
    items: list[RowOut]
    unranked: list[UnrankedOut]
    next: str | None


class SummaryItem(BaseModel):
    subject_kind: SubjectKind
    series_id: UUID | None
    series_name: str
    ranked: int
    highest: Decimal
    mean: Decimal


class SummaryOut(BaseModel):
    boards: list[SummaryItem]


class Sum(BaseModel):
    count: int
    milli: int


class FiguresOut(BaseModel):
    entries: dict[str, Sum]
    statements: dict[str, Sum]
    submissions: dict[str, int]


class Choice(BaseModel):
    """Which board."""

    scheme_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    series_id: UUID | None = None
    unassigned: bool = False
    module: ModuleKind | None = None
    under: Search | None = None


Chosen = Annotated[Choice, Depends()]


async def chosen_board(session: AsyncSession, choice: Choice) -> Board:
    """Without a series, the only one there is; raises SeriesRequired when there are several."""
    series_id = choice.series_id
    if series_id is None and not choice.unassigned:
        there = [
            s
            for s in await queries.summary(session, choice.period_id)
            if s.subject_kind == choice.subject_kind
        ]
        if len(there) > 1:
            raise SeriesRequired(series=[{"id": s.series_id, "name": s.series_name} for s in there])
        series_id = there[0].series_id if there else None
    return await queries.board(
        session,
        scheme_id=choice.scheme_id,
        period_id=choice.period_id,
        subject_kind=choice.subject_kind.value,
        series_id=series_id,
        under=choice.under,
        module=choice.module.value if choice.module else None,
    )


def points(milli: int) -> Decimal:
    return Decimal(milli) * MILLI


def _row(line: Line, totals: list[int]) -> RowOut:
    return RowOut(
        rank=line.rank.rank,
        tied=line.rank.tied,
        change=line.rank.change,
        subject_id=line.subject_id,
        code=line.code,
        name=line.name,
        unit_name=line.unit_name,
        total=points(line.total_milli),
        previous_total=None if line.previous_milli is None else points(line.previous_milli),
        modules={module: points(value) for module, value in line.modules.items()},
        entries=line.entries,
        bar=round(share_of_best(line.total_milli, totals), 4),
    )


def _head(board: Board, choice: Choice, totals: list[int], unranked: int) -> HeadOut:
    mean = points(round(sum(totals) / len(totals))) if totals else Decimal(0)
    return HeadOut(
        scheme_id=board.scheme.id,
        scheme_name=board.scheme.name,
        period_id=board.period.id,
        period_code=board.period.code,
        period_status=board.period.status,
        subject_kind=choice.subject_kind,
        series_id=board.series.id if board.series else None,
        series_name=board.series.name if board.series else "未分组 / no series",
        module=choice.module,
        ranked=len(totals),
        highest=points(max(totals, default=0)),
        mean=mean,
        unranked=unranked,
    )


@router.get("/boards", responses=problems(SeriesRequired, PeriodMissing), summary="排名 / A ranking board")
async def boards(
    _: Reader,
    app: App,
    page: PageQuery,
    choice: Chosen,
    *,
    include_unranked: Annotated[bool, Query()] = False,
) -> BoardOut:
    """Public inside the bureau. Ties are ties: 1-2-2-4."""
    async with app.db.reading() as session:
        board = await chosen_board(session, choice)
        missing = await queries.unranked(session, board)
    totals = [line.total_milli for line in board.lines]
    start = 0
    if page.after is not None:
        rank, code = decode_cursor(page.after, 2)
        start = next(
            (n for n, line in enumerate(board.lines) if (line.rank.rank, line.code) > (rank, code)),
            len(totals),
        )
    shown = board.lines[start : start + page.limit]
    more = start + page.limit < len(board.lines)
    return BoardOut(
        board=_head(board, choice, totals, len(missing)),
        items=[_row(line, totals[:1]) for line in shown],
        unranked=[UnrankedOut(subject_id=i, code=c, name=n) for i, c, n in missing]
        if include_unranked
        else [],
        next=encode_cursor([shown[-1].rank.rank, shown[-1].code]) if more and shown else None,
    )


@router.get(
    "/boards/summary", responses=problems(PeriodMissing), summary="有哪些排名 / Which boards there are"
)
async def summary(_: Reader, app: App, scheme_id: UUID, period_id: UUID) -> SummaryOut:
    async with app.db.reading() as session:
        await queries.period_of(session, scheme_id, period_id)
        found = await queries.summary(session, period_id)
    return SummaryOut(
        boards=[
            SummaryItem(
                subject_kind=SubjectKind(s.subject_kind),
                series_id=s.series_id,
                series_name=s.series_name,
                ranked=s.ranked,
                highest=points(s.highest_milli),
                mean=points(s.mean_milli),
            )
            for s in found
        ]
    )


@router.get("/figures", responses=problems(PeriodMissing), summary="核对数字 / Figures for checks")
async def get_figures(_: Reader, app: App, scheme_id: UUID, period_id: UUID) -> FiguresOut:
    async with app.db.reading() as session:
        await queries.period_of(session, scheme_id, period_id)
        entries = await figures.entry_sums(session, period_id)
        statements = await figures.statement_sums(session, period_id)
        counts = await figures.submission_counts(session, period_id)
    return FiguresOut(entries=_sums(entries), statements=_sums(statements), submissions=counts)


def _sums(found: dict[str, tuple[int, int]]) -> dict[str, Any]:
    return {name: Sum(count=count, milli=milli) for name, (count, milli) in found.items()}
