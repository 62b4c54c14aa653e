"""The receipt of arrival: what was sent, when it was there by the database's clock, and until when it could be sent."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

HEAD = "kaohe-arrival/v1"
#: The name of the key that signs receipts, in the notation of C2SP signed notes.
KEY_NAME = "kaohe-submissions/arrivals"


@dataclass(frozen=True, slots=True)
class Arrival:
    """`content_sha256` is the content hash of the submission's event in this version (docs/reference/bus.md)."""

    number: str
    submission_id: UUID
    version: int
    arrived_at: datetime
    open_until: datetime
    late: bool
    content_sha256: str

    @property
    def text(self) -> str:
        """The signed text; one fact a line, in this order, moments in UTC to the microsecond."""
        lines = (
            HEAD,
            f"number {self.number}",
            f"submission {self.submission_id}",
            f"version {self.version}",
            f"arrived {_moment(self.arrived_at)}",
            f"open-until {_moment(self.open_until)}",
            f"late {'yes' if self.late else 'no'}",
            f"content-sha256 {self.content_sha256}",
        )
        return "".join(f"{line}\n" for line in lines)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
