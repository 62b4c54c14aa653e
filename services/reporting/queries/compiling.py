"""A report from figures: what the boards say, put into paragraphs, tables and charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.domain.figures import SpanKind
from services.reporting.domain.ranking import unnamed
from services.reporting.domain.report import (
    BulletinKind,
    Chart,
    ChartKind,
    Column,
    Report,
    Table,
)
from services.reporting.domain.versions import VersionKind
from services.reporting.domain.wording import arrow, full_width, spoken, written_points
from services.reporting.models import VersionRow
from services.reporting.queries import boards, drive_reports, standings, summaries
from services.reporting.queries.boards import Board
from services.reporting.queries.comparisons import branches
from services.reporting.queries.drafting import Draft, Wanted
from services.reporting.queries.paragraphs import demands, mean, moved, name_of, overall
from services.reporting.queries.periods import Stretch, period_of, stretch_of, versions_of
from services.reporting.queries.standings import Pin, red_line_of
from services.reporting.replicas import SchemeReplica, SubmissionReplica, UnitReplica

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
class Compiled:
    """A report, who issues it, the versions of its own months, and all that it was read from."""

    report: Report
    issuer: UnitReplica
    versions: tuple[UUID, ...]
    pin: Pin


async def compile_report(session: AsyncSession, wanted: Wanted) -> Compiled:
    """Raises VersionMissing, PeriodMissing, WeekMissing, CampaignMissing."""
    if wanted.kind in {BulletinKind.WEEK, BulletinKind.ZERO} or wanted.campaign_id is not None:
        return await _drive(session, wanted)
    return await _ranks(session, wanted)


async def _drive(session: AsyncSession, wanted: Wanted) -> Compiled:
    """Of work as it stands now, whatever state of the scores is asked for."""
    period, scheme = await period_of(session, wanted.scheme_id, wanted.period_id)
    issuer = await _issuer(session, scheme)
    composed = await drive_reports.compose(session, wanted, period, issuer)
    report = Report(
        kind=wanted.kind, title=f"{issuer.name}关于{composed.about}的通报", issuer=issuer.name, addressees="各单位",
        span_code=period.code, first_day=composed.first_day.isoformat(), last_day=composed.last_day.isoformat(),
        version=_STATES[VersionKind.LIVE], digests=(), blocks=tuple(composed.blocks),
    )  # fmt: skip
    return Compiled(report, issuer, (), Pin(frozenset(), None))


async def _ranks(session: AsyncSession, wanted: Wanted) -> Compiled:
    stretch = await stretch_of(session, wanted.scheme_id, wanted.period_id, SPANS[wanted.kind])
    if wanted.figures is not VersionKind.LIVE:
        pinned = wanted.pin.versions if wanted.pin is not None else None
        await versions_of(session, stretch.months, wanted.figures, pinned=pinned)
    issuer = await _issuer(session, stretch.scheme)
    units = await _boards(session, wanted, "unit")
    officers = await _boards(session, wanted, "officer")
    counts = await _counts(session, stretch)
    versions = sorted({version for board in (*units, *officers) for version in board.versions})
    draft = Draft()
    span = spoken(stretch.months[-1], wanted.kind)
    draft.heading("总体情况")
    draft.text("overall", overall(span, units, counts), moved(units))
    draft.heading("排名及得分")
    for board in units:
        await _ranking(session, draft, board, heading=len(units) > 1)
    for number, board in enumerate(officers):
        _people(draft, board, number, wanted.house.unnamed_last)
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
    before = {version for board in (*units, *officers) for version in board.versions_before}
    setting = await standings.setting(session, stretch.scheme.id, wanted.pin)
    pin = Pin(frozenset({*versions, *before}), setting.id if setting is not None else None)
    return Compiled(report, issuer, tuple(versions), pin)


async def _issuer(session: AsyncSession, scheme: SchemeReplica) -> UnitReplica:
    scope = scheme.scope_unit_id
    if scope is None:
        root = await session.scalar(select(UnitReplica).order_by(UnitReplica.level).limit(1))
        scope = root.id if root is not None else scheme.id
    return (await branches(session, scope))[0]


async def _boards(session: AsyncSession, wanted: Wanted, kind: str) -> list[Board]:
    found = []
    for series_id, _ in await _series(session, wanted, kind):
        choice = boards.Choice(
            wanted.scheme_id,
            wanted.period_id,
            kind,
            series_id,
            span=SPANS[wanted.kind],
            version=wanted.figures,
            pin=wanted.pin,
        )
        board = await boards.board(session, choice)
        if board.ordered.ranks:
            found.append(board)
    return found


async def _series(session: AsyncSession, wanted: Wanted, kind: str) -> list[tuple[UUID | None, str]]:
    """Those with somebody on a board; of figures that stand still, as they were then."""
    if wanted.figures is VersionKind.LIVE:
        return await summaries.series_of(session, wanted.period_id, kind)
    pinned = wanted.pin.versions if wanted.pin is not None else None
    stretch = await stretch_of(session, wanted.scheme_id, wanted.period_id, SPANS[wanted.kind])
    chosen = await versions_of(session, stretch.months[-1:], wanted.figures, pinned=pinned)
    return await summaries.series_of_version(session, chosen[-1], kind)


async def _counts(session: AsyncSession, stretch: Stretch) -> dict[str, int]:
    query = select(SubmissionReplica.status, func.count()).where(
        SubmissionReplica.period_id.in_([month.id for month in stretch.months])
    )
    rows = await session.execute(query.group_by(SubmissionReplica.status))
    return {row[0]: row[1] for row in rows}


async def _ranking(session: AsyncSession, draft: Draft, board: Board, *, heading: bool) -> None:
    key = str(board.choice.series_id or "none")
    if heading:
        draft.heading(board.series_name, 2)
    line = await red_line_of(session, board.stretch.scheme.id, board.choice.series_id, board.choice.pin)
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


def _people(draft: Draft, board: Board, number: int, unnamed_last: int) -> None:
    """The first ten by name; nobody in the last places is named in a bulletin."""
    if number == 0:
        draft.heading("民警得分前列", 2)
    last = len(board.ordered.ranks)
    shown = [r for r in board.ordered.ranks if r.rank <= TOP and not unnamed(r.behind, last, unnamed_last)][
        : 2 * TOP
    ]
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
                board.choice.scheme_id,
                month.id,
                "unit",
                board.choice.series_id,
                version=board.choice.version,
                pin=board.choice.pin,
            )
            found = await boards.board(session, choice)
            values.append(mean(found) if found.ordered.ranks else None)
        series[board.series_name] = tuple(values)
    return Chart(ChartKind.LINE, "各序列平均得分走势", "分", tuple(m.code for m in stretch.months), series)


async def _problems(session: AsyncSession, units: Sequence[Board], counts: dict[str, int]) -> list[str]:
    found = []
    for board in units:
        line = await red_line_of(session, board.stretch.scheme.id, board.choice.series_id, board.choice.pin)
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
