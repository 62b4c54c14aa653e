"""Accounts of other systems: proposed, approved, given a key that is shown once, revoked.

A key opens tokens of ten minutes; after its revocation the last of them runs out within that time.
"""

import hashlib
import secrets
from datetime import date
from uuid import UUID

from contracts.permissions import Role
from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Invalid, NotFound, Unauthenticated
from kernel.identity import GrantClaim, Principal
from kernel.ids import derived
from services.org.actions.recording import record
from services.org.domain.roles import OwnGrant
from services.org.models import MachineRow, UnitRow
from services.org.queries import structure
from services.org.settings import OrgSettings


class MachineTaken(Conflict):
    code = "machine-name-taken"
    zh = "已有同名接口账号"
    en = "A machine of this name exists already"


class MachineState(Conflict):
    code = "machine-state"
    zh = "接口账号当前状态为 {state},不能如此处理"
    en = "The machine is {state}; this cannot be done"


class MachineTooLong(Invalid):
    code = "machine-too-long"
    zh = "有效期须在今天之后,且不超过 {days} 天"
    en = "A machine is approved for days to come, {days} at most"


class MachineRefused(Unauthenticated):
    code = "machine-refused"
    zh = "接口密钥无效、已吊销或已过期"
    en = "The key of the machine is wrong, revoked or expired"


async def propose(
    tx: Transaction, *, name: str, purpose: str, scope_unit_id: UUID, lines: tuple[str, ...], expires_on: date,
    today: date, settings: OrgSettings, by: Principal,
) -> MachineRow:  # fmt: skip
    if not today < expires_on <= today + settings.machine_key_life:
        raise MachineTooLong(days=settings.machine_key_life.days)
    await structure.unit(tx.session, scope_unit_id)
    row = MachineRow(
        name=name, purpose=purpose, scope_unit_id=scope_unit_id, lines=list(lines), status="proposed",
        expires_on=expires_on, proposed_by=by.account_id,
    )  # fmt: skip
    tx.session.add(row)
    with conflicts({"uq_machine_name": MachineTaken}):
        await tx.session.flush()
    await record(tx, "machine", row.id, "proposed", by=by, name=name)
    return row


async def decide(tx: Transaction, machine_id: UUID, to: str, *, by: Principal) -> MachineRow:
    """Approved or refused while proposed; revoked while approved."""
    row = await _locked(tx, machine_id)
    if row.status != ("approved" if to == "revoked" else "proposed"):
        raise MachineState(state=row.status)
    if to == "approved" and row.proposed_by == by.account_id:
        raise OwnGrant
    row.status, row.decided_by, row.decided_at = to, by.account_id, await tx.now()
    if to == "revoked":
        row.key_hash = None
    await record(tx, "machine", row.id, to, by=by, name=row.name)
    await tx.session.flush()
    return row


async def new_key(tx: Transaction, machine_id: UUID, *, by: Principal) -> tuple[MachineRow, str]:
    """Shown once; the one before opens nothing any more."""
    row = await _locked(tx, machine_id)
    if row.status != "approved":
        raise MachineState(state=row.status)
    key = f"kaohe_{row.id.hex}_{secrets.token_urlsafe(32)}"
    row.key_hash, row.key_made_at = _hash(key), await tx.now()
    await record(tx, "machine", row.id, "key-made", by=by, name=row.name)
    await tx.session.flush()
    return row, key


async def enter(tx: Transaction, key: str, *, today: date) -> tuple[Principal, date]:
    """Who a key belongs to, and its last day; raises MachineRefused, the same for every reason."""
    _, _, rest = key.partition("_")
    try:
        machine_id = UUID(hex=rest.partition("_")[0])
    except ValueError as error:
        raise MachineRefused from error
    row = await tx.session.get(MachineRow, machine_id, with_for_update=True)
    good = row is not None and secrets.compare_digest((row.key_hash or "").encode(), _hash(key).encode())
    if row is None or not good or row.status != "approved" or row.expires_on < today:
        raise MachineRefused
    row.seen_at = await tx.now()
    unit = await tx.session.get_one(UnitRow, row.scope_unit_id)
    grant = GrantClaim(Role.MACHINE, unit.id, unit.path, tuple(row.lines))
    await tx.session.flush()
    session = derived("machine-session", row.id, row.key_hash)
    who = Principal(row.id, session, row.name, unit_id=unit.id, unit_path=unit.path, grants=(grant,))
    return who, row.expires_on


async def _locked(tx: Transaction, machine_id: UUID) -> MachineRow:
    row = await tx.session.get(MachineRow, machine_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
