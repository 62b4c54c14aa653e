"""The rows this service owns."""

from services.targets.models.history import HistoryRow
from services.targets.models.imports import ImportRow
from services.targets.models.indicators import IndicatorRevisionRow, IndicatorRow
from services.targets.models.schemes import PeriodRow, SchemeRow
from services.targets.models.targets import TargetRow

__all__ = [
    "HistoryRow",
    "ImportRow",
    "IndicatorRevisionRow",
    "IndicatorRow",
    "PeriodRow",
    "SchemeRow",
    "TargetRow",
]
