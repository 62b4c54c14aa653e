"""Routes by subject."""

from services.scoring.api import (
    appeals,
    attendance,
    awards,
    closings,
    corrections,
    entries,
    plan_runs,
    plans,
    receipts,
    seals,
    standings,
    statements,
    trails,
    verification,
)

ROUTERS = (
    entries.router,
    statements.router,
    standings.router,
    appeals.router,
    awards.router,
    attendance.router,
    closings.router,
    corrections.router,
    plans.router,
    plan_runs.router,
    seals.router,
    receipts.router,
    verification.router,
    trails.router,
)
