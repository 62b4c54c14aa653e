"""Objections (异议) while figures are public: raised by those concerned, answered by those who close the period."""

from datetime import date
from uuid import UUID

from kernel.delivery.recusals import free_of
from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.recusal import About
from services.scoring import messages
from services.scoring.actions.closing import forget_publicity, settle, step
from services.scoring.actions.posting import lock_ledger
from services.scoring.domain.closing import (
    ClosingState,
    NotConcerned,
    ObjectionDecided,
    ObjectionState,
    OwnObjection,
    WindowOver,
    move,
)
from services.scoring.models import ClosingRow, ObjectionRow
from services.scoring.queries import closing as queries
from services.scoring.queries import subjects


async def raise_objection(
    tx: Transaction, period_id: UUID, *, subject_kind: str, subject_id: UUID, words: str, by: Principal
) -> ObjectionRow:
    """An officer about his own figures; a unit's leader about the unit and everybody below it."""
    row = await queries.closing(tx.session, period_id, lock=True)
    now = await tx.now()
    if row.status != ClosingState.PUBLIC or row.objections_until is None or now >= row.objections_until:
        raise WindowOver
    period = await queries.period(tx.session, period_id)
    subject = await subjects.subject(tx.session, subject_kind, subject_id, period.ends_on)
    own = subject_kind == "officer" and subject_id == by.officer_id
    if not own and not by.covers("scoring:object", subject.path):
        raise NotConcerned
    objection = ObjectionRow(
        id=new_id(), period_id=period_id, trial_number=row.trial_number or 0, subject_kind=subject_kind,
        subject_id=subject_id, unit_id=subject.unit_id, text=words, raised_by=by.account_id, raised_at=now,
        state=ObjectionState.OPEN,
    )  # fmt: skip
    tx.session.add(objection)
    step(tx, period_id, "object", by=by, now=now)
    await _tell(tx, objection, row)
    return objection


async def answer(
    tx: Transaction, objection_id: UUID, *, upheld: bool, words: str, today: date, by: Principal
) -> ObjectionRow:
    """An upheld one ends the publicity: the figures are put right, tried out and made public again."""
    await lock_ledger(tx)
    objection = await queries.lock_objection(tx.session, objection_id)
    await queries.covered(tx.session, objection.period_id, by, "scoring:close")
    if objection.state != ObjectionState.OPEN:
        raise ObjectionDecided
    if objection.raised_by == by.account_id:
        raise OwnObjection
    path = await subjects.unit_path(tx.session, objection.unit_id)
    about = About(objection.subject_kind, objection.subject_id, path)
    await free_of(tx, "scoring:close", about, today=today, by=by)
    now = await tx.now()
    objection.state = ObjectionState.UPHELD if upheld else ObjectionState.REFUSED
    objection.answer, objection.decided_by, objection.decided_at = words, by.account_id, now
    row = await queries.closing(tx.session, objection.period_id, lock=True)
    if upheld and row.status == ClosingState.PUBLIC:
        await _look_again(tx, row, words, by=by)
    else:
        step(tx, objection.period_id, f"answer-{objection.state}", by=by, now=now, reason=words)
    await _tell(tx, objection, row)
    return objection


async def _tell(tx: Transaction, objection: ObjectionRow, row: ClosingRow) -> None:
    scheme = await subjects.scheme(tx.session, row.scheme_id)
    await tx.publish(messages.objection_in(scheme.scope_unit_id), objection)


async def _look_again(tx: Transaction, row: ClosingRow, words: str, *, by: Principal) -> None:
    row.status = move(row.status, ClosingState.CHECKING)
    forget_publicity(row)
    await settle(tx, row, "answer-upheld", by=by, now=await tx.now(), reason=words)
