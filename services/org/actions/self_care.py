"""What people do about themselves: first sign-in, preferences, authenticator, wrong data."""

from typing import Any
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from services.org.actions.recording import record
from services.org.domain import second_factor
from services.org.models import AccountRow, RosterReportRow
from services.org.queries import access


class ReportSettled(Conflict):
    code = "roster-report-settled"
    zh = "该反馈已处理"
    en = "The report is settled already"


class NoOfficer(Conflict):
    code = "account-without-officer"
    zh = "该账号没有关联人员"
    en = "This account belongs to no officer"


async def confirm(tx: Transaction, *, by: Principal) -> AccountRow:
    """Name, unit and post are right."""
    row = await access.lock_account(tx.session, by.account_id)
    row.confirmed_at = await tx.now()
    await record(tx, "account", row.id, "confirmed", by=by)
    await tx.session.flush()
    return row


async def report(tx: Transaction, note: str, *, by: Principal) -> RosterReportRow:
    """Something about oneself is wrong: for the roster administrator."""
    account = await access.lock_account(tx.session, by.account_id)
    if account.officer_id is None:
        raise NoOfficer
    row = RosterReportRow(account_id=account.id, officer_id=account.officer_id, note=note)
    tx.session.add(row)
    await tx.session.flush()
    await tx.session.refresh(row, ["created_at"])
    await record(tx, "roster-report", row.id, "reported", by=by)
    return row


async def settle(tx: Transaction, report_id: UUID, answer: str, *, by: Principal) -> RosterReportRow:
    row = await tx.session.get(RosterReportRow, report_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.status != "open":
        raise ReportSettled
    row.status, row.answer, row.settled_by, row.settled_at = "settled", answer, by.account_id, await tx.now()
    await record(tx, "roster-report", row.id, "settled", by=by, answer=answer)
    await tx.session.flush()
    return row


async def prefer(tx: Transaction, preferences: dict[str, Any], *, by: Principal) -> AccountRow:
    row = await access.lock_account(tx.session, by.account_id)
    row.preferences = {**row.preferences, **preferences}
    await record(tx, "account", row.id, "preferences", by=by)
    await tx.session.flush()
    return row


async def begin_authenticator(tx: Transaction, *, by: Principal) -> tuple[AccountRow, str]:
    """A fresh key, in force once a code of it was shown; the old one holds until then only if there was none."""
    row = await access.lock_account(tx.session, by.account_id)
    secret = second_factor.new_secret()
    row.totp_secret, row.totp_confirmed, row.totp_step = secret, False, 0
    await record(tx, "account", row.id, "authenticator-begun", by=by)
    await tx.session.flush()
    return row, secret


async def confirm_authenticator(tx: Transaction, code: str, *, by: Principal) -> AccountRow:
    row = await access.lock_account(tx.session, by.account_id)
    if row.totp_secret is None:
        raise second_factor.CodeNotAsked
    row.totp_step = second_factor.step_of(row.totp_secret, code, now=await tx.now(), after=row.totp_step)
    row.totp_confirmed = True
    await record(tx, "account", row.id, "authenticator-confirmed", by=by)
    await tx.session.flush()
    return row


async def drop_authenticator(tx: Transaction, account_id: UUID, *, by: Principal) -> AccountRow:
    """One's own with a code is the route's matter; somebody else's lost phone is the security administrator's."""
    row = await access.lock_account(tx.session, account_id)
    row.totp_secret, row.totp_confirmed, row.totp_step = None, False, 0
    await record(tx, "account", row.id, "authenticator-dropped", by=by)
    await tx.session.flush()
    return row
