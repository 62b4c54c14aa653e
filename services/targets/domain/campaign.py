"""专项行动: what one may look like, and where two reward the same work twice."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from kernel.errors import Conflict, Invalid

_MOVES: Final = {"draft": {"draft", "open"}, "open": {"closed"}, "closed": set[str]()}


class CampaignMoveRefused(Conflict):
    code = "campaign-move-refused"
    zh = "专项当前状态为 {status},不能这样办理"
    en = "The campaign is {status}; this cannot be done with it"


class CampaignDaysInvalid(Invalid):
    code = "campaign-days-invalid"
    zh = "专项起止日期应在考核周期 {starts_on} 至 {ends_on} 之内"
    en = "The days of the campaign must lie in the period, {starts_on} to {ends_on}"


def move(status: str, wanted: str, *, again: bool = False) -> None:
    """`again`: it is in that state and stays in it."""
    allowed = status == wanted if again else wanted in _MOVES[status]
    if not allowed:
        raise CampaignMoveRefused(status=status)


def ensure_campaign(starts_on: date, ends_on: date, period_starts: date, period_ends: date) -> None:
    if not period_starts <= starts_on <= ends_on <= period_ends:
        raise CampaignDaysInvalid(starts_on=period_starts.isoformat(), ends_on=period_ends.isoformat())


@dataclass(frozen=True, slots=True)
class Pool:
    """A campaign as far as pools can overlap; no units: everybody."""

    id: UUID
    code: str
    name: str
    starts_on: date
    ends_on: date
    indicators: frozenset[str]
    units: frozenset[str]
    closed: bool

    def meets(self, other: "Pool") -> bool:
        """Some day of both, for the same people or by the same indicator."""
        if self.closed or other.closed:
            return False
        days = self.starts_on <= other.ends_on and other.starts_on <= self.ends_on
        people = not self.units or not other.units or bool(self.units & other.units)
        return days and (people or bool(self.indicators & other.indicators))
