"""Laying down the calendar of a scheme and the periods that follow from it."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contracts.scoring import Closing, ClosingStatus
from contracts.targets import PeriodStatus
from kernel.delivery.handlers import MissingReference
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict
from kernel.identity import Principal
from kernel.ids import new_id
from rules.calendars.workdays import WorkCalendar
from services.targets import messages
from services.targets.actions.drafting import CalendarSettings, scheme_for_change
from services.targets.actions.recording import moved, record, seen
from services.targets.domain.calendar import Calendar, PeriodKey, PeriodPlan, periods_of_year, plan
from services.targets.domain.scheme import UNBOUND, SchemeState, ensure_not_archived
from services.targets.domain.windows import RestDay
from services.targets.models import PeriodRow, SchemeRow
from services.targets.queries.calendar import calendar_for
from services.targets.queries.schemes import periods_of


class CalendarFixed(Conflict):
    code = "calendar-fixed"
    zh = "方案已发布,考核日历不能再改,只能按原设置增加周期"
    en = "The scheme is published: its calendar stays, only further periods can be added"


async def set_calendar(
    tx: Transaction,
    scheme_id: UUID,
    settings: CalendarSettings,
    *,
    months: Sequence[str] | None,
    by: Principal,
    zone: ZoneInfo,
) -> Sequence[PeriodRow]:
    """Make the periods of the given months, or of the scheme's whole year. In a draft those made before follow the new
    settings; in a published scheme they stay, and only further periods are added under the same settings.
    """
    row = await scheme_for_change(tx, scheme_id, by=by)
    ensure_not_archived(row.status)
    work = await calendar_for(tx.session, [row.year, *(int(m[:4]) for m in months or () if m[:4].isdigit())])
    calendar = _calendar(settings, zone, work)
    keys = (
        sorted({PeriodKey.parse(m) for m in months}) if months else list(periods_of_year(row.year, calendar))
    )
    before = seen(row)
    if row.status == SchemeState.PUBLISHED and settings_of(row) != settings:
        raise CalendarFixed
    _keep(row, settings)
    known = {period.code: period for period in await periods_of(tx.session, row.id)}
    changed = []
    if row.status in UNBOUND:
        keys = sorted({*keys, *map(PeriodKey.parse, known)})
    for key in keys:
        period = known.get(key.code)
        if period is not None and row.status not in UNBOUND:
            continue
        if period is None:
            period = PeriodRow(id=new_id(), scheme_id=row.id, code=key.code, status="open")
            tx.session.add(period)
        _fill(period, plan(key, calendar), settings)
        changed += moved(tx, [period])
    await tx.publish_many(messages.scheme, moved(tx, [row]))
    await tx.publish_many(messages.period, changed)
    record(
        tx,
        row,
        by=by,
        action="calendar",
        now=await tx.now(),
        before=before,
        more={"months": [key.code for key in keys]},
    )
    await tx.session.flush()
    return await periods_of(tx.session, row.id)


async def replan_open_periods(tx: Transaction, year: int, *, zone: ZoneInfo) -> None:
    """Deadlines that lie ahead, of open periods whose scheme counts working days, follow a new arrangement of the year."""
    now = await tx.now()
    found = await tx.session.execute(
        select(PeriodRow, SchemeRow)
        .join(SchemeRow, SchemeRow.id == PeriodRow.scheme_id)
        .where(
            PeriodRow.status == PeriodStatus.OPEN.value,
            PeriodRow.review_until > now,
            SchemeRow.start_day.is_not(None),
            PeriodRow.year.between(year - 1, year + 1),
        )
        .with_for_update(of=PeriodRow)
    )
    changed = []
    for period, scheme in found:
        settings = settings_of(scheme)
        if settings is None or (settings.review_unit, settings.rest_day) == ("calendar_days", "stays"):
            continue
        key = PeriodKey.parse(period.code)
        planned = plan(key, _calendar(settings, zone, await calendar_for(tx.session, [key.year])))
        if period.cutoff_at > now:
            period.cutoff_at = planned.cutoff_at
        period.review_until = planned.review_until
        changed += moved(tx, [period])
    await tx.publish_many(messages.period, changed)


_STATUS_IN_CLOSING = {
    ClosingStatus.CHECKING: PeriodStatus.CLOSING,
    ClosingStatus.PUBLIC: PeriodStatus.CLOSING,
    ClosingStatus.SEALED: PeriodStatus.SEALED,
    ClosingStatus.WITHDRAWN: PeriodStatus.OPEN,
}


async def follow_closing(tx: Transaction, closing: Closing) -> None:
    """A period takes no new work while it is being closed, and nothing at all once it is sealed."""
    row = await tx.session.get(PeriodRow, closing.period_id, with_for_update=True)
    if row is None:
        raise MissingReference(what="period")
    status = _STATUS_IN_CLOSING[closing.status]
    if row.status in {status, PeriodStatus.SEALED}:
        return
    row.status = status
    await tx.publish(messages.period, row)


async def forget_closing(tx: Transaction, lost: Closing, instead: Closing | None) -> None:
    """Scoring lost a step of a closing, for good: the period stands as the step before left it, sealed or not."""
    row = await tx.session.get(PeriodRow, lost.period_id, with_for_update=True)
    status = _STATUS_IN_CLOSING[instead.status] if instead is not None else PeriodStatus.OPEN
    if row is None or row.status == status:
        return
    row.status = status
    await tx.publish(messages.period, row)


def _fill(period: PeriodRow, planned: PeriodPlan, settings: CalendarSettings) -> None:
    period.year, period.quarter, period.month = planned.year, planned.quarter, planned.key.month
    period.starts_on, period.ends_on = planned.starts_on, planned.ends_on
    period.cutoff_at, period.review_until = planned.cutoff_at, planned.review_until
    period.appeal_days = settings.appeal_working_days


def _keep(row: SchemeRow, settings: CalendarSettings) -> None:
    row.start_day, row.cutoff_day, row.cutoff_time = (
        settings.start_day,
        settings.cutoff_day,
        settings.cutoff_time,
    )
    row.year_start_month, row.year_start_day = settings.year_start
    row.review_days, row.appeal_working_days = settings.review_days, settings.appeal_working_days
    row.review_unit, row.rest_day = settings.review_unit, settings.rest_day


def settings_of(row: SchemeRow) -> CalendarSettings | None:
    """The calendar of a scheme; None until it is set."""
    parts = (row.start_day, row.year_start_month, row.year_start_day, row.cutoff_day, row.review_days)
    if row.cutoff_time is None or row.appeal_working_days is None or None in parts:
        return None
    start_day, month, day, cutoff_day, review_days = (part or 0 for part in parts)
    return CalendarSettings(
        start_day,
        (month, day),
        cutoff_day,
        row.cutoff_time,
        review_days,
        row.appeal_working_days,
        row.review_unit or "calendar_days",
        row.rest_day or "stays",
    )


def _calendar(settings: CalendarSettings, zone: ZoneInfo, work: WorkCalendar) -> Calendar:
    return Calendar(
        settings.start_day,
        settings.year_start,
        settings.cutoff_day,
        settings.cutoff_time,
        settings.review_days,
        zone,
        settings.review_unit == "working_days",
        RestDay(settings.rest_day),
        work,
    )
