"""Keeping the copies, and what follows from them."""

from contracts import scoring
from kernel.delivery.handlers import Handlers
from kernel.delivery.replicas import replicate
from services.reporting.actions.freezing import closing_lost, closing_moved
from services.reporting.replicas import REPLICAS, ClosingReplica

handlers = Handlers()
replicate(handlers, *(row for row in REPLICAS if row is not ClosingReplica))
handlers.on(scoring.Closing)(closing_moved)
handlers.on_lost(scoring.Closing)(closing_lost)
