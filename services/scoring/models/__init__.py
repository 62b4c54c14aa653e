"""Rows of this service."""

from services.scoring.models.appeals import EntryAppealRow
from services.scoring.models.attendance import AttendanceImportRow, AttendanceRow
from services.scoring.models.awards import AwardRow
from services.scoring.models.checks import CheckRunRow, ClosingFileRow
from services.scoring.models.circumstances import CircumstanceRow, StandingRow, StandingRunRow
from services.scoring.models.closing import ClosingRow, ClosingStepRow, ObjectionRow, TrialLineRow, TrialRow
from services.scoring.models.corrections import CorrectionRow
from services.scoring.models.ledger import EntryRow, LedgerHeadRow, RescoreDueRow
from services.scoring.models.plans import CarriedRow, PlanDueRow, PlanRunRow, ReadingRow
from services.scoring.models.seals import SealLeafRow, SealRecordRow, SealRow, SealSignatureRow
from services.scoring.models.shortfall import ShortfallRow
from services.scoring.models.statements import RollUpDueRow, StatementRow

__all__ = [
    "AttendanceImportRow",
    "AttendanceRow",
    "AwardRow",
    "CarriedRow",
    "CheckRunRow",
    "CircumstanceRow",
    "ClosingFileRow",
    "ClosingRow",
    "ClosingStepRow",
    "CorrectionRow",
    "EntryAppealRow",
    "EntryRow",
    "LedgerHeadRow",
    "ObjectionRow",
    "PlanDueRow",
    "PlanRunRow",
    "ReadingRow",
    "RescoreDueRow",
    "RollUpDueRow",
    "SealLeafRow",
    "SealRecordRow",
    "SealRow",
    "SealSignatureRow",
    "ShortfallRow",
    "StandingRow",
    "StandingRunRow",
    "StatementRow",
    "TrialLineRow",
    "TrialRow",
]
