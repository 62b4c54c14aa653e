"""The rows this service owns."""

from services.submissions.models.appeals import AppealRow, OpinionRow, RecheckRow
from services.submissions.models.files import FileRow, LibraryRow, PreviewRow, StoreUseRow, UploadRow
from services.submissions.models.history import HistoryRow, NoticeRow
from services.submissions.models.reviewing import DrawRow, RulingRow, SampleRow
from services.submissions.models.sources import SourceRow
from services.submissions.models.submissions import SubmissionRow, SuspicionRow
from services.submissions.models.writing import ArrivalRow, AutosaveRow, OutageRow, PhraseRow, PulseRow

__all__ = [
    "AppealRow",
    "ArrivalRow",
    "AutosaveRow",
    "DrawRow",
    "FileRow",
    "HistoryRow",
    "LibraryRow",
    "NoticeRow",
    "OpinionRow",
    "OutageRow",
    "PhraseRow",
    "PreviewRow",
    "PulseRow",
    "RecheckRow",
    "RulingRow",
    "SampleRow",
    "SourceRow",
    "StoreUseRow",
    "SubmissionRow",
    "SuspicionRow",
    "UploadRow",
]
