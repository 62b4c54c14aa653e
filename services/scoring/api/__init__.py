"""Routes by subject."""

from services.scoring.api import awards, closings, entries, plans, seals, statements, verification

ROUTERS = (
    entries.router,
    statements.router,
    awards.router,
    closings.router,
    plans.router,
    seals.router,
    verification.router,
)
