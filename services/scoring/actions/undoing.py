"""What becomes of the ledger when a producer lost an event for good: the difference is posted as a reversal.

The copy says what is true already; nothing is deleted, and behind a seal nothing is posted (`PeriodClosed`).
"""

from uuid import UUID

from contracts import org, submissions, targets
from contracts.scoring import EntryKind
from kernel.delivery.handlers import Delivered
from kernel.delivery.transaction import Transaction
from services.scoring.actions import adding_up, planning
from services.scoring.actions.posting import lock_ledger
from services.scoring.actions.scoring import Cause, Key, rescore, retarget, score_again, score_nothing
from services.scoring.replicas import IndicatorReplica


async def submission(
    tx: Transaction, lost: submissions.Submission, instead: submissions.Submission | None, named: Delivered
) -> None:
    await lock_ledger(tx)
    for event in (lost, instead) if instead is not None and key_of(instead) != key_of(lost) else (lost,):
        cause = Cause(named.event_id, EntryKind.REVERSAL, event.event_date, event.id)
        if await _ruled(tx, event.indicator_id):
            await rescore(tx, key_of(event), cause)


def key_of(event: submissions.Submission) -> Key:
    return Key(
        event.subject_kind,
        event.subject_id,
        event.unit_id,
        event.scheme_id,
        event.indicator_id,
        event.period_id,
    )


async def target(tx: Transaction, lost: targets.Target, _: targets.Target | None, named: Delivered) -> None:
    await lock_ledger(tx)
    if await _ruled(tx, lost.indicator_id):
        await retarget(tx, lost, named.event_id, EntryKind.REVERSAL)


async def _ruled(tx: Transaction, indicator_id: UUID) -> bool:
    """What an indicator gave that was lost too is taken back with it."""
    return await tx.session.get(IndicatorReplica, indicator_id) is not None


async def indicator(
    tx: Transaction, lost: targets.Indicator, instead: targets.Indicator | None, named: Delivered
) -> None:
    if instead is None:
        await score_nothing(tx, lost, named.event_id)
    else:
        await score_again(tx, lost.id, named.event_id)


async def scheme(
    tx: Transaction, lost: targets.Scheme, instead: targets.Scheme | None, named: Delivered
) -> None:
    """Without its scheme a statement cannot be added up; it stays as it is, and nobody can close its period."""
    await lock_ledger(tx)
    if instead is not None:
        await adding_up.add_up_again(tx, lost.id)
        if lost.plan != instead.plan:
            await planning.everybody_due(tx, lost.id, named.event_id)


async def period(
    tx: Transaction, lost: targets.Period, instead: targets.Period | None, named: Delivered
) -> None:
    """What its scheme's plan made of its days is made anew."""
    if instead is not None and (lost.starts_on, lost.ends_on) != (instead.starts_on, instead.ends_on):
        await planning.period_due(tx, instead.id, named.event_id)


async def unit(tx: Transaction, lost: org.Unit, instead: org.Unit | None, named: Delivered) -> None:
    await lock_ledger(tx)
    await adding_up.unit_moved(tx, lost.id, {lost.parent_id, instead.parent_id if instead else None})
    await planning.all_due(tx, named.event_id)


async def officer(tx: Transaction, lost: org.Officer, _: org.Officer | None, named: Delivered) -> None:
    await planning.subjects_due(tx, {lost.id}, named.event_id)


async def posting(tx: Transaction, lost: org.Posting, _: org.Posting | None, named: Delivered) -> None:
    await lock_ledger(tx)
    await adding_up.move_home(tx, lost.officer_id)
    await planning.subjects_due(tx, {lost.officer_id}, named.event_id)
