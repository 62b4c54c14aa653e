"""Every event type there is, and who listens to which stream. Topology, documents and tests are made from this."""

from typing import Final

from contracts import deadlines, deciding, org, scoring, submissions, supervision, targets
from contracts.envelope import Event

STREAMS: Final = (org.STREAM, targets.STREAM, submissions.STREAM, scoring.STREAM)

EVENTS: Final[dict[str, type[Event]]] = {
    event.type: event
    for event in (
        org.Unit,
        org.Series,
        org.Officer,
        org.Posting,
        org.AssessmentOffice,
        org.LineAuthority,
        org.Grant,
        org.Session,
        org.Delegation,
        org.Recusal,
        org.Condition,
        org.Parameter,
        org.Term,
        targets.Scheme,
        targets.Indicator,
        targets.Period,
        targets.Target,
        deadlines.WorkingDays,
        deadlines.Campaign,
        deadlines.Extension,
        deadlines.LateApplication,
        supervision.Reminder,
        supervision.SupervisionNote,
        supervision.Digest,
        submissions.Submission,
        submissions.Appeal,
        scoring.Entry,
        scoring.Statement,
        scoring.Closing,
        scoring.Supplement,
        deciding.Award,
        deciding.Objection,
        deciding.Correction,
        deciding.EntryAppeal,
    )
}

SUBSCRIPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "org": (),
    "targets": ("org", "submissions", "scoring"),
    "submissions": ("org", "targets"),
    "scoring": ("org", "targets", "submissions"),
    "reporting": ("org", "targets", "submissions", "scoring"),
}

SERVICES: Final = tuple(SUBSCRIPTIONS)
