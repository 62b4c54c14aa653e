"""Long work that people ask `reporting` for."""

from services.reporting.actions import exporting

ERRANDS = (exporting.ERRAND,)
