"""A trial (试算): everybody's figures computed anew from the event logs, kept, and compared with the trial before."""

import time
from uuid import UUID

from prometheus_client import Histogram
from sqlalchemy import func, select, text

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.scoring.actions.closing import forget_publicity, locked, settle
from services.scoring.actions.verifying import verify
from services.scoring.domain.closing import ClosingState, ClosingStateWrong
from services.scoring.models import TrialLineRow, TrialRow
from services.scoring.queries import closing as queries
from services.scoring.queries import told
from services.scoring.queries.facts import period_before

TRIAL_SECONDS = Histogram(
    "kaohe_trial_duration_seconds", "Time of a trial of a whole period", buckets=(0.1, 0.5, 1, 5, 15, 30, 60, 120, 300)
)  # fmt: skip

_LINES = text(
    """
    INSERT INTO trial_line (period_id, number, subject_id, subject_kind, unit_id, entries, total_milli, last_milli,
                            previous_milli, moved_milli)
    SELECT s.period_id, :number, s.subject_id, s.subject_kind, s.unit_id, s.entries, s.total_milli, last.total_milli,
           previous.total_milli, abs(s.total_milli - coalesce(last.total_milli, 0))
    FROM statement s
    LEFT JOIN trial_line last
      ON last.period_id = s.period_id AND last.number = :number - 1 AND last.subject_id = s.subject_id
    LEFT JOIN statement previous ON previous.period_id = :previous AND previous.subject_id = s.subject_id
    WHERE s.period_id = :period
    """
)


async def try_out(tx: Transaction, period_id: UUID, *, by: Principal) -> TrialRow:
    """Under the ledger's lock, so that nothing moves meanwhile. A trial while figures are public ends the publicity."""
    began = time.perf_counter()
    row = await locked(tx, period_id, by, "scoring:close")
    if row.status not in {ClosingState.CHECKING, ClosingState.PUBLIC}:
        raise ClosingStateWrong(status=row.status)
    period = await queries.period(tx.session, period_id)
    last = await queries.last_trial(tx.session, period_id)
    number = last.number + 1 if last else 1
    read = await told.read(tx.session, period_id)
    verdict = await verify(tx.session, period_id, chain=False, told=read)
    facts = {
        "period": period_id,
        "number": number,
        "previous": await period_before(tx.session, period),
    }
    await tx.session.execute(_LINES, facts)
    line = TrialLineRow
    sums = (
        await tx.session.execute(
            select(
                func.count(),
                func.coalesce(func.sum(line.entries), 0),
                func.coalesce(func.sum(line.total_milli), 0),
                func.count().filter(line.moved_milli > 0),
            ).where(line.period_id == period_id, line.number == number)
        )
    ).one()
    now = await tx.now()
    trial = TrialRow(
        period_id=period_id,
        number=number,
        at=now,
        account_id=by.account_id,
        seconds_milli=int((time.perf_counter() - began) * 1000),
        subjects=int(sums[0]),
        entries=int(sums[1]),
        total_milli=int(sums[2]),
        moved=int(sums[3]),
        different=verdict.different + (verdict.chain_broken_at is not None),
        differences=verdict.differences,
        digest=await queries.digest(tx.session, period_id),
    )
    tx.session.add(trial)
    if row.status == ClosingState.PUBLIC:
        row.status = ClosingState.CHECKING
        forget_publicity(row)
    row.trial_number = number
    await settle(tx, row, "trial", by=by, now=now)
    TRIAL_SECONDS.observe(time.perf_counter() - began)
    return trial
