"""How often an account or an address may ask. Each process counts for itself, in memory."""

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from math import ceil
from uuid import UUID

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from kernel.clock import SystemClock
from kernel.errors import TooMany
from kernel.observability.metrics import RATE_REFUSED


@dataclass
class Rates:
    """Limits in the words of the library (`1200/minute`); an empty one is none. Methods raise TooMany."""

    service: str
    account: str
    address: str
    entry: str
    trusted: tuple[str, ...]
    _limiter: SlidingWindowCounterRateLimiter = field(init=False)

    def __post_init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._account, self._address, self._entry = (
            parse(text) if text else None for text in (self.account, self.address, self.entry)
        )
        self._networks = tuple(ip_network(text) for text in self.trusted)

    def count_account(self, account_id: UUID) -> None:
        self._count(self._account, "account", str(account_id))

    def count_address(self, address: str, *, entry: bool) -> None:
        """`entry`: somebody who wants in. Whoever sits at the machine itself is not counted."""
        if _is_here(address):
            return
        if entry:
            self._count(self._entry, "entry", address)
        self._count(self._address, "address", address)

    def address_of(self, peer: str, forwarded: str) -> str:
        """Where the request comes from: the last address that a gateway of ours has seen, or the peer itself."""
        last = forwarded.rpartition(",")[2].strip()
        if not last or not self._is_gateway(peer):
            return peer
        try:
            return str(ip_address(last))
        except ValueError:
            return peer

    def _is_gateway(self, peer: str) -> bool:
        try:
            found = ip_address(peer)
        except ValueError:
            return False
        return any(found in network for network in self._networks)

    def _count(self, limit: RateLimitItem | None, what: str, who: str) -> None:
        if limit is None or self._limiter.hit(limit, what, who):
            return
        RATE_REFUSED.labels(self.service, what).inc()
        free_at = self._limiter.get_window_stats(limit, what, who).reset_time
        raise TooMany(retry_after=max(1, ceil(free_at - SystemClock().now().timestamp())))


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
