"""Routes by subject."""

from services.org.api import accounts, authorities, grants, officers, roster, sessions, units

ROUTERS = (
    sessions.router,
    units.router,
    officers.router,
    authorities.router,
    accounts.router,
    grants.router,
    roster.router,
)
