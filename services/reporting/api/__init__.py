"""Routes by subject."""

from services.reporting.api import (
    boards,
    bulletins,
    comparisons,
    drill,
    exports,
    outcomes,
    progress,
    supervision,
    templates,
    waiting,
)

ROUTERS = (
    templates.router,
    bulletins.router,
    outcomes.router,
    supervision.router,
    boards.router,
    comparisons.router,
    drill.router,
    progress.router,
    exports.router,
    waiting.router,
)
