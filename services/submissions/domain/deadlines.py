"""Which days and moments count: event dates, the cut-off, the time for repair, the time for an appeal."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kernel.errors import Conflict, Invalid
from services.submissions.domain.windows import Window

LONGEST_REPAIR = timedelta(days=60)


class SubmissionClosed(Conflict):
    code = "submission-closed"
    zh = "本周期提交已于 {deadline} 截止"
    en = "Submission for this period closed at {deadline}"


class PeriodNotOpen(Conflict):
    code = "period-not-open"
    zh = "考核周期 {period} 已不再开放提交"
    en = "The period {period} is no longer open"


class PeriodSealed(Conflict):
    code = "period-sealed"
    zh = "考核周期 {period} 已封存,不能再改变其中的评分;更正请由考核办办理补充封存"
    en = "The period {period} is sealed: nothing in it can be decided any more; corrections are supplements to the seal"


class EventDateOutside(Invalid):
    code = "event-date-outside"
    zh = "发生日期不在考核周期 {starts_on} 至 {ends_on} 之内"
    en = "The event date is not between {starts_on} and {ends_on}"


class EventDateInFuture(Invalid):
    code = "event-date-in-future"
    zh = "发生日期晚于今天({today})"
    en = "The event date is after today ({today})"


class RepairDeadlineInvalid(Invalid):
    code = "repair-deadline-invalid"
    zh = "补正期限应在现在之后、60 天之内"
    en = "The time for repair must end after now and within 60 days"


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    code: str
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    status: str


def local(moment: datetime, zone: ZoneInfo) -> str:
    """The moment as the bureau's people read it."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def ensure_event_date(event_date: date, window: Window, *, now: datetime, zone: ZoneInfo) -> None:
    """The day lies in the period (or the campaign) and is not after the bureau's today."""
    if not window.starts_on <= event_date <= window.ends_on:
        raise EventDateOutside(starts_on=window.starts_on.isoformat(), ends_on=window.ends_on.isoformat())
    today = now.astimezone(zone).date()
    if event_date > today:
        raise EventDateInFuture(today=today.isoformat())


def ensure_open(
    period: PeriodFacts, *, open_until: datetime, repair_until: datetime | None, now: datetime, zone: ZoneInfo
) -> datetime:
    """Submitting is possible up to and including `open_until`; returned work until its repair deadline if that is later.

    A period that is closing still takes back what was returned for repair; a sealed one takes nothing. Gives the deadline.
    """
    deadline = max(open_until, repair_until) if repair_until else open_until
    if period.status == "sealed" or (period.status != "open" and repair_until is None):
        raise PeriodNotOpen(period=period.code)
    if now > deadline:
        raise SubmissionClosed(deadline=local(deadline, zone), closed_at=deadline.astimezone(UTC).isoformat())
    return deadline


def ensure_not_sealed(period: PeriodFacts) -> None:
    """A decision that the ledger could not post would wait for ever at scoring, and mislead whoever sees it here."""
    if period.status == "sealed":
        raise PeriodSealed(period=period.code)


def repair_deadline(wanted: datetime | None, *, now: datetime, days: int) -> datetime:
    """Until when a returned submission may be sent again: as the reviewer says, otherwise `days` from now."""
    if wanted is None:
        return now + timedelta(days=days)
    if not now < wanted <= now + LONGEST_REPAIR:
        raise RepairDeadlineInvalid
    return wanted
