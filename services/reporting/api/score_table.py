"""The big score table: everybody of a series, module by module and indicator by indicator, a window at a time."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from kernel.web.app import App
from kernel.web.problems import problems
from services.reporting.api.access import Reader
from services.reporting.api.board_rows import Shown
from services.reporting.api.board_schemas import points
from services.reporting.api.boards import Chosen, SeriesRequired, chosen_board
from services.reporting.domain.figures import SpanKind, mean_of
from services.reporting.domain.ranking import Rank
from services.reporting.domain.versions import VersionKind
from services.reporting.queries.boards import Board
from services.reporting.queries.disputes import NOTHING
from services.reporting.queries.periods import PeriodMissing, VersionMissing
from services.reporting.queries.score_cells import cells, indicators_of
from services.reporting.queries.standings import red_line_of
from services.reporting.replicas import IndicatorReplica
from services.reporting.settings import settings_of

router = APIRouter(prefix="/api/reporting/v1", tags=["boards"])


class ColumnOut(BaseModel):
    """An indicator. `full_marks` is what it is worth at most by its marks."""

    id: UUID
    code: str
    name: str
    full_marks: Decimal


class ModuleColumnOut(BaseModel):
    """`mean`: of those who have a figure there; null if nobody has."""

    module: str
    name: str
    full_marks: str
    mean: Decimal | None
    indicators: list[ColumnOut]


class TableRowOut(BaseModel):
    """`cells` are in the order of all indicators; null has no entries, or is not the reader's to see.

    `subject_id`, `code` and `name` are null where people in the last places are not named. `modules` may differ from the
    sum of their cells: limits, members' work and points without an indicator count there.
    """

    rank: int
    tied: bool
    change: int | None
    subject_id: UUID | None
    code: str | None
    name: str | None
    unit_name: str | None
    total: Decimal
    modules: dict[str, Decimal]
    cells: list[Decimal | None]
    zero: bool
    below: bool


class ScoreTableOut(BaseModel):
    """`rows` are `start` to `start + limit` of `total`. `by_indicator`: whether the cells are there at all: figures that
    stand still (trial, public, sealed) and those of several months are kept by module only.
    """

    scheme_name: str
    period_code: str
    series_name: str
    version: VersionKind
    total: int
    start: int
    mean: Decimal | None
    red_line: Decimal | None
    by_indicator: bool
    columns: list[ModuleColumnOut]
    rows: list[TableRowOut]


@router.get(
    "/score-table",
    responses=problems(SeriesRequired, PeriodMissing, VersionMissing),
    summary="得分总表 / The score table, a window of it",
)
async def score_table(
    me: Reader,
    app: App,
    choice: Chosen,
    *,
    start: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> ScoreTableOut:
    """The rows of the board in its order, with the same names; what stands behind a figure, as in the drill-down."""
    by_indicator = choice.version is VersionKind.LIVE and choice.span is SpanKind.MONTH
    async with app.db.reading() as session:
        board = await chosen_board(session, choice)
        ranks = board.under(choice.under) if choice.under else board.ordered.ranks
        shown = Shown(board, NOTHING, me, settings_of(app).board_unnamed_last)
        window = ranks[start : start + limit]
        indicators = await indicators_of(session, board.stretch.scheme.id) if by_indicator else []
        named = [rank.subject for rank in window if not shown.hidden(rank)] if by_indicator else []
        found = await cells(session, choice.period_id, named, me) if named else {}
        red_line = await red_line_of(session, board.stretch.scheme.id, board.choice.series_id)
    rows = []
    for rank in window:
        row = shown.row(rank)
        rows.append(
            TableRowOut(
                **row.model_dump(include=_SHARED),
                cells=[_points(found.get((rank.subject, one.id))) for one in indicators],
                zero=row.total == 0,
                below=red_line is not None and row.total < red_line,
            )
        )
    return ScoreTableOut(
        scheme_name=board.stretch.scheme.name,
        period_code=board.stretch.period.code,
        series_name=board.series_name,
        version=choice.version,
        total=len(ranks),
        start=start,
        mean=_points(mean_of([board.ordered.milli[rank.subject] for rank in ranks])),
        red_line=red_line,
        by_indicator=by_indicator,
        columns=_columns(board, ranks, indicators),
        rows=rows,
    )


_SHARED = set(TableRowOut.model_fields) - {"cells", "zero", "below"}


def _columns(
    board: Board, ranks: Sequence[Rank[UUID]], indicators: Sequence[IndicatorReplica]
) -> list[ModuleColumnOut]:
    """The scheme's modules in its order."""
    return [
        ModuleColumnOut(
            module=module["code"],
            name=module["name"],
            full_marks=str(module["full_marks"]),
            mean=_points(mean_of(_figures(board, ranks, module["code"]))),
            indicators=[
                ColumnOut(id=one.id, code=one.code, name=one.name, full_marks=one.full_marks)
                for one in indicators
                if one.module == module["code"]
            ],
        )
        for module in board.stretch.scheme.modules
    ]


def _figures(board: Board, ranks: Sequence[Rank[UUID]], module: str) -> list[int]:
    """Who has nothing there is not counted as nought."""
    found = (board.scores[rank.subject].modules.get(module) for rank in ranks)
    return [milli for milli in found if milli is not None]


def _points(milli: int | None) -> Decimal | None:
    return None if milli is None else points(milli)
