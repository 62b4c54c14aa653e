"""Routes by subject."""

from services.scoring.api import awards, closings, entries, seals, statements, verification

ROUTERS = (
    entries.router,
    statements.router,
    awards.router,
    closings.router,
    seals.router,
    verification.router,
)
