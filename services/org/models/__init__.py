"""Rows of this service."""

from services.org.models.access import AccountRow, GrantRow, SessionRow, SignInFailureRow
from services.org.models.authority import AssessmentOfficeRow, LineAuthorityRow
from services.org.models.deciding import DelegationRow, RecusalRow
from services.org.models.history import HistoryRow
from services.org.models.people import OfficerRow, PostingRow
from services.org.models.reorganising import ConditionRow, ReorganisationRow
from services.org.models.roster import RosterImportRow, RosterLineRow, RosterMappingRow, RosterPatchRow
from services.org.models.settings import MachineRow, ParameterRow, RosterReportRow, SignInRow, TermRow
from services.org.models.structure import SeriesRow, UnitRow

__all__ = [
    "AccountRow",
    "AssessmentOfficeRow",
    "ConditionRow",
    "DelegationRow",
    "GrantRow",
    "HistoryRow",
    "LineAuthorityRow",
    "MachineRow",
    "OfficerRow",
    "ParameterRow",
    "PostingRow",
    "RecusalRow",
    "ReorganisationRow",
    "RosterImportRow",
    "RosterLineRow",
    "RosterMappingRow",
    "RosterPatchRow",
    "RosterReportRow",
    "SeriesRow",
    "SessionRow",
    "SignInFailureRow",
    "SignInRow",
    "TermRow",
    "UnitRow",
]
