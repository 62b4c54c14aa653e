"""Opening and closing accounts, and their passwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Invalid, NotFound
from kernel.identity import Principal
from services.org.actions import hashing, signing_in
from services.org.actions.recording import record
from services.org.domain.passwords import KEPT, PasswordWeak, Policy, check_password, one_time_password
from services.org.models import AccountRow, OfficerRow
from services.org.queries import access, people
from services.org.queries.configured import demands
from services.org.settings import OrgSettings

#: A password from a slip opens nothing but its own change, and that not for ever.
ONE_TIME_LIFE = timedelta(days=7)


class UsernameTaken(Conflict):
    code = "username-taken"
    zh = "用户名已被使用,或该人员已有账号"
    en = "The user name is taken, or the officer has an account already"


class WrongPassword(Invalid):
    code = "current-password-wrong"
    zh = "当前口令不正确"
    en = "The current password is wrong"


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to the person, once."""

    account: AccountRow
    police_number: str | None
    one_time_password: str


_TAKEN = {"uq_account_username": UsernameTaken, "uq_account_officer_id": UsernameTaken}


async def open_for_officers(tx: Transaction, officer_ids: Sequence[UUID], *, by: Principal) -> list[Slip]:
    """Accounts named by police number. Those who have one already are a conflict; nothing is opened then."""
    found = await people.names(tx.session, officer_ids)
    if missing := set(officer_ids) - found.keys():
        raise NotFound(officers=sorted(missing))
    wanted = [found[officer_id] for officer_id in dict.fromkeys(officer_ids)]
    passwords = [one_time_password() for _ in wanted]
    hashes = await hashing.hashed_all(passwords)
    now = await tx.now()
    rows = [_account(officer, digest, now) for officer, digest in zip(wanted, hashes, strict=True)]
    tx.session.add_all(rows)
    with conflicts(_TAKEN):
        await tx.session.flush()
    for row in rows:
        await record(tx, "account", row.id, "opened", by=by, username=row.username)
    return [Slip(row, o.police_number, p) for row, o, p in zip(rows, wanted, passwords, strict=True)]


def _account(officer: OfficerRow, digest: str, now: datetime) -> AccountRow:
    return AccountRow(
        username=officer.police_number,
        name=officer.name,
        officer_id=officer.id,
        password_hash=digest,
        password_changed_at=now,
        one_time_until=now + ONE_TIME_LIFE,
    )


async def open_named(tx: Transaction, username: str, name: str, *, by: Principal | None) -> Slip:
    """An account without a police number: an administrator's."""
    password = one_time_password()
    digest = await hashing.hashed(password)
    now = await tx.now()
    row = AccountRow(
        username=username,
        name=name,
        password_hash=digest,
        password_changed_at=now,
        one_time_until=now + ONE_TIME_LIFE,
    )
    tx.session.add(row)
    with conflicts(_TAKEN):
        await tx.session.flush()
    await record(tx, "account", row.id, "opened", by=by, username=username)
    return Slip(row, None, password)


async def reset_password(tx: Transaction, account_id: UUID, *, by: Principal) -> Slip:
    row = await access.lock_account(tx.session, account_id)
    password = one_time_password()
    await _set(tx, row, password, must_change=True)
    await signing_in.end_all(tx, row.id)
    await record(tx, "account", row.id, "password-reset", by=by)
    return Slip(row, row.username, password)


async def change_password(
    tx: Transaction, *, current: str, new: str, by: Principal, settings: OrgSettings
) -> AccountRow:
    """All sessions of the account end; the person signs in anew."""
    row = await access.lock_account(tx.session, by.account_id)
    if not await hashing.matches(row.password_hash, current):
        raise WrongPassword
    asked = await demands(tx.session, (await tx.now()).astimezone(ZoneInfo(settings.timezone)).date())
    check_password(Policy(settings.password_policy), asked, new, username=row.username)
    for former in [row.password_hash, *row.former_hashes[: asked.former - 1]]:
        if await hashing.matches(former, new):
            raise PasswordWeak(
                reason_zh=f"不得与最近 {asked.former} 个口令相同",
                reason_en=f"it must differ from the last {asked.former}",
            )
    await _set(tx, row, new, must_change=False)
    await signing_in.end_all(tx, row.id)
    await record(tx, "account", row.id, "password-changed", by=by)
    return row


async def set_status(tx: Transaction, account_id: UUID, status: str, *, by: Principal) -> AccountRow:
    row = await access.lock_account(tx.session, account_id)
    if row.status != status:
        row.status = status
        if status == "closed":
            await signing_in.end_all(tx, row.id)
        await record(tx, "account", row.id, status, by=by)
        await tx.session.flush()
    return row


async def rehash(row: AccountRow, password: str) -> None:
    """After a right password whose hash was made with older parameters."""
    row.password_hash = await hashing.hashed(password)


async def any_account(tx: Transaction) -> bool:
    return (await tx.session.scalar(select(AccountRow.id).limit(1))) is not None


async def _set(tx: Transaction, row: AccountRow, password: str, *, must_change: bool) -> None:
    row.former_hashes = [row.password_hash, *row.former_hashes][:KEPT]
    row.password_hash = await hashing.hashed(password)
    row.password_changed_at = await tx.now()
    row.must_change_password = must_change
    row.one_time_until = await tx.now() + ONE_TIME_LIFE if must_change else None
    await tx.session.flush()
