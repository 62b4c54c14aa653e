"""Assessment periods, working days and deadlines: settings as data, dates out. Pure; the standard library only."""

from rules.calendars.anniversaries import Anniversary
from rules.calendars.deadlines import Deadline, Procedure, Procedures
from rules.calendars.errors import CalendarError
from rules.calendars.periods import Periods
from rules.calendars.spans import Span
from rules.calendars.statutes import published
from rules.calendars.workdays import WorkCalendar

__all__ = [
    "Anniversary",
    "CalendarError",
    "Deadline",
    "Periods",
    "Procedure",
    "Procedures",
    "Span",
    "WorkCalendar",
    "published",
]
