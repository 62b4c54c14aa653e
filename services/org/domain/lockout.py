"""How long a door stays shut after wrong passwords."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.errors import TooMany, Unauthenticated

FIRST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LockRule:
    """The wrong password with which the door shuts first, and the longest that it stays shut."""

    failures: int
    longest: timedelta


class WrongCredentials(Unauthenticated):
    """The same for an unknown name and a wrong password."""

    code = "wrong-credentials"
    zh = "用户名或口令不正确"
    en = "The user name or the password is wrong"


class AccountLocked(TooMany):
    code = "account-locked"
    zh = "口令错误次数过多,请在 {retry_after} 秒后再试"
    en = "Too many wrong passwords; try again in {retry_after} seconds"


def locked_until(failures: int, at: datetime, rule: LockRule) -> datetime | None:
    """None before the rule's number of failures; then 1, 2, 4 … minutes, up to its longest."""
    if failures < rule.failures:
        return None
    doublings: int = 2 ** min(failures - rule.failures, 12)
    return at + min(FIRST_WAIT * doublings, rule.longest)


def refuse_while_locked(until: datetime | None, now: datetime) -> None:
    if until is not None and now < until:
        raise AccountLocked(retry_after=max(int((until - now).total_seconds()), 1))
