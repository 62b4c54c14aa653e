"""What a person can do about a parked event: have it tried again, or skip it with two names and a reason."""

from uuid import UUID

from sqlalchemy import text

from kernel.delivery.transaction import Database
from kernel.errors import Invalid, NotFound


class NotParked(NotFound):
    code = "event-not-parked"
    zh = "事件 {event_id} 未处于搁置状态"
    en = "Event {event_id} is not parked"


class TwoNamesNeeded(Invalid):
    code = "two-names-needed"
    zh = "跳过事件须两名不同的人签字并说明理由"
    en = "Skipping an event needs two different names and a reason"


async def retry(db: Database, event_id: UUID) -> None:
    """Put a parked event back in line, as if it had just come."""
    await _settle(db, event_id, "state = 'recorded', attempts = 0, next_attempt_at = NULL", {})
    db.ring()


async def skip(db: Database, event_id: UUID, *, first: str, second: str, reason: str) -> None:
    """Leave a parked event without effect, for good; the decision stays in the inbox and among the incidents."""
    if not first.strip() or not second.strip() or first.strip() == second.strip() or not reason.strip():
        raise TwoNamesNeeded
    resolution = f"{first.strip()}, {second.strip()}: {reason.strip()}"
    await _settle(db, event_id, "state = 'skipped', resolution = :resolution", {"resolution": resolution})
    async with db.engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO bus.incident (kind, stream, detail, resolved_at, resolution) "
                 "VALUES ('skipped', '', :detail, clock_timestamp(), :resolution)"),
            {"detail": str(event_id), "resolution": resolution},
        )  # fmt: skip


async def _settle(db: Database, event_id: UUID, change: str, facts: dict[str, str]) -> None:
    async with db.engine.begin() as connection:
        done = await connection.execute(
            text(
                f"UPDATE bus.inbox SET {change} "  # noqa: S608 -- constants of this module
                "WHERE event_id = :event_id AND state = 'parked' RETURNING stream, seq"
            ),
            {"event_id": event_id, **facts},
        )
        row = done.first()
        if row is None:
            raise NotParked(event_id=event_id)
        await connection.execute(
            text("UPDATE bus.incident SET resolved_at = clock_timestamp(), resolution = 'settled' "
                 "WHERE kind = 'parked' AND stream = :stream AND seq = :seq AND resolved_at IS NULL"),
            {"stream": row.stream, "seq": row.seq},
        )  # fmt: skip
