"""Keeping the copies, and what follows from them."""

from contracts import deadlines, deciding, org, scoring, submissions, supervision, targets
from kernel.delivery.handlers import Handlers
from kernel.delivery.replicas import replicate
from services.reporting.actions import correcting, hearing, indexing
from services.reporting.actions.freezing import closing_lost
from services.reporting.replicas import REPLICAS, ClosingReplica

handlers = Handlers()
replicate(
    handlers, *(row for row in REPLICAS if row not in {ClosingReplica, *hearing.FOLLOWED, *indexing.INDEXED})
)
handlers.on_many(submissions.Submission)(hearing.submissions_moved)
handlers.on_many(submissions.Appeal)(hearing.appeals_moved)
handlers.on_many(targets.Target)(hearing.targets_moved)
handlers.on_many(org.Grant)(hearing.grants_moved)
handlers.on_many(supervision.SupervisionNote)(hearing.notes_moved)
handlers.on_many(supervision.Reminder)(hearing.reminders_moved)
handlers.on_many(deadlines.LateApplication)(hearing.late_applications_moved)
handlers.on_many(deciding.Award)(hearing.awards_moved)
handlers.on_many(deciding.Objection)(hearing.objections_moved)
handlers.on_many(deciding.Correction)(hearing.corrections_moved)
handlers.on_many(deciding.EntryAppeal)(hearing.entry_appeals_moved)
handlers.on_many(org.Unit)(indexing.units_moved)
handlers.on_many(org.Officer)(indexing.officers_moved)
handlers.on_many(targets.Indicator)(indexing.indicators_moved)
handlers.on(scoring.Supplement)(correcting.supplement_sealed)
handlers.on_lost(scoring.Supplement)(correcting.supplement_lost)
handlers.on(scoring.Closing)(hearing.closing_moved)
handlers.on_lost(scoring.Closing)(closing_lost)
