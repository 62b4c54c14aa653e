"""Routes by subject."""

from services.reporting.api import boards, comparisons, drill, exports, progress, waiting

ROUTERS = (boards.router, comparisons.router, drill.router, progress.router, exports.router, waiting.router)
