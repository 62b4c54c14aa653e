"""Rows of this service."""

from services.scoring.models.awards import AwardRow
from services.scoring.models.ledger import EntryRow, LedgerHeadRow
from services.scoring.models.statements import RollUpDueRow, StatementRow

__all__ = ["AwardRow", "EntryRow", "LedgerHeadRow", "RollUpDueRow", "StatementRow"]
