"""Making schemes binding, and putting them away."""

from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.targets import messages
from services.targets.actions.describing import revision_of
from services.targets.actions.drafting import scheme_for_change
from services.targets.actions.recording import record, seen
from services.targets.actions.versioning import keep_version
from services.targets.domain import checks
from services.targets.domain.scheme import SchemeState, move
from services.targets.models import SchemeRow
from services.targets.queries.readiness import facts_of
from services.targets.queries.schemes import indicators_of


async def publish_scheme(tx: Transaction, scheme_id: UUID, *, by: Principal, zone: ZoneInfo) -> SchemeRow:
    """Make the scheme binding; raises SchemeNotReady with every error found."""
    row = await scheme_for_change(tx, scheme_id, by=by)
    now = await tx.now()
    status = move(SchemeState(row.status), SchemeState.PUBLISHED)
    today = now.astimezone(zone).date()
    checks.ensure_ready(checks.check(await facts_of(tx.session, row, today=today)))
    before = seen(row)
    row.status, row.effective_from, row.consult_until = status.value, today, None
    await tx.publish(messages.scheme, row)
    indicators = await indicators_of(tx.session, row.id)
    tx.session.add_all([revision_of(indicator, by=by, now=now, reason="") for indicator in indicators])
    await keep_version(tx, row, effective_from=today, reason="", by=by, now=now)
    record(tx, row, by=by, action="publish", now=now, before=before)
    return row


async def archive_scheme(tx: Transaction, scheme_id: UUID, *, reason: str, by: Principal) -> SchemeRow:
    row = await scheme_for_change(tx, scheme_id, by=by)
    before = seen(row)
    row.status = move(SchemeState(row.status), SchemeState.ARCHIVED).value
    await tx.publish(messages.scheme, row)
    record(tx, row, by=by, action="archive", now=await tx.now(), before=before, reason=reason)
    return row
