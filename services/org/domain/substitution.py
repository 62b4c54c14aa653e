"""Acting for an absent assessor or adjudicator: one level, for some days, never by oneself."""

from collections.abc import Iterable
from datetime import date, timedelta

from kernel.errors import Conflict, Forbidden, Invalid

DELEGABLE = frozenset({"assessor", "adjudicator"})
LONGEST = timedelta(days=180)


class NotDelegable(Forbidden):
    code = "delegation-not-delegable"
    zh = "只能委托本人持有的审核、裁决授权;受托的授权不得再委托"
    en = "Only one's own grant as assessor or adjudicator can be delegated, never one that was delegated"


class DelegationDates(Invalid):
    code = "delegation-dates"
    zh = "委托期限须在授权有效期内,且不超过 {days} 天"
    en = "A delegation lies within its grant and lasts at most {days} days"


class DelegationTwice(Conflict):
    code = "delegation-twice"
    zh = "该授权在此期间已有委托"
    en = "The grant is delegated in that time already"


def check_delegation(
    *,
    role: str,
    approved: bool,
    own: bool,
    grant: tuple[date, date | None],
    wanted: tuple[date, date],
    others: Iterable[tuple[date, date]],
) -> None:
    """Raises NotDelegable, DelegationDates or DelegationTwice."""
    if role not in DELEGABLE or not approved or not own:
        raise NotDelegable
    start, end = wanted
    if end < start or start < grant[0] or (grant[1] is not None and end > grant[1]) or end - start > LONGEST:
        raise DelegationDates(days=LONGEST.days)
    if any(start <= until and since <= end for since, until in others):
        raise DelegationTwice
