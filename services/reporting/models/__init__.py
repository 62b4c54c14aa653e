"""Rows of this service's own making: derived from events, or what people decided here."""

from services.reporting.models.settings import StandingSettingRow
from services.reporting.models.versions import VersionLineRow, VersionRow

__all__ = ["StandingSettingRow", "VersionLineRow", "VersionRow"]
