"""A report from figures: what the boards say, put into paragraphs, tables and charts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.domain.figures import SpanKind
from services.reporting.domain.ranking import unnamed
from services.reporting.domain.report import (
    Block,
    BulletinKind,
    Chart,
    ChartKind,
    Column,
    Report,
    Table,
    chinese_numeral,
)
from services.reporting.domain.versions import VersionKind
from services.reporting.domain.wording import arrow, full_width, spoken, written_points
from services.reporting.models import VersionRow
from services.reporting.queries import boards, summaries
from services.reporting.queries.boards import Board
from services.reporting.queries.comparisons import branches
from services.reporting.queries.paragraphs import demands, mean, moved, name_of, overall
from services.reporting.queries.periods import Stretch, stretch_of, versions_of
from services.reporting.queries.standings import red_line_of
from services.reporting.replicas import SubmissionReplica, UnitReplica

SPANS = {
    BulletinKind.WEEK: SpanKind.MONTH, BulletinKind.MONTH: SpanKind.MONTH, BulletinKind.QUARTER: SpanKind.QUARTER,
    BulletinKind.HALF: SpanKind.HALF, BulletinKind.YEAR: SpanKind.YEAR, BulletinKind.CAMPAIGN: SpanKind.CAMPAIGN,
    BulletinKind.ZERO: SpanKind.MONTH,
}  # fmt: skip
_STATES = {
    VersionKind.LIVE: "实时数据",
    VersionKind.TRIAL: "试算数据",
    VersionKind.PUBLIC: "公示数据",
    VersionKind.SEALED: "封存数据",
}
_NOTE = "名次按{rule}。"
TOP = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    kind: BulletinKind
    scheme_id: UUID
    period_id: UUID
    figures: VersionKind
    unnamed_last: int


@dataclass
class _Draft:
    """Blocks in order; headings of the first level are numbered as they come."""

    blocks: list[Block] = field(default_factory=list)
    first: int = 0
    second: int = 0

    def heading(self, text: str, level: int = 1) -> None:
        if level == 1:
            self.first, self.second = self.first + 1, 0
            text = f"{chinese_numeral(self.first)}、{text}"
        else:
            self.second += 1
            text = f"（{chinese_numeral(self.second)}）{text}"
        self.blocks.append(Block(f"h{self.first}-{self.second}", "heading", text, level))

    def text(self, name: str, *sentences: str) -> None:
        self.blocks.append(Block(f"text-{name}", "text", "\n".join(s for s in sentences if s)))

    def table(self, name: str, table: Table) -> None:
        self.blocks.append(Block(f"table-{name}", "table", table=table))

    def chart(self, name: str, chart: Chart) -> None:
        self.blocks.append(Block(f"chart-{name}", "chart", chart=chart))


async def compile_report(session: AsyncSession, wanted: Wanted) -> tuple[Report, UnitReplica, list[UUID]]:
    """The report, the issuing unit and the versions it was read from. Raises VersionMissing, PeriodMissing."""
    stretch = await stretch_of(session, wanted.scheme_id, wanted.period_id, SPANS[wanted.kind])
    if wanted.figures is not VersionKind.LIVE:
        await versions_of(session, stretch.months, wanted.figures)
    issuer = await _issuer(session, stretch)
    units = await _boards(session, wanted, "unit")
    officers = await _boards(session, wanted, "officer")
    counts = await _counts(session, stretch)
    versions = sorted({version for board in (*units, *officers) for version in board.versions})
    draft = _Draft()
    span = spoken(stretch.months[-1], wanted.kind)
    draft.heading("总体情况")
    draft.text("overall", overall(span, units, counts), moved(units))
    draft.heading("排名及得分")
    for board in units:
        await _ranking(session, draft, board, heading=len(units) > 1)
    for number, board in enumerate(officers):
        _people(draft, board, number)
    if len(stretch.months) > 1:
        draft.heading("各期走势")
        draft.chart("trend", await _trend(session, stretch, units))
    draft.heading("存在问题")
    draft.text("problems", *await _problems(session, units, counts))
    draft.heading("下一步要求")
    draft.text("demands", demands(units))
    rows = await session.scalars(
        select(VersionRow.digest).where(VersionRow.id.in_(versions)).order_by(VersionRow.log_seq)
    )
    report = Report(
        kind=wanted.kind, title=f"{issuer.name}关于{span}目标责任考核情况的通报", issuer=issuer.name,
        addressees="各单位", span_code=stretch.key, first_day=stretch.months[0].starts_on.isoformat(),
        last_day=stretch.period.ends_on.isoformat(), version=_STATES[wanted.figures], digests=tuple(rows.all()),
        blocks=tuple(draft.blocks), appendix=_appendix(units), appendix_title=f"{span}各单位得分表",
    )  # fmt: skip
    return report, issuer, list(versions)


async def _issuer(session: AsyncSession, stretch: Stretch) -> UnitReplica:
    scope = stretch.scheme.scope_unit_id
    if scope is None:
        root = await session.scalar(select(UnitReplica).order_by(UnitReplica.level).limit(1))
        scope = root.id if root is not None else stretch.scheme.id
    return (await branches(session, scope))[0]


async def _boards(session: AsyncSession, wanted: Wanted, kind: str) -> list[Board]:
    found = []
    for series_id, _ in await summaries.series_of(session, wanted.period_id, kind):
        choice = boards.Choice(
            wanted.scheme_id,
            wanted.period_id,
            kind,
            series_id,
            span=SPANS[wanted.kind],
            version=wanted.figures,
        )
        board = await boards.board(session, choice)
        if board.ordered.ranks:
            found.append(board)
    return found


async def _counts(session: AsyncSession, stretch: Stretch) -> dict[str, int]:
    query = select(SubmissionReplica.status, func.count()).where(
        SubmissionReplica.period_id.in_([month.id for month in stretch.months])
    )
    rows = await session.execute(query.group_by(SubmissionReplica.status))
    return {row[0]: row[1] for row in rows}


async def _ranking(session: AsyncSession, draft: _Draft, board: Board, *, heading: bool) -> None:
    key = str(board.choice.series_id or "none")
    if heading:
        draft.heading(board.series_name, 2)
    line = await red_line_of(session, board.stretch.scheme.id, board.choice.series_id)
    rows, low = [], []
    for number, rank in enumerate(board.ordered.ranks):
        milli = board.ordered.milli[rank.subject]
        if line is not None and milli < line * 1000:
            low.append(number)
        rows.append(
            (
                str(rank.rank),
                name_of(board, rank.subject),
                written_points(milli),
                arrow(board.change(rank.subject)),
            )
        )
    note = full_width(_NOTE.format(rule=board.ranking.describe("zh")))
    columns = (Column("名次", "count"), Column("单位"), Column("得分", "points"), Column("较上期", "count"))
    draft.table(f"rank-{key}", Table(columns, tuple(rows), note, tuple(low)))
    draft.chart(
        f"rank-{key}",
        Chart(
            ChartKind.BAR, f"{board.series_name}得分排名", "分", tuple(row[1] for row in rows),
            {"得分": tuple(row[2] for row in rows)}, mean(board), None if line is None else written_points(int(line * 1000)),
        ),
    )  # fmt: skip


def _people(draft: _Draft, board: Board, number: int) -> None:
    """The first ten by name; nobody in the last places is named in a bulletin."""
    if number == 0:
        draft.heading("民警得分前列", 2)
    last = len(board.ordered.ranks)
    shown = [r for r in board.ordered.ranks if r.rank <= TOP and not unnamed(r.behind, last, 3)][: 2 * TOP]
    if not shown:
        return
    rows = tuple(
        (
            str(r.rank),
            name_of(board, r.subject),
            _home(board, r.subject),
            written_points(board.ordered.milli[r.subject]),
        )
        for r in shown
    )
    columns = (Column("名次", "count"), Column("姓名"), Column("单位"), Column("得分", "points"))
    note = full_width(f"{board.series_name},共{last}人,平均{mean(board)}分。")
    draft.table(f"people-{board.choice.series_id or 'none'}", Table(columns, rows, note))


def _home(board: Board, subject: UUID) -> str:
    unit = board.units.get(board.scores[subject].unit_id)
    return unit.name if unit is not None else ""


async def _trend(session: AsyncSession, stretch: Stretch, units: Sequence[Board]) -> Chart:
    """The mean of each series, month by month."""
    series: dict[str, tuple[str | None, ...]] = {}
    for board in units[:6]:
        values: list[str | None] = []
        for month in stretch.months:
            choice = boards.Choice(
                board.choice.scheme_id, month.id, "unit", board.choice.series_id, version=board.choice.version
            )
            found = await boards.board(session, choice)
            values.append(mean(found) if found.ordered.ranks else None)
        series[board.series_name] = tuple(values)
    return Chart(ChartKind.LINE, "各序列平均得分走势", "分", tuple(m.code for m in stretch.months), series)


async def _problems(session: AsyncSession, units: Sequence[Board], counts: dict[str, int]) -> list[str]:
    found = []
    for board in units:
        line = await red_line_of(session, board.stretch.scheme.id, board.choice.series_id)
        low = [
            r
            for r in board.ordered.ranks
            if line is not None and board.ordered.milli[r.subject] < line * 1000
        ]
        if low:
            names = "、".join(name_of(board, r.subject) for r in low)
            found.append(full_width(f"{board.series_name}序列有{len(low)}个单位低于红线{line}分:{names}。"))
        zero = [r for r in board.ordered.ranks if board.ordered.milli[r.subject] == 0]
        if zero:
            found.append(
                full_width(
                    f"{board.series_name}序列零分单位{len(zero)}个:{'、'.join(name_of(board, r.subject) for r in zero)}。"
                )
            )
    waiting = sum(counts.get(status, 0) for status in ("submitted", "in_review"))
    if waiting:
        found.append(full_width(f"截至制表仍有{waiting}件工作未审核。"))
    return found or ["本期未发现突出问题。"]


def _appendix(units: Sequence[Board]) -> Table | None:
    if not units:
        return None
    modules = [(m["code"], m["name"]) for m in units[0].stretch.scheme.modules]
    columns = (
        Column("序列"), Column("单位"), *(Column(name, "points") for _, name in modules), Column("总分", "points"), Column("名次", "count"),
    )  # fmt: skip
    rows = tuple(
        (
            board.series_name, name_of(board, r.subject),
            *(_module(board.scores[r.subject].modules, code) for code, _ in modules),
            written_points(board.ordered.milli[r.subject]), str(r.rank),
        )
        for board in units
        for r in board.ordered.ranks
    )  # fmt: skip
    return Table(columns, rows)


def _module(modules: Any, code: str) -> str | None:
    return written_points(modules[code]) if code in modules else None
