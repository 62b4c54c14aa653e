"""拒收: a subject refuses a target with a reason; the issuer lets it stand, revises or withdraws it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.targets import messages
from services.targets.actions.issuing import ensure_subject
from services.targets.actions.recording import record, seen
from services.targets.actions.revising import lock_as_issuer
from services.targets.domain.target import (
    NothingRefused,
    RefusedAlready,
    ensure_period_open,
    ensure_unanswered,
)
from services.targets.models import TargetRow
from services.targets.queries import org
from services.targets.queries.targets import lock_targets, setting_of
from services.targets.queries.visibility import visible_to


async def refuse(tx: Transaction, target_id: UUID, *, reason: str, by: Principal) -> TargetRow:
    """By those who could acknowledge it. It binds until the issuer has decided."""
    row = (await lock_targets(tx.session, [target_id], where=visible_to(by)))[target_id]
    ensure_subject(row, await org.units(tx.session, [row.unit_id]), by=by)
    ensure_unanswered(row.status)
    if row.refused_at is not None:
        raise RefusedAlready
    period = (await setting_of(tx.session, [row])).periods[row.period_id]
    ensure_period_open(period.status, period.code)
    before, now = seen(row), await tx.now()
    row.refused_at, row.refused_by, row.refusal_reason = now, by.officer_id, reason
    row.refusal_answer = None
    await tx.publish(messages.target, row)
    record(tx, row, by=by, action="refuse", now=now, before=before, reason=reason)
    return row


async def let_stand(
    tx: Transaction, target_id: UUID, *, answer: str, by: Principal, zone: ZoneInfo
) -> TargetRow:
    """The issuer's answer to a refusal: the target stays as it is, to be acknowledged."""
    row, _, _ = await lock_as_issuer(tx, target_id, by=by, zone=zone)
    if row.refused_at is None:
        raise NothingRefused
    before = seen(row)
    row.refused_at = row.refused_by = row.refusal_reason = None
    row.refusal_answer = answer
    await tx.publish(messages.target, row)
    record(tx, row, by=by, action="let_stand", now=await tx.now(), before=before, reason=answer)
    return row
