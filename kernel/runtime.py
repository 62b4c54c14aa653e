"""What one service has in one process: made once at start, handed to routes, handlers' jobs and checks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.bells import Bell
from kernel.clock import Clock
from kernel.delivery.transaction import Database
from kernel.rates import Rates
from kernel.settings import ServiceSettings
from kernel.storage.blobs import Blobs
from kernel.tokens import ServiceTokens, SessionTokens


@dataclass
class Runtime:
    service: str
    settings: ServiceSettings
    db: Database
    clock: Clock
    blobs: Blobs
    sessions: SessionTokens
    services: ServiceTokens
    rates: Rates
    pings: dict[str, Callable[[], Any]] = field(default_factory=dict)
    """Dependencies by name; a ping is awaited and raises when the dependency does not answer."""
    revoked: set[UUID] = field(default_factory=set)
    """Sessions ended before their time, until their last token has expired."""
    bells: dict[str, Bell] = field(default_factory=dict)
    """Doorbells of jobs, by name: `runtime.wake("roll-up")`."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    def wake(self, job: str) -> None:
        self.bells.setdefault(job, Bell()).ring()
