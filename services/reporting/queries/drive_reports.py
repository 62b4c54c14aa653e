"""Weekly, zero-drive and campaign bulletins: from the figures of `drives` to blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import Invalid
from services.reporting.domain.report import Block, BulletinKind, Chart, ChartKind, Column, Table
from services.reporting.domain.wording import full_width
from services.reporting.queries import drives
from services.reporting.queries.drafting import Draft, Wanted
from services.reporting.queries.drives import Achieved, UnitWork
from services.reporting.queries.zero import Reason
from services.reporting.replicas import PeriodReplica, UnitReplica


class WeekMissing(Invalid):
    code = "bulletin-week-missing"
    zh = "周通报和清零通报要指明本周期内的哪一周(周一的日期)"
    en = "A weekly or zero-drive bulletin needs its week: the date of a Monday, within the period"


@dataclass(frozen=True, slots=True)
class Composed:
    """`about` goes into the title."""

    about: str
    first_day: date
    last_day: date
    blocks: Sequence[Block]


async def compose(
    session: AsyncSession, wanted: Wanted, period: PeriodReplica, issuer: UnitReplica
) -> Composed:
    """Raises WeekMissing, CampaignMissing."""
    if wanted.campaign_id is not None and wanted.kind is BulletinKind.CAMPAIGN:
        return await _campaign(session, wanted, issuer)
    first = period.starts_on - timedelta(days=period.starts_on.weekday())
    if wanted.week_of is None or wanted.week_of.weekday() or not first <= wanted.week_of <= period.ends_on:
        raise WeekMissing
    zone = wanted.house.zone
    units = await drives.week(session, issuer.id, period, wanted.week_of, zone)
    days = _days(wanted.week_of)
    if wanted.kind is BulletinKind.WEEK:
        blocks, about = _week(units, days), f"{days}目标责任工作情况"
    else:
        weeks = await drives.zero_by_week(session, issuer.id, period, wanted.week_of, zone)
        blocks, about = _zero(units, weeks, days), f"{days}清零行动情况"
    return Composed(about, wanted.week_of, wanted.week_of + timedelta(days=6), blocks)


def _days(monday: date) -> str:
    """2026年11月9日至15日, the month and year only where they change."""
    last = monday + timedelta(days=6)
    year = f"{last.year}年" if last.year != monday.year else ""
    month = f"{last.month}月" if last.month != monday.month else ""
    return f"{monday.year}年{monday.month}月{monday.day}日至{year}{month}{last.day}日"


def _week(units: Sequence[UnitWork], days: str) -> list[Block]:
    draft = Draft()
    draft.heading("总体情况")
    sent, accepted = sum(u.sent for u in units), sum(u.accepted for u in units)
    zero, people = sum(u.zero for u in units), sum(u.people for u in units)
    said = f"{days},各单位共提交工作{sent}件,其中审核通过{accepted}件,退回补正{sum(u.returned for u in units)}件,不予计分{sum(u.refused for u in units)}件,待审核{sum(u.waiting for u in units)}件。"
    draft.text("overall", full_width(said), full_width(f"在岗{people}人中,{zero}人本周没有审核通过的工作。"))
    draft.heading("各单位提交及审核情况")
    columns = ("提交", "通过", "退回", "不予计分", "待审", "在岗人数", "零提交人数")
    draft.table(
        "week",
        Table(
            (Column("单位"), *(Column(title, "count") for title in columns)),
            tuple(
                (
                    u.unit.name,
                    *map(str, (u.sent, u.accepted, u.returned, u.refused, u.waiting, u.people, u.zero)),
                )
                for u in units
            ),
            full_width("按提交时间统计,审核结果为制表时状态;请假、培训和无任务人员不计入零提交。"),
        ),
    )
    ordered = sorted(units, key=lambda u: (-u.accepted, u.unit.code))
    draft.chart("week", _bars("本周审核通过件数", "件", [(u.unit.name, str(u.accepted)) for u in ordered]))
    draft.heading("存在问题")
    none = [u.unit.name for u in units if u.people and not u.sent]
    draft.text(
        "problems",
        full_width(f"本周未提交工作的单位{len(none)}个:{'、'.join(none)}。")
        if none
        else "各单位本周均有工作提交。",
    )
    draft.heading("下一步要求")
    draft.text("demands", full_width("各单位要按序时进度推进,退回事项及时补正,避免集中到截止日前提交。"))
    return draft.blocks


def _zero(units: Sequence[UnitWork], weeks: Sequence[tuple[date, int]], days: str) -> list[Block]:
    draft = Draft()
    draft.heading("总体情况")
    zero, people, exempt = (
        sum(u.zero for u in units),
        sum(u.people for u in units),
        sum(u.exempt for u in units),
    )
    said = f"{days},在岗{people}人,免于统计{exempt}人,零提交{zero}人。"
    if len(weeks) > 1:
        change = zero - weeks[-2][1]
        said += "与上周持平。" if not change else f"比上周{'增加' if change > 0 else '减少'}{abs(change)}人。"
    draft.text("overall", full_width(said))
    draft.heading("各单位清零情况")
    columns = ("在岗人数", "未提交", "提交未通过", "待审核", "免于统计", "零提交合计")
    draft.table(
        "zero",
        Table(
            (Column("单位"), *(Column(title, "count") for title in columns)),
            tuple(
                (
                    u.unit.name, str(u.people), str(u.count(Reason.NOT_SUBMITTED)), str(u.count(Reason.REJECTED)),
                    str(u.count(Reason.WAITING)), str(u.exempt), str(u.zero),
                )
                for u in units
            ),
            full_width("免于统计指请假、培训和无任务人员;待审核不算零提交。"),
        ),
    )  # fmt: skip
    if weeks:
        names = tuple(f"{day.month}月{day.day}日" for day, _ in weeks)
        counts = tuple(str(count) for _, count in weeks)
        draft.chart("zero", Chart(ChartKind.COLUMN, "每周零提交人数", "人", names, {"零提交": counts}))
    draft.heading("下一步要求")
    draft.text(
        "demands", full_width("有零提交人员的单位要逐人了解原因,本周内完成清零;确有客观原因的按规定报备。")
    )
    return draft.blocks


async def _campaign(session: AsyncSession, wanted: Wanted, issuer: UnitReplica) -> Composed:
    if wanted.campaign_id is None:
        raise drives.CampaignMissing
    row = await drives.campaign_of(session, wanted.scheme_id, wanted.campaign_id)
    units, indicators = await drives.campaign(session, issuer.id, row)
    period = await session.get(PeriodReplica, row.period_id)
    last = row.cutoff_at.astimezone(wanted.house.zone).date()
    draft = Draft()
    draft.heading("总体情况")
    people, left = sum(u.people for u in units), sum(u.open for u in units)
    said = f"“{row.name}”专项行动于{last.year}年{last.month}月{last.day}日截止,{len(units)}个单位参加,分解到人的任务{people}项,其中{left}项尚无审核通过的工作。"
    draft.text("overall", full_width(said))
    draft.heading("完成情况")
    draft.table("units", _achieved("单位", units))
    ordered = sorted(
        (u for u in units if u.percent is not None), key=lambda u: (-(u.accepted / u.target), u.name)
    )
    draft.chart("units", _bars("各单位完成率", "%", [(u.name, u.percent) for u in ordered]))
    draft.heading("各项任务")
    draft.table("indicators", _achieved("指标", indicators))
    draft.heading("下一步要求")
    draft.text("demands", full_width("尚未完成的单位要限期完成,并总结可推广的做法。"))
    first = period.starts_on if period is not None else last
    return Composed(f"“{row.name}”专项行动情况", min(first, last), last, draft.blocks)


def _achieved(title: str, found: Sequence[Achieved]) -> Table:
    columns = (
        Column(title), Column("目标量", "count"), Column("完成量", "count"), Column("完成率%", "points"), Column("未完成任务", "count"),
    )  # fmt: skip
    rows = tuple((a.name, _plain(a.target), _plain(a.accepted), a.percent, str(a.open)) for a in found)
    return Table(columns, rows)


def _plain(value: Decimal) -> str:
    """Quantities without zeros at their end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _bars(title: str, unit: str, figures: Sequence[tuple[str, str | None]]) -> Chart:
    return Chart(
        ChartKind.BAR,
        title,
        unit,
        tuple(name for name, _ in figures),
        {title: tuple(value for _, value in figures)},
    )
