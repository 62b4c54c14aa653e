"""How long a door stays shut after wrong passwords."""

from datetime import datetime, timedelta

from kernel.errors import TooMany, Unauthenticated

FREE_FAILURES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)


class WrongCredentials(Unauthenticated):
    """The same for an unknown name and a wrong password."""

    code = "wrong-credentials"
    zh = "用户名或口令不正确"
    en = "The user name or the password is wrong"


class AccountLocked(TooMany):
    code = "account-locked"
    zh = "口令错误次数过多,请在 {retry_after} 秒后再试"
    en = "Too many wrong passwords; try again in {retry_after} seconds"


def locked_until(failures: int, at: datetime) -> datetime | None:
    """None for the first four failures; then 1, 2, 4 … at most 30 minutes."""
    if failures < FREE_FAILURES:
        return None
    doublings: int = 2 ** min(failures - FREE_FAILURES, 10)
    return at + min(FIRST_WAIT * doublings, LONGEST_WAIT)


def refuse_while_locked(until: datetime | None, now: datetime) -> None:
    if until is not None and now < until:
        raise AccountLocked(retry_after=max(int((until - now).total_seconds()), 1))
