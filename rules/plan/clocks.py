"""Windows and decisions that a plan's procedures give for dates in the facts."""

from dataclasses import dataclass
from datetime import date, datetime

from rules.calendars.deadlines import Procedures
from rules.calendars.errors import CalendarError
from rules.calendars.workdays import WorkCalendar
from rules.fields import as_day, inner, name, optional_name, optional_whole, some
from rules.findings import Finding
from rules.reading import Reader


@dataclass(frozen=True, slots=True)
class Clock:
    """`since`: the day of the event, or the moment for a procedure that runs in hours; `result`: what is appealed against."""

    id: str
    procedure: str
    since: date | datetime
    extended: int
    result: str | None


@dataclass(frozen=True, slots=True)
class Struck:
    """When a clock runs out: `raw` before it rolls forward to a working day. `open`: whether the result may be taken there."""

    id: str
    procedure: str
    raw: str
    last: str
    open: bool
    zh: str
    en: str


def read_calendar(reader: Reader) -> WorkCalendar | None:
    item = inner(reader, "calendar")
    return None if item is None else WorkCalendar.read(item)


def read_clocks(reader: Reader) -> tuple[Clock, ...]:
    found = []
    for index, item in enumerate(some(reader, "clocks")):
        since = _since(item)
        clock = Clock(
            optional_name(item, "id") or f"#{index + 1}", name(item, "procedure"), since or date.min,
            optional_whole(item, "extended") or 0, optional_name(item, "result"),
        )  # fmt: skip
        item.close()
        if since is not None:
            found.append(clock)
    return tuple(found)


def strike(
    clocks: tuple[Clock, ...], procedures: Procedures, calendar: WorkCalendar | None
) -> tuple[list[Struck], list[Finding]]:
    """Each clock's end; what the calendar cannot tell is a finding, never a guess."""
    struck, findings = [], []
    for clock in clocks:
        try:
            struck.append(_one(clock, procedures, calendar))
        except CalendarError as error:
            findings.append(
                Finding(f"clocks.{clock.id}", "clock-unknown", error.sentence.zh, error.sentence.en)
            )
    return struck, findings


def _one(clock: Clock, procedures: Procedures, calendar: WorkCalendar | None) -> Struck:
    procedure = procedures.named(clock.procedure)
    is_open = clock.result is None or procedure.open_to(clock.result)
    if isinstance(clock.since, datetime):
        end = procedure.moment(clock.since, extended=clock.extended).isoformat(timespec="minutes")
        return Struck(clock.id, clock.procedure, end, end, is_open, f"至 {end}", f"until {end}")
    if calendar is None:
        raise CalendarError("没有工作日历", "there is no calendar of working days")
    found = procedure.deadline(clock.since, calendar, extended=clock.extended)
    return Struck(
        clock.id, clock.procedure, found.raw.isoformat(), found.last.isoformat(), is_open, found.why.zh, found.why.en
    )  # fmt: skip


def _since(reader: Reader) -> date | datetime | None:
    value = reader.raw("since")
    day = as_day(value)
    if day is not None:
        return day
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        reader.refuse("since", "not-a-day", "应为日期或时刻", "must be a day or a moment")
        return None
