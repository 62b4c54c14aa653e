"""The score table as a workbook."""

import asyncio
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from kernel.web.app import App
from kernel.web.problems import problems
from services.reporting.api.access import Exporter
from services.reporting.api.board_rows import Shown
from services.reporting.api.boards import Chosen, SeriesRequired, chosen_board
from services.reporting.documents.score_table import Group, Head, Line, Sheet, score_table
from services.reporting.domain.figures import mean_of
from services.reporting.domain.versions import VersionKind
from services.reporting.queries.boards import Board
from services.reporting.queries.disputes import NOTHING
from services.reporting.queries.periods import PeriodMissing, VersionMissing
from services.reporting.queries.unranked import Unranked, unranked
from services.reporting.settings import settings_of

router = APIRouter(prefix="/api/reporting/v1/exports", tags=["exports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STATES = {
    VersionKind.LIVE: "实时", VersionKind.TRIAL: "试算", VersionKind.PUBLIC: "公示版", VersionKind.SEALED: "封存版",
}  # fmt: skip


@router.get(
    "/score-table.xlsx",
    response_class=Response,
    responses=problems(SeriesRequired, PeriodMissing, VersionMissing),
    summary="导出得分汇总表 / Score table as a workbook",
)
async def export(
    me: Exporter, app: App, choice: Chosen, *, internal: Annotated[bool, Query()] = False
) -> Response:
    """The rows of the board in its order, with the same names; `internal` adds the versions' digests on a last sheet."""
    async with app.db.reading() as session:
        board = await chosen_board(session, choice)
        missing = await unranked(session, board)
    shown = Shown(board, NOTHING, me, settings_of(app).board_unnamed_last)
    made = app.clock.now().astimezone(app.zone)
    scheme, subject = board.stretch.scheme, "单位" if choice.subject_kind == "unit" else "姓名"
    groups = tuple(Group(m["name"], ((m["name"], str(m["full_marks"])),)) for m in scheme.modules)
    fingerprint = [("方案", scheme.name), ("数据", _STATES[choice.version])]
    fingerprint += [("版本", str(version)) for version in board.versions]
    head = Head(
        f"{scheme.name}得分汇总表({_STATES[choice.version]})", scheme.name, board.stretch.key, f"{made:%Y-%m-%d}",
        subject, groups, tuple(fingerprint) if internal else (),
    )  # fmt: skip
    sheet = Sheet(
        board.series_name, _lines(board, shown), mean_of(board.ordered.milli.values()), _notes(board, missing)
    )
    content = await asyncio.to_thread(score_table, head, [sheet])
    name = f"{scheme.name}_{board.stretch.key}_得分汇总表_{'内部版' if internal else _STATES[choice.version]}.xlsx"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=XLSX, headers=headers)


def _lines(board: Board, shown: Shown) -> Iterator[Line]:
    codes = [module["code"] for module in board.stretch.scheme.modules]
    for rank in board.ordered.ranks:
        member, score = board.members[rank.subject], board.scores[rank.subject]
        unit, named = board.units.get(score.unit_id), not shown.hidden(rank)
        yield Line(
            member.code if named else "", member.name if named else "(不具名)", unit.name if unit and named else "",
            [score.modules.get(code) for code in codes], board.ordered.milli[rank.subject], rank.rank,
            board.change(rank.subject),
        )  # fmt: skip


def _notes(board: Board, missing: list[Unranked]) -> tuple[str, ...]:
    exempt = [found.member.name for found in missing if found.why.exempt]
    without = len(missing) - len(exempt)
    said = [f"名次:{board.ranking.describe('zh')}"]
    said += [f"免考核 {len(exempt)}:{'、'.join(exempt[:50])}"] if exempt else []
    return (*said, *([f"无得分数据、未参加排名 {without}"] if without else []))
