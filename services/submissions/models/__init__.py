"""The rows this service owns."""

from services.submissions.models.appeals import AppealRow
from services.submissions.models.calendar import HolidayRow
from services.submissions.models.files import FileRow, LibraryRow, PreviewRow, StoreUseRow, UploadRow
from services.submissions.models.history import HistoryRow, NoticeRow
from services.submissions.models.submissions import SubmissionRow, SuspicionRow
from services.submissions.models.writing import ArrivalRow, AutosaveRow, OutageRow, PhraseRow, PulseRow

__all__ = [
    "AppealRow",
    "ArrivalRow",
    "AutosaveRow",
    "FileRow",
    "HistoryRow",
    "HolidayRow",
    "LibraryRow",
    "NoticeRow",
    "OutageRow",
    "PhraseRow",
    "PreviewRow",
    "PulseRow",
    "StoreUseRow",
    "SubmissionRow",
    "SuspicionRow",
    "UploadRow",
]
