"""Closing a period: begun after the cut-off, tried out, made public, given up or signed."""

from datetime import datetime, timedelta
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.ids import derived, new_id
from services.scoring import messages
from services.scoring.actions.posting import lock_ledger
from services.scoring.domain.closing import (
    ClosingState,
    ClosingStateWrong,
    TrialDiffers,
    TrialMissing,
    TrialOutdated,
    WindowTooShort,
    move,
    refuse_blocked,
    refuse_early,
)
from services.scoring.models import ClosingRow, ClosingStepRow, TrialRow
from services.scoring.queries import checks, subjects
from services.scoring.queries import closing as queries

#: A public notice of less than a day is none.
SHORTEST_PUBLICITY = timedelta(days=1)


async def begin(tx: Transaction, period_id: UUID, *, by: Principal) -> ClosingRow:
    """No new work from now on; a closing that was given up begins anew."""
    await lock_ledger(tx)
    period = await queries.covered(tx.session, period_id, by, "scoring:close")
    now = await tx.now()
    refuse_early(now, period.cutoff_at)
    row = await tx.session.get(ClosingRow, closing_id(period_id), with_for_update=True)
    if row is None:
        row = ClosingRow(
            id=closing_id(period_id), scheme_id=period.scheme_id, period_id=period_id,
            status=ClosingState.CHECKING, begun_by=by.account_id, begun_at=now,
        )  # fmt: skip
        tx.session.add(row)
    elif row.status == ClosingState.WITHDRAWN:
        row.status = move(row.status, ClosingState.CHECKING)
        row.begun_by, row.begun_at, row.withdrawal_reason = by.account_id, now, None
    else:
        raise ClosingStateWrong(status=row.status)
    await checks.list_files(tx.session, period_id)
    return await settle(tx, row, "begin", by=by, now=now)


async def make_public(tx: Transaction, period_id: UUID, *, until: datetime, by: Principal) -> ClosingRow:
    """公示: the figures of the last trial, which must still be those of the ledger. Objections are taken `until` then."""
    row = await locked(tx, period_id, by, "scoring:close")
    move(row.status, ClosingState.PUBLIC)
    now = await tx.now()
    if until < now + SHORTEST_PUBLICITY:
        raise WindowTooShort(earliest=(now + SHORTEST_PUBLICITY).isoformat())
    refuse_blocked(await queries.checks(tx.session, period_id))
    trial = await current_trial(tx, row)
    row.status, row.trial_number = ClosingState.PUBLIC, trial.number
    row.public_from, row.objections_until = now, until
    return await settle(tx, row, "publish", by=by, now=now)


async def withdraw(tx: Transaction, period_id: UUID, *, reason: str, by: Principal) -> ClosingRow:
    """Give the closing up: the period takes work again."""
    row = await locked(tx, period_id, by, "scoring:close")
    row.status = move(row.status, ClosingState.WITHDRAWN)
    row.withdrawal_reason = reason
    forget_publicity(row)
    return await settle(tx, row, "withdraw", by=by, now=await tx.now(), reason=reason)


async def current_trial(tx: Transaction, row: ClosingRow) -> TrialRow:
    """The last trial, if it agrees with the event logs and nothing has moved since."""
    trial = await queries.last_trial(tx.session, row.period_id)
    if trial is None:
        raise TrialMissing
    if trial.different:
        raise TrialDiffers(different=trial.different)
    if trial.digest != await queries.digest(tx.session, row.period_id):
        raise TrialOutdated
    return trial


async def locked(tx: Transaction, period_id: UUID, by: Principal, permission: str) -> ClosingRow:
    """The ledger first, as in every transaction that could post; then the closing."""
    await lock_ledger(tx)
    row = await queries.closing(tx.session, period_id, lock=True)
    await queries.covered(tx.session, period_id, by, permission)
    return row


def forget_publicity(row: ClosingRow) -> None:
    """What was public is no longer; signatures given under it are void."""
    row.public_from = row.objections_until = row.trial_number = None
    row.approved_by = row.approved_at = None


async def settle(
    tx: Transaction, row: ClosingRow, action: str, *, by: Principal, now: datetime, reason: str | None = None
) -> ClosingRow:
    """Write the step down and tell the others."""
    step(tx, row.period_id, action, by=by, now=now, reason=reason)
    scheme = await subjects.scheme(tx.session, row.scheme_id)
    await tx.publish(messages.closing_in(scheme.scope_unit_id), row)
    return row


def step(
    tx: Transaction, period_id: UUID, action: str, *, by: Principal, now: datetime, reason: str | None = None
) -> None:
    tx.session.add(
        ClosingStepRow(
            id=new_id(),
            period_id=period_id,
            at=now,
            account_id=by.account_id,
            actor=by.name,
            action=action,
            reason=reason,
        )
    )


def closing_id(period_id: UUID) -> UUID:
    return derived("closing", period_id)
