"""What scoring does when the others say something."""

from contracts import org, submissions, targets
from contracts.scoring import EntryKind
from contracts.submissions import SubmissionStatus
from kernel.delivery.handlers import Delivered, Handlers, MissingReference
from kernel.delivery.replicas import keep_replica, replicate
from kernel.delivery.transaction import Transaction
from services.scoring.actions import adding_up
from services.scoring.actions.posting import lock_ledger
from services.scoring.actions.scoring import Cause, Key, score
from services.scoring.queries import facts
from services.scoring.replicas import (
    IndicatorReplica,
    PeriodReplica,
    PostingReplica,
    SchemeReplica,
    SessionReplica,
    SubmissionReplica,
    TargetReplica,
    UnitReplica,
)

handlers = Handlers()
replicate(handlers, UnitReplica, SessionReplica, SchemeReplica, PeriodReplica)

#: States that come after a decision: the points may be different now.
DECIDED = frozenset(
    {
        SubmissionStatus.ACCEPTED,
        SubmissionStatus.REFUSED,
        SubmissionStatus.RETURNED,
        SubmissionStatus.UNDER_APPEAL,
        SubmissionStatus.UPHELD,
        SubmissionStatus.CHANGED,
    }
)


@handlers.on(submissions.Submission)
async def submission_moved(tx: Transaction, event: submissions.Submission, delivered: Delivered) -> None:
    """A decision, or the outcome of an appeal, is scored at once."""
    await lock_ledger(tx)
    if not await keep_replica(tx, SubmissionReplica, event) or event.status not in DECIDED:
        return
    if event.accepted_quantity and await facts.target(tx.session, event.subject_id, event.indicator_id, event.period_id) is None:
        raise MissingReference(what="target")
    key = Key(
        event.subject_kind, event.subject_id, event.unit_id, event.scheme_id, event.indicator_id, event.period_id
    )
    appealed = event.status in {SubmissionStatus.CHANGED, SubmissionStatus.UPHELD}
    kind = EntryKind.APPEAL if appealed else EntryKind.TASK
    await score(tx, key, Cause(delivered.event_id, kind, event.event_date, event.id, event.decided_by))


@handlers.on(targets.Target)
async def target_moved(tx: Transaction, event: targets.Target, delivered: Delivered) -> None:
    """A revised or withdrawn target changes what was made of it."""
    await lock_ledger(tx)
    before = await tx.session.get(TargetReplica, event.id)
    quantity, status = (before.quantity, before.status) if before else (None, None)
    if before is not None:
        tx.session.expunge(before)
    if not await keep_replica(tx, TargetReplica, event) or (quantity, status) == (event.quantity, event.status):
        return
    work = await facts.accepted(tx.session, event.subject_id, event.indicator_id, event.period_id)
    if not work:
        return
    key = Key(
        event.subject_kind, event.subject_id, work[0].unit_id, event.scheme_id, event.indicator_id, event.period_id
    )
    await score(tx, key, Cause(delivered.event_id, EntryKind.ADJUSTMENT, work[-1].event_date))


@handlers.on(targets.Indicator)
async def indicator_moved(tx: Transaction, event: targets.Indicator, delivered: Delivered) -> None:
    """A new revision of the rule is applied to everything in open periods that it touches."""
    await lock_ledger(tx)
    before = await tx.session.get(IndicatorReplica, event.id)
    revision = before.revision if before else None
    if before is not None:
        tx.session.expunge(before)
    if not await keep_replica(tx, IndicatorReplica, event) or revision in {None, event.revision}:
        return
    for subject_kind, subject_id, unit_id, scheme_id, period_id in await facts.keys_of(tx.session, event.id):
        period = await facts.period(tx.session, period_id)
        key = Key(subject_kind, subject_id, unit_id, scheme_id, event.id, period_id)
        await score(tx, key, Cause(delivered.event_id, EntryKind.ADJUSTMENT, period.ends_on))


@handlers.on(org.Posting)
async def posting_moved(tx: Transaction, event: org.Posting, _: Delivered) -> None:
    if await keep_replica(tx, PostingReplica, event) and event.is_primary:
        await adding_up.move_home(tx, event.officer_id)
