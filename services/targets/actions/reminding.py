"""Reminders: from the calendar, where something is missing; by hand; and settled when nothing is missing any more."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contracts.supervision import ReminderCause
from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.drafting import scheme_for_change
from services.targets.actions.hooking import enqueue
from services.targets.actions.recording import moved, record, seen
from services.targets.domain.scheme import ensure_not_archived
from services.targets.domain.supervision import Reminders
from services.targets.domain.target import OutsideScope
from services.targets.models import PeriodRow, ReminderRow, SchemeRow, SweepRow
from services.targets.queries import due
from services.targets.replicas import UnitReplica

_AGAIN_AFTER = timedelta(hours=1)
_SETTLED_AT_ONCE = 2000


async def sweep(tx: Transaction, *, zone: ZoneInfo) -> int:
    """Send what is due of one stage before one deadline, once; how many reminders went out, -1 when nothing is due."""
    now = await tx.now()
    for deadline in await due.deadlines_ahead(tx.session, now):
        scheme = await tx.session.get_one(SchemeRow, deadline.scheme_id)
        stage = reminders_of(scheme).due(deadline.due_at, now, zone)
        if stage is None:
            continue
        key = {"period_id": deadline.period_id, "due_at": deadline.due_at, "stage": stage}
        if await tx.session.get(SweepRow, key) is not None:
            continue
        tx.session.add(SweepRow(**key, at=now))
        missing = await due.missing_at(tx.session, deadline)
        return len(await _send(tx, missing, ReminderCause.UNSENT, f"T-{stage}", now=now))
    return -1


async def remind(
    tx: Transaction,
    cause: ReminderCause,
    period_id: UUID,
    *,
    under: UUID,
    subjects: Sequence[UUID],
    note: str | None,
    by: Principal,
) -> list[ReminderRow]:
    """催办 by hand, of everybody in the subtree by whom something is missing, or of some of them.

    Who was reminded of the same by hand within the last hour is left in peace.
    """
    unit = await tx.session.get(UnitReplica, under)
    if unit is None or await tx.session.get(PeriodRow, period_id) is None:
        raise NotFound
    if not by.covers("targets:supervise", unit.path):
        raise OutsideScope
    now = await tx.now()
    missing = await due.missing_inside(tx.session, cause.value, period_id, unit.path, subjects=subjects)
    recent = set(
        await tx.session.scalars(
            select(ReminderRow.recipient_id).where(
                ReminderRow.recipient_id.in_({m.recipient_id for m in missing}),
                ReminderRow.cause == cause.value,
                ReminderRow.period_id == period_id,
                ReminderRow.stage == "hand",
                ReminderRow.sent_at > now - _AGAIN_AFTER,
            )
        )
    )
    missing = [m for m in missing if m.recipient_id not in recent]
    return await _send(tx, missing, cause, "hand", now=now, note=note, by=by)


async def settle(tx: Transaction) -> int:
    """Reminders are over once nothing of what they name is missing any more."""
    now = await tx.now()
    rows = {
        row.id: row
        for row in await tx.session.scalars(
            select(ReminderRow)
            .where(ReminderRow.settled_at.is_(None))
            .order_by(ReminderRow.updated_at)
            .limit(_SETTLED_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    }
    left = await due.still_open(tx.session, list(rows))
    over = [row for row in rows.values() if row.id not in left]
    for row in over:
        row.settled_at = now
    await tx.publish_many(messages.reminder, over)
    return len(over)


async def set_reminders(
    tx: Transaction, scheme_id: UUID, reminders: Reminders, *, by: Principal
) -> SchemeRow:
    row = await scheme_for_change(tx, scheme_id, by=by)
    ensure_not_archived(row.status)
    before = seen(row)
    row.reminders = {
        "stages": list(reminders.stages),
        "quiet_from": reminders.quiet_from.isoformat("minutes"),
        "quiet_until": reminders.quiet_until.isoformat("minutes"),
    }
    await tx.publish_many(messages.scheme, moved(tx, [row]))
    record(tx, row, by=by, action="reminders", now=await tx.now(), before=before)
    return row


def reminders_of(row: SchemeRow) -> Reminders:
    said: dict[str, Any] = row.reminders or {}
    if not said:
        return Reminders()
    return Reminders(
        tuple(said["stages"]), time.fromisoformat(said["quiet_from"]), time.fromisoformat(said["quiet_until"])
    )


async def _send(
    tx: Transaction,
    missing: Sequence[due.Missing],
    cause: ReminderCause,
    stage: str,
    *,
    now: datetime,
    note: str | None = None,
    by: Principal | None = None,
) -> list[ReminderRow]:
    rows = [
        ReminderRow(
            id=new_id(),
            cause=cause.value,
            stage=stage,
            recipient_kind=one.recipient_kind,
            recipient_id=one.recipient_id,
            unit_id=one.unit_id,
            scheme_id=one.scheme_id,
            period_id=one.period_id,
            campaign_id=one.campaign_id,
            due_at=one.due_at,
            missing=len(one.target_ids),
            target_ids=[str(target) for target in one.target_ids],
            note=note,
            sent_by=by.officer_id if by else None,
            sent_at=now,
        )
        for one in missing
    ]
    tx.session.add_all(rows)
    await tx.publish_many(messages.reminder, rows)
    await enqueue(tx, "reminder", [messages.reminder(row) for row in rows])
    return rows
