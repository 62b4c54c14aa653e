"""Targets whose subject has gone: found the moment a transfer is known, and settled by whoever handed them down."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import true

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.targets import messages
from services.targets.actions.issuing import change_targets, insert_targets
from services.targets.actions.recording import record, seen
from services.targets.actions.reissuing import new_target
from services.targets.actions.revising import lock_as_issuer
from services.targets.domain.target import (
    NobodyToTake,
    NotOrphaned,
    TargetState,
    ensure_period_open,
    move,
    revised,
    subject_kind_fits,
)
from services.targets.models import PeriodRow, TargetRow
from services.targets.queries import org, orphans
from services.targets.queries.targets import get_target, lock_live_target, setting_of


async def find_orphans(tx: Transaction, subjects: Collection[UUID], *, today: date) -> list[TargetRow]:
    """Mark the live targets of these officers and units in open periods, or take the mark off; those that changed."""
    changed = []
    for row, orphaned_on in await orphans.orphaned(tx.session, subjects, today=today):
        if row.orphaned_on == orphaned_on:
            continue
        before = seen(row)
        row.orphaned_on = orphaned_on
        changed.append(row)
        action = "orphan" if orphaned_on else "found_again"
        record(tx, row, by=None, action=action, now=await tx.now(), before=before)
    await tx.publish_many(messages.target, changed)
    return changed


async def follow(
    tx: Transaction, target_id: UUID, *, reason: str, by: Principal, zone: ZoneInfo
) -> TargetRow:
    """The target goes with its officer: the unit of the new posting carries it from now on."""
    row, _, period = await _lock(tx, target_id, by=by, zone=zone)
    units = await org.units_from(tx.session, row.subject_id, row.orphaned_on or period.ends_on)
    if row.subject_kind != "officer" or not units:
        raise NobodyToTake
    before = seen(row)
    row.unit_id, row.orphaned_on, row.reason = units[0], None, reason
    await tx.publish(messages.target, row)
    record(
        tx, row, by=by, action="follow", now=await tx.now(), before=before, reason=reason,
        more={"unit_id": str(row.unit_id)},
    )  # fmt: skip
    return row


async def reassign(
    tx: Transaction,
    target_id: UUID,
    *,
    kind: str,
    subject_id: UUID,
    reason: str,
    by: Principal,
    zone: ZoneInfo,
) -> list[TargetRow]:
    """Somebody else of the unit takes it over: the orphan is withdrawn, its quantity comes on top of what the other has."""
    row, _, _ = await _lock(tx, target_id, by=by, zone=zone)
    setting = await setting_of(tx.session, [row])
    period = setting.periods[row.period_id]
    span = org.Span(max(row.orphaned_on or period.starts_on, period.starts_on), period.ends_on)
    home = await _home(tx, row)
    taking = await _carrier(tx, kind, subject_id, home, span)
    if taking is None or not subject_kind_fits(setting.indicators[row.indicator_id].subject_kind, kind):
        raise NobodyToTake
    gone = await change_targets(
        tx,
        {row.id: row},
        {"status": move(TargetState(row.status), TargetState.WITHDRAWN).value, "reason": reason},
        by=by,
        action="reassign",
        reason=reason,
    )
    other = await lock_live_target(tx.session, row.indicator_id, row.period_id, subject_id)
    if other is None:
        made = new_target(row, kind, subject_id, taking, now=await tx.now(), reason=reason)
        await insert_targets(tx, [made], by=by, action="take_over")
        return [*gone, made]
    before = seen(other)
    other.previous_quantity, other.quantity = other.quantity, other.quantity + Decimal(row.quantity)
    other.status, other.reason = revised(TargetState(other.status)).value, reason
    other.acknowledged_at = other.acknowledged_by = None
    await tx.publish(messages.target, other)
    record(tx, other, by=by, action="take_over", now=await tx.now(), before=before, reason=reason)
    return [*gone, other]


async def _lock(
    tx: Transaction, target_id: UUID, *, by: Principal, zone: ZoneInfo
) -> tuple[TargetRow, object, PeriodRow]:
    row, scheme, period = await lock_as_issuer(tx, target_id, by=by, zone=zone)
    if row.orphaned_on is None or row.status == TargetState.WITHDRAWN:
        raise NotOrphaned
    ensure_period_open(period.status, period.code)
    return row, scheme, period


async def _home(tx: Transaction, row: TargetRow) -> UUID:
    """The unit among whose people or sub-units the target was handed out."""
    if row.parent_id is not None:
        return (await get_target(tx.session, row.parent_id, where=true())).unit_id
    return row.unit_id if row.subject_kind == "officer" else row.issuer_unit_id


async def _carrier(tx: Transaction, kind: str, subject_id: UUID, home: UUID, span: org.Span) -> UUID | None:
    if kind == "unit":
        below = await org.sub_units(tx.session, [home], span)
        return subject_id if subject_id in below.get(home, []) else None
    posted = await org.officers_of(tx.session, [home], span, primary=False)
    return home if subject_id in posted.get(home, []) else None
