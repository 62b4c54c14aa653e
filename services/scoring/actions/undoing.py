"""What becomes of the ledger when a producer lost an event for good: the difference is posted as a reversal.

The copy says what is true already; nothing is deleted, and behind a seal nothing is posted (`PeriodClosed`).
"""

from contracts import org, submissions, targets
from contracts.scoring import EntryKind
from kernel.delivery.handlers import Delivered
from kernel.delivery.transaction import Transaction
from services.scoring.actions import adding_up
from services.scoring.actions.posting import lock_ledger
from services.scoring.actions.scoring import Cause, Key, score, score_again, score_nothing
from services.scoring.queries import facts
from services.scoring.replicas import IndicatorReplica


async def submission(
    tx: Transaction, lost: submissions.Submission, instead: submissions.Submission | None, named: Delivered
) -> None:
    await lock_ledger(tx)
    for event in (lost, instead) if instead is not None and key_of(instead) != key_of(lost) else (lost,):
        cause = Cause(named.event_id, EntryKind.REVERSAL, event.event_date, event.id)
        await _score_if_ruled(tx, key_of(event), cause)


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
    work = await facts.accepted(tx.session, lost.subject_id, lost.indicator_id, lost.period_id)
    if not work:
        return
    key = Key(
        lost.subject_kind, lost.subject_id, work[0].unit_id, lost.scheme_id, lost.indicator_id, lost.period_id
    )
    await _score_if_ruled(tx, key, Cause(named.event_id, EntryKind.REVERSAL, work[-1].event_date))


async def _score_if_ruled(tx: Transaction, key: Key, cause: Cause) -> None:
    """What an indicator gave that was lost too has been taken back with it."""
    if await tx.session.get(IndicatorReplica, key.indicator_id) is not None:
        await score(tx, key, cause)


async def indicator(
    tx: Transaction, lost: targets.Indicator, instead: targets.Indicator | None, named: Delivered
) -> None:
    if instead is None:
        await score_nothing(tx, lost, named.event_id)
    else:
        await score_again(tx, lost.id, named.event_id)


async def scheme(tx: Transaction, lost: targets.Scheme, instead: targets.Scheme | None, _: Delivered) -> None:
    """Without its scheme a statement cannot be added up; it stays as it is, and nobody can close its period."""
    await lock_ledger(tx)
    if instead is not None:
        await adding_up.add_up_again(tx, lost.id)


async def unit(tx: Transaction, lost: org.Unit, instead: org.Unit | None, _: Delivered) -> None:
    await lock_ledger(tx)
    await adding_up.unit_moved(tx, lost.id, {lost.parent_id, instead.parent_id if instead else None})


async def posting(tx: Transaction, lost: org.Posting, _: org.Posting | None, __: Delivered) -> None:
    await lock_ledger(tx)
    await adding_up.move_home(tx, lost.officer_id)
