"""Rows of this service's own making: derived from events, or what people decided here."""

from services.reporting.models.settings import StandingSettingRow
from services.reporting.models.versions import VersionLineRow, VersionRow
from services.reporting.models.waiting import InboxRow, MessageMarkRow, MessageRow, TodoMarkRow, TodoRow

__all__ = [
    "InboxRow",
    "MessageMarkRow",
    "MessageRow",
    "StandingSettingRow",
    "TodoMarkRow",
    "TodoRow",
    "VersionLineRow",
    "VersionRow",
]
