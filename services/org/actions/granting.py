"""Roles: proposed by the roster administrator, approved by the security administrator."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.org import GrantStatus
from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from services.org import messages
from services.org.actions.recording import record
from services.org.domain.postings import check_dates
from services.org.domain.roles import RolesConflict, class_of, refuse_mixture, refuse_own
from services.org.models import GrantRow
from services.org.queries import access


class GrantState(Conflict):
    code = "grant-state"
    zh = "授权当前状态为 {state},不能如此处理"
    en = "The grant is {state}; this cannot be done"


class GrantLonger(Conflict):
    code = "grant-longer"
    zh = "提出的授权到 {proposed} 为止,批准时只能缩短"
    en = "The grant is proposed until {proposed}; approval can only make it shorter"


class ReferenceMissing(NotFound):
    code = "grant-reference"
    zh = "账号或单位不存在"
    en = "There is no such account or unit"


@dataclass(frozen=True, slots=True)
class Wish:
    account_id: UUID
    role: str
    scope_unit_id: UUID
    lines: tuple[str, ...]
    valid_from: date
    valid_to: date | None


_REFUSALS = {
    "grant_separation": RolesConflict,
    "fk_role_grant_account_id": ReferenceMissing,
    "fk_role_grant_scope_unit_id": ReferenceMissing,
}


async def propose(tx: Transaction, wishes: Sequence[Wish], *, by: Principal) -> list[GrantRow]:
    """All or none. The mixture of roles is refused here for a clear answer, and by the database in any case."""
    held: dict[UUID, list[str]] = defaultdict(list)
    for grant in await access.live_grants(tx.session, [wish.account_id for wish in wishes]):
        held[grant.account_id].append(grant.role)
    rows = []
    for wish in wishes:
        check_dates(wish.valid_from, wish.valid_to)
        role_class = class_of(wish.role)
        refuse_mixture(wish.role, held[wish.account_id])
        held[wish.account_id].append(wish.role)
        rows.append(
            GrantRow(
                account_id=wish.account_id,
                role=wish.role,
                role_class=role_class,
                scope_unit_id=wish.scope_unit_id,
                lines=list(wish.lines),
                status=GrantStatus.PROPOSED,
                valid_from=wish.valid_from,
                valid_to=wish.valid_to,
                proposed_by=by.account_id,
            )
        )
    tx.session.add_all(rows)
    with conflicts(_REFUSALS):
        officers = await access.officers_of(tx.session, [row.account_id for row in rows])
        await tx.publish_many(messages.grant_of(officers), rows)
    for row in rows:
        await record(tx, "grant", row.id, "proposed", by=by, role=row.role)
    return rows


async def decide(
    tx: Transaction, grant_ids: Sequence[UUID], to: GrantStatus, *, by: Principal, until: date | None = None
) -> list[GrantRow]:
    """Approve, refuse (what is proposed) or revoke (what is approved). `until`: approved for a shorter time than proposed."""
    rows = await access.lock_grants(tx.session, grant_ids)
    wanted = GrantStatus.APPROVED if to is GrantStatus.REVOKED else GrantStatus.PROPOSED
    now = await tx.now()
    for row in rows:
        if row.status != wanted:
            raise GrantState(state=row.status)
        if to is GrantStatus.APPROVED:
            refuse_own(approver=by.account_id, account=row.account_id, proposed_by=row.proposed_by)
        if until is not None:
            _shorten(row, until)
        row.status, row.decided_by, row.decided_at = to, by.account_id, now
    with conflicts(_REFUSALS):
        officers = await access.officers_of(tx.session, [row.account_id for row in rows])
        await tx.publish_many(messages.grant_of(officers), rows)
    for row in rows:
        shorter = {"until": until} if until else {}
        await record(tx, "grant", row.id, to, by=by, role=row.role, **shorter)
    return rows


def _shorten(row: GrantRow, until: date) -> None:
    check_dates(row.valid_from, until)
    if row.valid_to is not None and until > row.valid_to:
        raise GrantLonger(proposed=row.valid_to.isoformat())
    row.valid_to = until
