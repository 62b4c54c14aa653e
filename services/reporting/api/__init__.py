"""Routes by subject."""

from services.reporting.api import (
    analysis,
    boards,
    bulletins,
    cockpit,
    comparisons,
    drill,
    exports,
    mirror,
    outcomes,
    progress,
    records,
    score_table,
    search,
    supervision,
    templates,
    waiting,
)

ROUTERS = (
    analysis.router,
    mirror.router,
    records.router,
    search.router,
    templates.router,
    bulletins.router,
    outcomes.router,
    supervision.router,
    cockpit.router,
    boards.router,
    comparisons.router,
    drill.router,
    progress.router,
    exports.router,
    score_table.router,
    waiting.router,
)
