"""Rankings."""

from bisect import bisect_right
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.org import SubjectKind
from contracts.targets import ModuleKind
from kernel.db.paging import decode_cursor, encode_cursor
from kernel.errors import Invalid
from kernel.web.app import App
from kernel.web.asked import asked
from kernel.web.paging import PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.reporting.api.access import Reader
from services.reporting.api.board_rows import Shown
from services.reporting.api.board_schemas import (
    BoardOut,
    DisputesOut,
    FiguresOut,
    HeadOut,
    Sum,
    SummaryItem,
    SummaryOut,
    UnrankedOut,
    VersionOut,
    VersionsOut,
    points,
)
from services.reporting.domain.figures import Combine, SpanKind
from services.reporting.domain.versions import VersionKind
from services.reporting.queries import boards as queries
from services.reporting.queries import figures, periods, summaries
from services.reporting.queries.boards import Board
from services.reporting.queries.disputes import NOTHING, disputes
from services.reporting.queries.periods import PeriodMissing, VersionMissing
from services.reporting.queries.unranked import unranked
from services.reporting.settings import settings_of

router = APIRouter(prefix="/api/reporting/v1", tags=["boards"])


class SeriesRequired(Invalid):
    code = "series-required"
    zh = "请选择序列:不同序列不混合排名"
    en = "Choose a series: rankings do not mix series"


class By(StrEnum):
    TOTAL = queries.TOTAL
    IMPROVEMENT = queries.IMPROVEMENT


class Choice(BaseModel):
    """Which board. `span` ends with the period; `by=improvement` ranks by what was gained since the stretch before."""

    scheme_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    series_id: UUID | None = None
    unassigned: bool = False
    module: ModuleKind | None = None
    under: Search | None = None
    span: SpanKind = SpanKind.MONTH
    combine: Combine = Combine.MEAN
    version: VersionKind = VersionKind.LIVE
    by: By = By.TOTAL


Chosen = Annotated[Choice, asked(Choice)]


async def chosen_board(session: AsyncSession, choice: Choice) -> Board:
    """Without a series, the only one there is; raises SeriesRequired when there are several."""
    series_id = choice.series_id
    if series_id is None and not choice.unassigned:
        there = await summaries.series_of(session, choice.period_id, choice.subject_kind)
        if len(there) > 1:
            raise SeriesRequired(series=[{"id": key, "name": name} for key, name in there])
        series_id = there[0][0] if there else None
    return await queries.board(
        session,
        queries.Choice(
            choice.scheme_id, choice.period_id, choice.subject_kind.value, series_id,
            choice.module.value if choice.module else None, choice.span, choice.combine, choice.version, choice.by.value,
        ),
    )  # fmt: skip


def _head(board: Board, choice: Choice, missing: int, hidden: int) -> HeadOut:
    return HeadOut(
        scheme_id=board.stretch.scheme.id,
        scheme_name=board.stretch.scheme.name,
        period_id=board.stretch.period.id,
        period_code=board.stretch.period.code,
        period_status=board.stretch.period.status,
        span=choice.span,
        span_code=board.stretch.key,
        combine=choice.combine,
        version=choice.version,
        subject_kind=choice.subject_kind,
        series_id=board.choice.series_id,
        series_name=board.series_name,
        module=choice.module,
        ranked=len(board.ordered.ranks),
        highest=points(board.ordered.highest),
        mean=points(board.ordered.mean),
        unranked=missing,
        unnamed=hidden,
        ranking_zh=board.ranking.describe("zh"),
        ranking_en=board.ranking.describe("en"),
    )


@router.get(
    "/boards",
    responses=problems(SeriesRequired, PeriodMissing, VersionMissing),
    summary="排名 / A ranking board",
)
async def boards(
    me: Reader,
    app: App,
    page: PageQuery,
    choice: Chosen,
    *,
    include_unranked: Annotated[bool, Query()] = False,
    include_disputes: Annotated[bool, Query()] = False,
) -> BoardOut:
    """Public inside the bureau, but for the names of officers in the last places. Ties are ties: 1-2-2-4 unless set otherwise."""
    async with app.db.reading() as session:
        board = await chosen_board(session, choice)
        missing = await unranked(session, board)
        found = await disputes(session, board) if include_disputes else None
    shown = Shown(board, found or NOTHING, me, settings_of(app).board_unnamed_last)
    ranks = board.under(choice.under) if choice.under else board.ordered.ranks
    start = 0
    if page.after is not None:
        after = tuple(decode_cursor(page.after, 2))
        start = bisect_right(ranks, after, key=lambda rank: (rank.rank, board.members[rank.subject].code))
    rows = ranks[start : start + page.limit]
    more = start + page.limit < len(ranks)
    return BoardOut(
        board=_head(board, choice, len(missing), shown.hidden_count()),
        items=[shown.row(rank) for rank in rows],
        unranked=[
            UnrankedOut(
                subject_id=u.member.id, code=u.member.code, name=u.member.name, why=u.why, exempt=u.why.exempt
            )
            for u in (missing if include_unranked else [])
        ],
        disputes=DisputesOut(open=found.open, exact=found.exact, unbounded=found.unbounded)
        if found
        else None,
        next=encode_cursor([rows[-1].rank, board.members[rows[-1].subject].code]) if more and rows else None,
    )


@router.get(
    "/boards/versions",
    responses=problems(PeriodMissing),
    summary="试算、公示、封存版本 / Trial, public and sealed versions",
)
async def versions(_: Reader, app: App, scheme_id: UUID, period_id: UUID) -> VersionsOut:
    """Of one period, oldest first; what was withdrawn is left out."""
    async with app.db.reading() as session:
        await periods.period_of(session, scheme_id, period_id)
        rows = await periods.versions(session, period_id)
    return VersionsOut(
        items=[
            VersionOut(
                id=row.id, kind=VersionKind(row.kind), number=row.number, at=row.at, digest=row.digest,
                root_sha256=row.root_sha256, correction=row.correction["reason"] if row.correction else None,
            )
            for row in rows
        ]
    )  # fmt: skip


@router.get(
    "/boards/summary", responses=problems(PeriodMissing), summary="有哪些排名 / Which boards there are"
)
async def summary(_: Reader, app: App, scheme_id: UUID, period_id: UUID) -> SummaryOut:
    async with app.db.reading() as session:
        await periods.period_of(session, scheme_id, period_id)
        found = await summaries.summary(session, period_id)
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
        await periods.period_of(session, scheme_id, period_id)
        entries = await figures.entry_sums(session, period_id)
        statements = await figures.statement_sums(session, period_id)
        counts = await figures.submission_counts(session, period_id)
    return FiguresOut(entries=_sums(entries), statements=_sums(statements), submissions=counts)


def _sums(found: dict[str, tuple[int, int]]) -> dict[str, Any]:
    return {name: Sum(count=count, milli=milli) for name, (count, milli) in found.items()}
