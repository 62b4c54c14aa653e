"""Signing in and out: passwords, lock-out, sessions that are refreshed and can be ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from contracts.permissions import ADMINISTRATOR_ROLES
from kernel.audit.acting import Actor, ActorKind
from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound, Unauthenticated
from kernel.identity import GrantClaim, Principal
from services.org import messages
from services.org.actions.recording import record
from services.org.domain import lockout
from services.org.domain.passwords import Policy, expires
from services.org.models import AccountRow, SessionRow, SignInFailureRow
from services.org.queries import access, people
from services.org.queries.access import Rights
from services.org.queries.configured import demands, lock_rule
from services.org.settings import OrgSettings

#: Two tabs may refresh at the same moment: the secret before the last is good for this long.
GRACE = timedelta(seconds=30)


class SessionEnded(Unauthenticated):
    code = "session-ended"
    zh = "会话已结束,请重新登录"
    en = "The session has ended; please sign in again"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What goes into the cookies; `secret` is None when a refresh within the grace keeps the newer one.

    `rights_until`: when the first of the rights ends, None if none does.
    """

    row: SessionRow
    account: AccountRow
    principal: Principal
    secret: str | None
    must_change_password: bool
    rights_until: datetime | None = None


async def refuse_locked(tx: Transaction, username: str) -> None:
    row = await tx.session.get(SignInFailureRow, username)
    lockout.refuse_while_locked(row.locked_until if row else None, await tx.now())


def refused(tx: Transaction, username: str, why: str) -> None:
    """Somebody did not get in: in the audit log, under the name that was tried."""
    tx.act("sign-in-refused", "account", username, by=Actor(ActorKind.UNKNOWN, username), after={"why": why})


async def count_failure(tx: Transaction, username: str, *, settings: OrgSettings) -> None:
    """One more wrong password under this name."""
    refused(tx, username, "wrong-credentials")
    now = await tx.now()
    row = await tx.session.get(SignInFailureRow, username, with_for_update=True)
    failures = (row.failures if row else 0) + 1
    rule = await lock_rule(tx.session, now.astimezone(ZoneInfo(settings.timezone)).date())
    values = {"failures": failures, "locked_until": lockout.locked_until(failures, now, rule), "at": now}
    statement = insert(SignInFailureRow).values(username=username, **values)
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["username"], set_=values))


async def begin(
    tx: Transaction, account: AccountRow, *, client: str, address: str = "", settings: OrgSettings
) -> SignedIn:
    """A new session for somebody whose password was right."""
    now = await tx.now()
    await tx.session.execute(delete(SignInFailureRow).where(SignInFailureRow.username == account.username))
    secret = secrets.token_urlsafe(32)
    row = SessionRow(
        account_id=account.id,
        secret_hash=_hash(secret),
        rotated_at=now,
        csrf=secrets.token_urlsafe(24),
        started_at=now,
        seen_at=now,
        idle_until=now,
        ends_at=now,
        client=client[:200],
        address=address[:64],
    )
    tx.session.add(row)
    await tx.session.flush()
    done = await _signed_in(tx, row, account, secret=secret, now=now, settings=settings, first=True)
    tx.act("signed-in", "session", row.id, by=done.principal, after={"client": row.client})
    return done


async def refresh(tx: Transaction, secret: str, *, settings: OrgSettings) -> SignedIn:
    """Go on with a session; raises SessionEnded when it was ended, idle too long, or too old."""
    now = await tx.now()
    digest = _hash(secret)
    row = await access.session_by_secret(tx.session, digest)
    if row is None or row.revoked_at is not None or now > row.idle_until or now > row.ends_at:
        raise SessionEnded
    account = await access.lock_account(tx.session, row.account_id)
    if account.status != "open":
        raise SessionEnded
    if row.secret_hash != digest:
        if now > row.rotated_at + GRACE:
            # An old secret after the grace: somebody has a copy. The session ends for both.
            await _revoke(tx, row, now)
            await record(tx, "session", row.id, "copied-secret", by=_nobody(row, account))
            return SignedIn(row, account, _nobody(row, account), None, must_change_password=False)
        return await _signed_in(tx, row, account, secret=None, now=now, settings=settings)
    fresh = secrets.token_urlsafe(32)
    row.former_hash, row.secret_hash, row.rotated_at = row.secret_hash, _hash(fresh), now
    return await _signed_in(tx, row, account, secret=fresh, now=now, settings=settings)


async def end(tx: Transaction, session_id: UUID, *, by: Principal, own_only: bool) -> SessionRow:
    row = await access.lock_session(tx.session, session_id)
    if own_only and row.account_id != by.account_id:
        raise NotFound
    if row.revoked_at is None:
        await _revoke(tx, row, await tx.now())
        await record(tx, "session", row.id, "ended", by=by)
    return row


async def end_all(tx: Transaction, account_id: UUID) -> None:
    """After a new password or the closing of an account, nobody goes on with the old rights."""
    now = await tx.now()
    for row in await access.open_sessions(tx.session, account_id):
        await _revoke(tx, row, now)


async def _revoke(tx: Transaction, row: SessionRow, now: datetime) -> None:
    row.revoked_at = now
    await tx.publish(messages.session, row)


async def _signed_in(
    tx: Transaction,
    row: SessionRow,
    account: AccountRow,
    *,
    secret: str | None,
    now: datetime,
    settings: OrgSettings,
    first: bool = False,
) -> SignedIn:
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    until = expires(
        Policy(settings.password_policy), account.password_changed_at, await demands(tx.session, day)
    )
    must_change = account.must_change_password or (until is not None and now > until)
    rights = Rights((), None) if must_change else await access.rights_on(tx.session, account.id, day)
    principal = (
        _nobody(row, account) if must_change else await _principal(tx, row, account, rights.claims, day)
    )
    administrator = any(role in ADMINISTRATOR_ROLES for role in principal.roles())
    idle = settings.administrator_idle if administrator else settings.session_idle
    if first:
        row.ends_at = now + (settings.administrator_absolute if administrator else settings.session_absolute)
    row.seen_at, row.idle_until = now, now + idle
    await tx.session.flush()
    ends = end_of(rights.last_day, ZoneInfo(settings.timezone)) if rights.last_day else None
    return SignedIn(row, account, principal, secret, must_change, ends)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after it, by the bureau's clock: rights hold through their last day."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


async def _principal(
    tx: Transaction, row: SessionRow, account: AccountRow, grants: tuple[GrantClaim, ...], day: date
) -> Principal:
    """Rights as of the bureau's own day."""
    unit = await people.primary_unit(tx.session, account.officer_id, day) if account.officer_id else None
    return Principal(
        account_id=account.id,
        session_id=row.id,
        name=account.name,
        officer_id=account.officer_id,
        unit_id=unit.id if unit else None,
        unit_path=unit.path if unit else None,
        grants=grants,
    )


def _nobody(row: SessionRow, account: AccountRow) -> Principal:
    """Somebody who must change the password first: may do nothing else."""
    return Principal(account_id=account.id, session_id=row.id, name=account.name)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
