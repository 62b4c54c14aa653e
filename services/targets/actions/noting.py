"""督办单: sent down, answered, returned or closed, and taken up level by level while no answer comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.hooking import enqueue
from services.targets.actions.recording import record, seen
from services.targets.domain.note import (
    WAITING,
    AnswerDueInvalid,
    NoteNotDownwards,
    NoteState,
    NotYoursToAnswer,
    move,
)
from services.targets.domain.supervision import Signal, signal_of_note, steps_up, worse
from services.targets.domain.target import OutsideScope
from services.targets.models import NoteRow, TargetRow
from services.targets.queries import org
from services.targets.queries.calendar import calendar_for
from services.targets.queries.supervision import get_note, thing_visible
from services.targets.replicas import UnitReplica

_LONGEST = timedelta(days=366)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    addressees: Sequence[UUID]
    subject: str
    text: str
    answer_due: datetime
    about_kind: str | None
    about_id: UUID | None


async def send_notes(tx: Transaction, wanted: Wanted, *, by: Principal) -> list[NoteRow]:
    """One note for each unit, in the name of the nearest unit above it that the principal supervises for."""
    now = await tx.now()
    _ensure_due(wanted.answer_due, now)
    units = await org.units(tx.session, wanted.addressees)
    if len(units) != len(set(wanted.addressees)):
        raise NotFound
    if wanted.about_id is not None and not await thing_visible(
        tx.session, str(wanted.about_kind), wanted.about_id, by=by
    ):
        raise NotFound
    rows = []
    for addressee in units.values():
        scopes = [s for s in by.scopes("targets:supervise") if s.covers(addressee.path)]
        above = [s for s in scopes if s.path != addressee.path]
        if not above:
            raise NoteNotDownwards if scopes else OutsideScope
        issuer = max(above, key=lambda scope: len(scope.path)).unit_id
        rows.append(
            NoteRow(
                id=new_id(),
                number=await _number(tx, now),
                issuer_unit_id=issuer,
                issued_by=by.officer_id,
                issued_at=now,
                addressee_unit_id=addressee.id,
                about_kind=wanted.about_kind,
                about_id=wanted.about_id,
                subject=wanted.subject,
                text=wanted.text,
                answer_due=wanted.answer_due,
                asked_at=now,
                status=NoteState.ISSUED.value,
                answered_late=False,
                escalation=0,
                escalated_to=[],
                signal=Signal.NONE.value,
                worst_signal=Signal.NONE.value,
            )
        )
        tx.session.add(rows[-1])
        await tx.session.flush()
    await _tell(tx, rows)
    for row in rows:
        await _record(tx, row, by=by, action="note", before={})
    return rows


async def answer_note(tx: Transaction, note_id: UUID, *, text: str, by: Principal) -> NoteRow:
    """Late or not, an answer ends the warning; that there was one stays to be seen."""
    row = await get_note(tx.session, note_id, by=by, locked=True)
    addressee = (await org.units(tx.session, [row.addressee_unit_id]))[row.addressee_unit_id]
    if not by.covers("targets:cascade", addressee.path):
        raise NotYoursToAnswer
    before, now = seen(row), await tx.now()
    row.status = move(row.status, NoteState.ANSWERED)
    row.answer, row.answered_by, row.answered_at = text, by.officer_id, now
    row.answered_late = row.answered_late or now > row.answer_due
    row.worst_signal = worse(
        Signal(row.worst_signal), signal_of_note(row.escalation, overdue=now > row.answer_due)
    ).value
    row.signal = Signal.NONE.value
    return await _changed(tx, row, by=by, action="note_answer", before=before)


async def return_note(
    tx: Transaction, note_id: UUID, *, reason: str, answer_due: datetime, by: Principal
) -> NoteRow:
    """The answer is not enough; another is due. The clock of escalation begins anew."""
    row = await _issuer_s(tx, note_id, by=by)
    before, now = seen(row), await tx.now()
    _ensure_due(answer_due, now)
    row.status = move(row.status, NoteState.RETURNED)
    row.answer_due, row.asked_at, row.decided_at, row.decision_reason = answer_due, now, now, reason
    row.escalation, row.escalated_to = 0, []
    return await _changed(tx, row, by=by, action="note_return", before=before, reason=reason)


async def close_note(tx: Transaction, note_id: UUID, *, reason: str | None, by: Principal) -> NoteRow:
    return await _decide(tx, note_id, NoteState.CLOSED, reason=reason, by=by, action="note_close")


async def withdraw_note(tx: Transaction, note_id: UUID, *, reason: str, by: Principal) -> NoteRow:
    return await _decide(tx, note_id, NoteState.WITHDRAWN, reason=reason, by=by, action="note_withdraw")


async def escalate(tx: Transaction, *, zone: ZoneInfo) -> int:
    """Unanswered notes go up one level when the answer was due, and one more each working day. How many moved."""
    now = await tx.now()
    rows = await tx.session.scalars(
        select(NoteRow)
        .where(NoteRow.status.in_([s.value for s in WAITING]), NoteRow.answer_due < now)
        .order_by(NoteRow.answer_due)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    calendar = await calendar_for(tx.session, [now.year])
    changed = []
    for row in rows:
        above = await _above(tx, row)
        steps = max(row.escalation, steps_up(row.answer_due, now, above, calendar, zone))
        signal = signal_of_note(steps, overdue=True)
        if steps == row.escalation and signal.value == row.signal:
            continue
        before = seen(row)
        row.escalation, row.escalated_to = steps, [str(unit) for unit in above[:steps]]
        row.signal = signal.value
        row.worst_signal = worse(Signal(row.worst_signal), signal).value
        changed.append((row, before))
    await _tell(tx, [row for row, _ in changed])
    for row, before in changed:
        await _record(tx, row, by=None, action="note_escalate", before=before)
    return len(changed)


async def _above(tx: Transaction, row: NoteRow) -> list[UUID]:
    """The units above the addressee, nearest first, without the one that sent the note."""
    unit = await tx.session.get(UnitReplica, row.addressee_unit_id)
    statement = (
        select(UnitReplica.id)
        .where(
            func.starts_with(unit.path if unit else "", UnitReplica.path),
            UnitReplica.id.not_in([row.addressee_unit_id, row.issuer_unit_id]),
        )
        .order_by(func.length(UnitReplica.path).desc())
    )
    return list(await tx.session.scalars(statement))


async def _decide(
    tx: Transaction, note_id: UUID, wanted: NoteState, *, reason: str | None, by: Principal, action: str
) -> NoteRow:
    row = await _issuer_s(tx, note_id, by=by)
    before = seen(row)
    row.status = move(row.status, wanted)
    row.decided_at, row.decision_reason, row.signal = await tx.now(), reason, Signal.NONE.value
    return await _changed(tx, row, by=by, action=action, before=before, reason=reason)


async def _issuer_s(tx: Transaction, note_id: UUID, *, by: Principal) -> NoteRow:
    row = await get_note(tx.session, note_id, by=by, locked=True)
    issuer = (await org.units(tx.session, [row.issuer_unit_id]))[row.issuer_unit_id]
    if not by.covers("targets:supervise", issuer.path):
        raise OutsideScope
    return row


async def _changed(
    tx: Transaction,
    row: NoteRow,
    *,
    by: Principal,
    action: str,
    before: dict[str, Any],
    reason: str | None = None,
) -> NoteRow:
    await _tell(tx, [row])
    await _record(tx, row, by=by, action=action, before=before, reason=reason)
    return row


async def _tell(tx: Transaction, rows: Sequence[NoteRow]) -> None:
    await tx.publish_many(messages.note, rows)
    await enqueue(tx, "supervision_note", [messages.note(row) for row in rows])


async def _record(
    tx: Transaction,
    row: NoteRow,
    *,
    by: Principal | None,
    action: str,
    before: dict[str, Any],
    reason: str | None = None,
) -> None:
    """On the note's own timeline, and on that of the target that it is about."""
    now = await tx.now()
    record(tx, row, by=by, action=action, now=now, before=before, reason=reason)
    if row.about_kind == "target":
        target = await tx.session.get(TargetRow, row.about_id)
        more = {"note": row.number}
        record(
            tx,
            row,
            by=by,
            action=action,
            now=now,
            before=before,
            reason=reason,
            more=more,
            on=target,
            again=True,
        )


async def _number(tx: Transaction, now: datetime) -> str:
    """DB-2026-000017: running in a year, without gaps."""
    await tx.lock("supervision-note")
    head = f"DB-{now.year}-"
    last = await tx.session.scalar(select(func.max(NoteRow.number)).where(NoteRow.number.startswith(head)))
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:06d}"


def _ensure_due(answer_due: datetime, now: datetime) -> None:
    if not now < answer_due <= now + _LONGEST:
        raise AnswerDueInvalid
