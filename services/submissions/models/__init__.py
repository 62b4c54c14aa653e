"""The rows this service owns."""

from services.submissions.models.appeals import AppealRow
from services.submissions.models.calendar import HolidayRow
from services.submissions.models.history import HistoryRow, NoticeRow
from services.submissions.models.submissions import SubmissionRow

__all__ = ["AppealRow", "HistoryRow", "HolidayRow", "NoticeRow", "SubmissionRow"]
