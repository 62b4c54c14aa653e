"""The service's routes, by subject."""

from services.targets.api import (
    campaigns,
    cascade,
    extensions,
    indicators,
    notes,
    plans,
    schemes,
    supervision,
    targets,
    webhooks,
    working_days,
)

ROUTERS = (
    schemes.router,
    plans.router,
    indicators.router,
    working_days.router,
    campaigns.router,
    extensions.router,
    cascade.router,
    targets.router,
    supervision.router,
    notes.router,
    webhooks.router,
)
