"""Routes by subject."""

from services.scoring.api import awards, entries, statements, verification

ROUTERS = (entries.router, statements.router, awards.router, verification.router)
