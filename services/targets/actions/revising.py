"""Changing the quantity of a target, and taking targets back."""

from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import true

from kernel.delivery.recusals import free_of
from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.recusal import About
from services.targets import messages
from services.targets.actions.issuing import change_targets
from services.targets.actions.recording import record, seen
from services.targets.domain.scheme import SumCheck, ensure_version
from services.targets.domain.splitting import ensure_within
from services.targets.domain.target import (
    NothingSplit,
    NotYoursToSplit,
    OutsideScope,
    SplitAcknowledged,
    TargetState,
    ensure_childless,
    ensure_period_open,
    move,
    revised,
)
from services.targets.models import PeriodRow, SchemeRow, TargetRow
from services.targets.queries import org
from services.targets.queries.targets import (
    descendants,
    get_target,
    handed_down,
    lock_targets,
    setting_of,
    worked_on,
)
from services.targets.queries.visibility import visible_to


async def revise(
    tx: Transaction,
    target_id: UUID,
    *,
    quantity: Decimal,
    reason: str,
    version: int,
    by: Principal,
    zone: ZoneInfo,
) -> TargetRow:
    """A new quantity, to be acknowledged again; the sums above and below must still hold."""
    row, scheme, period = await lock_as_issuer(tx, target_id, by=by, zone=zone)
    ensure_version(row.version, version)
    ensure_period_open(period.status, period.code)
    status = revised(TargetState(row.status))
    blocking = scheme.split_check == SumCheck.BLOCKING
    below = (await handed_down(tx.session, [row.id])).get(row.id)
    if below is not None:
        ensure_within(quantity, below.total, blocking=blocking)
    if row.parent_id is not None:
        parent = await get_target(tx.session, row.parent_id, where=true())
        total = (await handed_down(tx.session, [parent.id]))[parent.id].total - row.quantity + quantity
        if quantity > row.quantity:
            ensure_within(parent.quantity, total, blocking=blocking)
    before = seen(row)
    row.status, row.previous_quantity, row.quantity = status.value, row.quantity, quantity
    row.reason = reason
    row.refused_at = row.refused_by = row.refusal_reason = None
    if status is TargetState.REVISED:
        row.acknowledged_at, row.acknowledged_by = None, None
    await tx.publish(messages.target, row)
    record(tx, row, by=by, action="revise", now=await tx.now(), before=before, reason=reason)
    return row


async def withdraw(
    tx: Transaction, target_id: UUID, *, reason: str, below_too: bool, by: Principal, zone: ZoneInfo
) -> list[TargetRow]:
    """Take a target back, with everything it was split into if `below_too`; the target itself comes first."""
    row, _, period = await lock_as_issuer(tx, target_id, by=by, zone=zone)
    move(TargetState(row.status), TargetState.WITHDRAWN)
    ensure_period_open(period.status, period.code)
    below = await descendants(tx.session, row.id)
    if not below_too:
        ensure_childless(len(below))
    rows = await lock_targets(tx.session, [row.id, *below], where=true())
    later = set(await descendants(tx.session, row.id)) - set(below)  # split while this waited for the locks
    rows |= await lock_targets(tx.session, later, where=true())
    changed = await change_targets(
        tx,
        rows,
        {"status": TargetState.WITHDRAWN.value, "reason": reason},
        by=by,
        action="withdraw",
        reason=reason,
    )
    return sorted(changed, key=lambda one: (one.id != row.id, one.id))


async def undo_split(
    tx: Transaction, target_id: UUID, *, reason: str | None, by: Principal
) -> list[TargetRow]:
    """Take back all parts of a split, as long as nobody has acknowledged, split or begun to work on any of them."""
    row = (await lock_targets(tx.session, [target_id], where=visible_to(by)))[target_id]
    carrier = (await org.units(tx.session, [row.unit_id]))[row.unit_id]
    if not by.covers("targets:cascade", carrier.path):
        raise NotYoursToSplit
    period = (await setting_of(tx.session, [row])).periods[row.period_id]
    ensure_period_open(period.status, period.code)
    below = await descendants(tx.session, row.id)
    if not below:
        raise NothingSplit
    parts = await lock_targets(tx.session, below, where=true())
    settled = {p.id for p in parts.values() if p.parent_id != row.id or p.status != TargetState.ISSUED}
    settled |= await worked_on(tx.session, below)
    if settled:
        raise SplitAcknowledged(parts=len(settled))
    values = {"status": TargetState.WITHDRAWN.value, "reason": reason}
    return await change_targets(tx, parts, values, by=by, action="undo_split", reason=reason)


async def lock_as_issuer(
    tx: Transaction, target_id: UUID, *, by: Principal, zone: ZoneInfo
) -> tuple[TargetRow, SchemeRow, PeriodRow]:
    """The target and what it stands in, its parent locked before it; by those who issue there, or who handed it down.

    Never by whoever is its subject or is recused from it: what becomes of one target is a decision about its subject.
    """
    found = await get_target(tx.session, target_id, where=visible_to(by))
    ids = [found.id] if found.parent_id is None else [found.parent_id, found.id]
    rows = await lock_targets(tx.session, ids, where=true())
    row = rows[target_id]
    setting = await setting_of(tx.session, [row])
    unit = (await org.units(tx.session, [row.unit_id]))[row.unit_id]
    allowed = by.covers("targets:issue", unit.path, setting.indicators[row.indicator_id].line)
    if not allowed and row.parent_id is not None:
        issuer = (await org.units(tx.session, [row.issuer_unit_id]))[row.issuer_unit_id]
        allowed = by.covers("targets:cascade", issuer.path)
    if not allowed:
        raise OutsideScope
    about = About(row.subject_kind, row.subject_id, unit.path)
    await free_of(
        tx, "targets:issue", about, today=(await tx.now()).astimezone(zone).date(), by=by
    )  # no grant of these can be delegated
    return row, setting.schemes[row.scheme_id], setting.periods[row.period_id]
