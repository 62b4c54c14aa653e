"""The rows this service owns."""

from services.targets.models.calendar import CampaignRow, ExtensionRow, LateApplicationRow, WorkingDaysRow
from services.targets.models.consultation import (
    CommentRow,
    GuardExceptionRow,
    GuardRow,
    SchemeRevisionRow,
    SchemeVersionRow,
)
from services.targets.models.history import HistoryRow
from services.targets.models.imports import ImportRow
from services.targets.models.indicators import IndicatorRevisionRow, IndicatorRow
from services.targets.models.schemes import PeriodRow, SchemeRow
from services.targets.models.supervision import DigestRow, NoteRow, ReminderRow, SweepRow
from services.targets.models.targets import TargetRow
from services.targets.models.webhooks import DeliveryRow, WebhookRow

__all__ = [
    "CampaignRow",
    "CommentRow",
    "DeliveryRow",
    "DigestRow",
    "ExtensionRow",
    "GuardExceptionRow",
    "GuardRow",
    "HistoryRow",
    "ImportRow",
    "IndicatorRevisionRow",
    "IndicatorRow",
    "LateApplicationRow",
    "NoteRow",
    "PeriodRow",
    "ReminderRow",
    "SchemeRevisionRow",
    "SchemeRow",
    "SchemeVersionRow",
    "SweepRow",
    "TargetRow",
    "WebhookRow",
    "WorkingDaysRow",
]
