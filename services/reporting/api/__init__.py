"""Routes by subject."""

from services.reporting.api import boards, drill, exports, progress

ROUTERS = (boards.router, drill.router, progress.router, exports.router)
