"""Rows of this service."""

from services.org.models.access import AccountRow, GrantRow, SessionRow, SignInFailureRow
from services.org.models.authority import AssessmentOfficeRow, LineAuthorityRow
from services.org.models.history import HistoryRow
from services.org.models.people import OfficerRow, PostingRow
from services.org.models.roster import RosterImportRow
from services.org.models.structure import SeriesRow, UnitRow

__all__ = [
    "AccountRow",
    "AssessmentOfficeRow",
    "GrantRow",
    "HistoryRow",
    "LineAuthorityRow",
    "OfficerRow",
    "PostingRow",
    "RosterImportRow",
    "SeriesRow",
    "SessionRow",
    "SignInFailureRow",
    "UnitRow",
]
