"""A dated substitute for an absent assessor or adjudicator."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound
from kernel.identity import Principal
from services.org import messages
from services.org.actions import signing_in
from services.org.actions.recording import record
from services.org.domain.roles import refuse_mixture
from services.org.domain.substitution import NotDelegable, check_delegation
from services.org.messages import DelegationNamed
from services.org.models import AccountRow, DelegationRow, GrantRow
from services.org.queries import access


@dataclass(frozen=True, slots=True)
class NewDelegation:
    grant_id: UUID
    to_account_id: UUID
    valid_from: date
    valid_to: date
    reason: str


async def delegate(tx: Transaction, wish: NewDelegation, *, by: Principal) -> DelegationNamed:
    """By the holder himself. The substitute's open sessions are renewed with the new right at their next refresh."""
    [grant] = await access.lock_grants(tx.session, [wish.grant_id])
    mine = grant.account_id == by.account_id
    others = await tx.session.execute(
        select(DelegationRow.valid_from, DelegationRow.valid_to).where(
            DelegationRow.grant_id == grant.id, DelegationRow.ended_at.is_(None)
        )
    )
    check_delegation(
        role=grant.role,
        approved=grant.status == "approved",
        own=mine,
        grant=(grant.valid_from, grant.valid_to),
        wanted=(wish.valid_from, wish.valid_to),
        others=[(since, until) for since, until in others],
    )
    substitute = await access.account(tx.session, wish.to_account_id)
    if substitute.officer_id is None or substitute.status != "open" or substitute.id == by.account_id:
        raise NotDelegable
    refuse_mixture(grant.role, [g.role for g in await access.live_grants(tx.session, [substitute.id])])
    row = DelegationRow(
        grant_id=grant.id,
        from_account_id=by.account_id,
        to_account_id=substitute.id,
        reason=wish.reason,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
    )
    tx.session.add(row)
    await tx.session.flush()
    named = DelegationNamed(row, grant, await access.account(tx.session, by.account_id), substitute)
    await tx.publish(messages.delegation, named)
    await record(tx, "delegation", row.id, "delegated", by=by, to=substitute.id, role=grant.role)
    return named


async def end(tx: Transaction, delegation_id: UUID, *, by: Principal, anybody: bool) -> DelegationNamed:
    """At once, also for sessions that are open: the substitute's end, and begin anew without the right."""
    row = await tx.session.get(DelegationRow, delegation_id, with_for_update=True)
    if row is None or not (anybody or by.account_id in {row.from_account_id, row.to_account_id}):
        raise NotFound
    named = await _named(tx, row)
    if row.ended_at is None:
        row.ended_at = await tx.now()
        await tx.publish(messages.delegation, named)
        await signing_in.end_all(tx, row.to_account_id)
        await record(tx, "delegation", row.id, "ended", by=by)
    return named


async def _named(tx: Transaction, row: DelegationRow) -> DelegationNamed:
    grant = await tx.session.get_one(GrantRow, row.grant_id)
    giver = await tx.session.get_one(AccountRow, row.from_account_id)
    return DelegationNamed(row, grant, giver, await tx.session.get_one(AccountRow, row.to_account_id))
