"""Rows of this service."""

from services.scoring.models.awards import AwardRow
from services.scoring.models.closing import ClosingRow, ClosingStepRow, ObjectionRow, TrialLineRow, TrialRow
from services.scoring.models.ledger import EntryRow, LedgerHeadRow
from services.scoring.models.plans import PlanDueRow, PlanRunRow, ReadingRow
from services.scoring.models.seals import SealLeafRow, SealRow, SealSignatureRow
from services.scoring.models.statements import RollUpDueRow, StatementRow

__all__ = [
    "AwardRow",
    "ClosingRow",
    "ClosingStepRow",
    "EntryRow",
    "LedgerHeadRow",
    "ObjectionRow",
    "PlanDueRow",
    "PlanRunRow",
    "ReadingRow",
    "RollUpDueRow",
    "SealLeafRow",
    "SealRow",
    "SealSignatureRow",
    "StatementRow",
    "TrialLineRow",
    "TrialRow",
]
