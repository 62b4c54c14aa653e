"""Rows of this service's own making: derived from events, or what people decided here."""

from services.reporting.models.analysis import AnalysisViewRow
from services.reporting.models.bulletins import (
    BulletinReceiptRow,
    BulletinRow,
    BulletinStepRow,
    BulletinTemplateRow,
)
from services.reporting.models.outcomes import OutcomeDecisionRow
from services.reporting.models.search import SearchItemRow
from services.reporting.models.settings import StandingSettingRow
from services.reporting.models.versions import VersionLineRow, VersionRow
from services.reporting.models.waiting import InboxRow, MessageMarkRow, MessageRow, TodoMarkRow, TodoRow

__all__ = [
    "AnalysisViewRow",
    "BulletinReceiptRow",
    "BulletinRow",
    "BulletinStepRow",
    "BulletinTemplateRow",
    "InboxRow",
    "MessageMarkRow",
    "MessageRow",
    "OutcomeDecisionRow",
    "SearchItemRow",
    "StandingSettingRow",
    "TodoMarkRow",
    "TodoRow",
    "VersionLineRow",
    "VersionRow",
]
