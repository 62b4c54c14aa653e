"""The score table as a workbook."""

import asyncio
from urllib.parse import quote

from fastapi import APIRouter, Response

from kernel.web.app import App
from kernel.web.problems import problems
from services.reporting.api.access import Exporter
from services.reporting.api.boards import Chosen, SeriesRequired, chosen_board
from services.reporting.api.workbook import score_table
from services.reporting.queries.periods import PeriodMissing
from services.reporting.queries.unranked import unranked

router = APIRouter(prefix="/api/reporting/v1/exports", tags=["exports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(
    "/score-table.xlsx",
    response_class=Response,
    responses=problems(SeriesRequired, PeriodMissing),
    summary="导出得分表 / Score table as a workbook",
)
async def export(_: Exporter, app: App, choice: Chosen) -> Response:
    """The same rows as the board, in the same order."""
    async with app.db.reading() as session:
        board = await chosen_board(session, choice)
        missing = await unranked(session, board)
    made = app.clock.now().astimezone(app.zone)
    content = await asyncio.to_thread(score_table, board, missing, made)
    name = f"{board.stretch.scheme.name}-{board.stretch.key}-得分表.xlsx"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=XLSX, headers=headers)
