"""Routes by subject."""

from services.org.api import (
    accounts,
    authorities,
    configuring,
    deciding,
    exports,
    grants,
    machines,
    me,
    officers,
    reorganising,
    roles,
    roster,
    sessions,
    units,
)

ROUTERS = (
    sessions.router,
    units.router,
    officers.router,
    authorities.router,
    accounts.router,
    grants.router,
    roles.router,
    roster.router,
    me.router,
    deciding.router,
    reorganising.router,
    configuring.router,
    exports.router,
    machines.router,
)
