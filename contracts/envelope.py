"""What every event has in common, and the envelope it travels in."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """The whole state of one aggregate at one version. Fields may be added; nothing is renamed, removed or narrowed.

    Decimals travel as strings, moments as RFC 3339 in UTC, days as ISO dates; there are no floating-point numbers.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    stream: ClassVar[str]
    type: ClassVar[str]

    id: UUID
    version: int

    @property
    def order_key(self) -> str:
        """What must be applied in order at every consumer."""
        return f"{self.type}:{self.id}"


class Headers(BaseModel):
    """What accompanies an event and is not part of its hash."""

    model_config = ConfigDict(extra="allow")

    correlation_id: str | None = None
    causation_id: str | None = None
    actor: str | None = None
    traceparent: str | None = None


class Envelope(BaseModel):
    """One row of a producer's event log, as pushed by the broker and as served by the feed.

    `body` is the canonical text (RFC 8785) that was hashed; hashes are lower-case hexadecimal SHA-256:
    `content_hash = H(0x10 || body)`, `hash = H(0x11 || prev || u32 epoch || u64 seq || event_id || content_hash)`.
    """

    model_config = ConfigDict(frozen=True)

    stream: str
    epoch: int
    seq: int
    event_id: UUID
    type: str
    aggregate_id: str
    aggregate_version: int
    order_key: str
    body: str
    headers: Headers
    created_at: datetime
    content_hash: str
    prev_hash: str
    hash: str
