"""Giving a scheme a whole regulation as data, and revising it."""

from datetime import date
from typing import Any
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Invalid
from kernel.identity import Principal
from services.targets import messages
from services.targets.actions.drafting import scheme_for_change
from services.targets.actions.recording import moved, record, seen
from services.targets.actions.versioning import keep_version
from services.targets.domain import checks
from services.targets.domain.plan_check import checked_plan
from services.targets.domain.scheme import SchemeState, ensure_not_archived, ensure_version
from services.targets.models import SchemeRow
from services.targets.queries.readiness import facts_of


class PlanReasonMissing(Invalid):
    code = "plan-reason-missing"
    zh = "修订已发布方案的办法须写明理由"
    en = "Revising the plan of a published scheme needs a reason"


class PlanFixed(Conflict):
    code = "plan-fixed"
    zh = "已发布的方案不能在逐项计分与整套办法之间改换"
    en = "A published scheme cannot change between rules of indicators and a plan"


async def set_plan(
    tx: Transaction,
    scheme_id: UUID,
    plan: dict[str, Any] | None,
    *,
    version: int,
    reason: str | None,
    by: Principal,
    today: date,
) -> SchemeRow:
    """In a draft, freely. In a published scheme a ready plan takes the place of the old one, for periods not sealed."""
    row = await scheme_for_change(tx, scheme_id, by=by)
    ensure_not_archived(row.status)
    ensure_version(row.version, version)
    before = seen(row)
    row.plan = checked_plan(plan) if plan is not None else None
    if row.status == SchemeState.PUBLISHED:
        if (before["plan"] is None) != (row.plan is None):
            raise PlanFixed
        if reason is None:
            raise PlanReasonMissing
        checks.ensure_ready(checks.check(await facts_of(tx.session, row, today=today)))
        row.revision += 1
        row.reason = reason
    await tx.publish_many(messages.scheme, moved(tx, [row]))
    if row.status == SchemeState.PUBLISHED:
        now = await tx.now()
        await keep_version(tx, row, effective_from=today, reason=reason or "", by=by, now=now)
    record(tx, row, by=by, action="plan", now=await tx.now(), before=before, reason=reason)
    return row
