"""Routes by subject."""

from services.scoring.api import awards, closings, entries, plan_runs, plans, seals, statements, verification

ROUTERS = (
    entries.router,
    statements.router,
    awards.router,
    closings.router,
    plans.router,
    plan_runs.router,
    seals.router,
    verification.router,
)
