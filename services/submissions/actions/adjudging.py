"""Deciding appeals; what follows from silence, and from a clause that was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select, text, true

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.submissions.actions.appealing import Heard, days_of, stands
from services.submissions.actions.hearing import go_on, judged, second_window
from services.submissions.actions.recording import record, record_appeal, seen
from services.submissions.actions.releasing import NOBODY
from services.submissions.domain.appeal import AppealState, Silence, move_appeal
from services.submissions.domain.clocks import working
from services.submissions.domain.decision import NOTHING, appealed_quantity
from services.submissions.domain.submission import State, move
from services.submissions.models import AppealRow
from services.submissions.queries.cases import Case, lock_case
from services.submissions.queries.papers import lock_appeal
from services.submissions.settings import SubmissionSettings

AT_ONCE: Final = 50
_SILENT: Final = "逾期未作出裁决"
_LIKE: Final = text(
    """
    INSERT INTO recheck (id, appeal_id, submission_id, clause, state, found_at)
    SELECT gen_random_uuid(), :appeal, s.id, :clause, CASE p.status WHEN 'sealed' THEN 'sealed' ELSE 'open' END,
      CAST(:now AS timestamptz)
    FROM submission s JOIN period p ON p.id = s.period_id
    WHERE s.indicator_id = CAST(:indicator AS uuid) AND s.decision_clause = CAST(:clause AS text) AND s.id <> CAST(:own AS uuid)
      AND s.status IN ('accepted', 'refused') AND s.accepted_quantity < s.quantity
    ON CONFLICT DO NOTHING
    """
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """`clause_wrong`: the clause does not say what the reviewer read in it, so that like work is looked at again."""

    outcome: AppealState
    quantity: Decimal | None
    reason: str
    clause_wrong: bool = False


async def decide(
    tx: Transaction, appeal_id: UUID, ruling: Ruling, *, by: Principal, settings: SubmissionSettings
) -> Heard:
    """Uphold the decision, or change it in favour of the appellant; never worse than before."""
    appeal, case, now, by = await judged(tx, appeal_id, by=by, settings=settings)
    wanted = AppealState.CHANGED if ruling.outcome is AppealState.PARTLY else ruling.outcome
    move_appeal(AppealState(appeal.status), wanted)
    before, before_row = seen(appeal), seen(case.row)
    quantity = _close(appeal, case, wanted, ruling.quantity, ruling.reason, now=now, by=by)
    appeal.clause_wrong = ruling.clause_wrong
    asked = case.row.quantity if appeal.wanted is None else appeal.wanted
    if wanted is AppealState.CHANGED and quantity < asked:
        appeal.status = AppealState.PARTLY.value
    if appeal.status != AppealState.CHANGED:
        appeal.again_until = await second_window(tx, appeal, now, settings)
    if ruling.clause_wrong and appeal.clause:
        await _find_like(tx, appeal, case, now)
    action, reason = f"appeal_{appeal.status}", ruling.reason
    await record(tx, case.row, by=by, action=action, now=now, before=before_row, reason=reason)
    await record_appeal(tx, appeal, by=by, action=action, now=now, before=before, reason=reason)
    return appeal, case


async def overdue(tx: Transaction) -> Sequence[UUID]:
    """Some appeals whose time is over: to decide, or for the appellant to bring material."""
    now = await tx.now()
    statement = select(AppealRow.id).where(
        AppealRow.status.in_(["filed", "admitted"]), AppealRow.decide_until < now, ~AppealRow.by_silence
    )
    waiting = select(AppealRow.id).where(AppealRow.status == "waiting", AppealRow.material_until < now)
    late = list((await tx.session.scalars(statement.order_by(AppealRow.id).limit(AT_ONCE))).all())
    return late + list((await tx.session.scalars(waiting.order_by(AppealRow.id).limit(AT_ONCE))).all())


async def answer_silence(tx: Transaction, appeal_id: UUID, *, settings: SubmissionSettings) -> None:
    """What the rule of silence says, in the name of nobody; a clock that stood for material runs again."""
    found = await tx.session.get(AppealRow, appeal_id)
    if found is None:
        return
    case = await lock_case(tx.session, found.submission_id, where=true())
    appeal, now = await lock_appeal(tx.session, appeal_id), await tx.now()
    if appeal.status == AppealState.WAITING and appeal.material_until and appeal.material_until < now:
        action = "material_missing"
        await go_on(tx, appeal, now, by=NOBODY, settings=settings, action=action, reason=None)
    elif appeal.status in {AppealState.FILED, AppealState.ADMITTED} and appeal.decide_until < now:
        await _silence(tx, appeal, case, now, settings=settings)


async def _silence(
    tx: Transaction, appeal: AppealRow, case: Case, now: datetime, *, settings: SubmissionSettings
) -> None:
    before, before_row = seen(appeal), seen(case.row)
    rule = Silence(settings.appeal_silence)
    appeal.by_silence = True
    if rule is Silence.UP:
        await _up(tx, appeal, now, settings=settings)
        action = "appeal_silence_up"
    elif rule is Silence.GRANTED:
        quantity = case.row.quantity if appeal.wanted is None else appeal.wanted
        changed = quantity > (case.row.accepted_quantity or NOTHING)
        outcome = AppealState.CHANGED if changed else AppealState.UPHELD
        _close(appeal, case, outcome, quantity if changed else None, _SILENT, now=now, by=NOBODY)
        await record(
            tx, case.row, by=NOBODY, action="appeal_silence", now=now, before=before_row, reason=_SILENT
        )
        action = "appeal_silence"
    else:
        appeal.status, appeal.decided_at, appeal.decision_reason = AppealState.UPHELD.value, now, _SILENT
        appeal.again_until = await second_window(tx, appeal, now, settings)
        await stands(tx, case, by=NOBODY, now=now, action="appeal_silence", reason=_SILENT)
        action = "appeal_silence"
    await record_appeal(tx, appeal, by=NOBODY, action=action, now=now, before=before, reason=_SILENT)


async def _up(tx: Transaction, appeal: AppealRow, now: datetime, *, settings: SubmissionSettings) -> None:
    """To the second instance as it is; whoever admitted it in the first is out. In the second it stays overdue."""
    if appeal.level > 1:
        return
    clock = await days_of(tx, now, settings)
    appeal.level, appeal.by_silence = 2, False
    appeal.first_admitted_by = appeal.admitted_by
    appeal.decide_until = clock.until(now, working("decide", settings.appeal_again_decide_days))


def _close(
    appeal: AppealRow,
    case: Case,
    outcome: AppealState,
    wanted: Decimal | None,
    reason: str,
    *,
    now: datetime,
    by: Principal,
) -> Decimal:
    """The outcome on both rows, not told yet. What counts from now on."""
    row, after = case.row, State(outcome.value)
    quantity = appealed_quantity(
        after, claimed=row.quantity, accepted=row.accepted_quantity or NOTHING, wanted=wanted
    )
    row.status = move(State(row.status), after).value
    row.accepted_quantity = quantity
    row.decided_by, row.decided_at, row.decision_reason = by.officer_id, now, reason
    appeal.status, appeal.accepted_quantity = outcome.value, quantity
    appeal.decided_by, appeal.decided_at, appeal.decision_reason = by.officer_id, now, reason
    return quantity


async def _find_like(tx: Transaction, appeal: AppealRow, case: Case, now: datetime) -> None:
    facts = {
        "appeal": appeal.id, "clause": appeal.clause, "indicator": case.row.indicator_id, "own": case.row.id,
        "now": now,
    }  # fmt: skip
    await tx.session.execute(_LIKE, facts)
