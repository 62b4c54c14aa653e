"""Routes by subject."""

from services.scoring.api import (
    appeals,
    attendance,
    awards,
    closings,
    entries,
    plan_runs,
    plans,
    seals,
    statements,
    verification,
)

ROUTERS = (
    entries.router,
    statements.router,
    appeals.router,
    awards.router,
    attendance.router,
    closings.router,
    plans.router,
    plan_runs.router,
    seals.router,
    verification.router,
)
