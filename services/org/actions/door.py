"""What else is asked of somebody whose password was right, and the note of it in the account's own log."""

from sqlalchemy import insert

from kernel.delivery.transaction import Transaction
from kernel.errors import Unauthenticated
from kernel.ids import new_id
from services.org.domain import second_factor
from services.org.models import AccountRow, SignInRow


class OneTimeExpired(Unauthenticated):
    code = "one-time-password-expired"
    zh = "一次性口令已过期,请到本单位管理员处重置"
    en = "The one-time password has expired; ask the administrator of your unit for another"


async def check(tx: Transaction, account: AccountRow, code: str | None) -> None:
    """Raises OneTimeExpired, CodeNeeded or CodeWrong; a code that was right is used up."""
    now = await tx.now()
    if account.must_change_password and account.one_time_until is not None and now > account.one_time_until:
        raise OneTimeExpired
    if account.totp_confirmed and account.totp_secret is not None:
        if code is None:
            raise second_factor.CodeNeeded
        account.totp_step = second_factor.step_of(account.totp_secret, code, now=now, after=account.totp_step)


async def note(tx: Transaction, account: AccountRow, outcome: str, *, client: str, address: str) -> None:
    """`outcome`: ok, wrong (password), code (wrong), expired."""
    row = {
        "id": new_id(),
        "account_id": account.id,
        "outcome": outcome,
        "client": client[:200],
        "address": address[:64],
    }
    await tx.session.execute(insert(SignInRow).values(row))
