"""What a person can do about what stopped: have a parked event tried again, skip it, resume a stream that was halted."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.delivery.transaction import Database, Transaction
from kernel.errors import Invalid, NotFound
from kernel.identity import Principal


class NotParked(NotFound):
    code = "event-not-parked"
    zh = "事件 {event_id} 未处于搁置状态"
    en = "Event {event_id} is not parked"


class NotHalted(NotFound):
    code = "stream-not-halted"
    zh = "事件流 {stream} 没有停止"
    en = "The stream {stream} has not stopped"


class TwoNamesNeeded(Invalid):
    code = "two-names-needed"
    zh = "此项处置须两名不同的人签字并说明理由"
    en = "This decision needs two different names and a reason"


_AGAIN = "state = 'recorded', attempts = 0, next_attempt_at = NULL"


async def retry(db: Database, event_id: UUID) -> None:
    """Put a parked event back in line, as if it had just come."""
    async with db.engine.begin() as connection:
        await _settle(connection, event_id, _AGAIN, {})
    db.ring()


async def retry_in(tx: Transaction, event_id: UUID, *, by: Principal) -> None:
    """The same within a transaction, and in the audit log under a name; ring afterwards."""
    await _settle(await tx.session.connection(), event_id, _AGAIN, {})
    tx.act("retried", "event", event_id, by=by)


async def skip(db: Database, event_id: UUID, *, first: str, second: str, reason: str) -> None:
    """Leave a parked event without effect, for good; the decision stays in the inbox and among the incidents."""
    require_two(first, second, reason)
    resolution = f"{first.strip()}, {second.strip()}: {reason.strip()}"
    async with db.engine.begin() as connection:
        await _settle(
            connection,
            event_id,
            "state = 'skipped', resolution = :resolution",
            {"resolution": resolution},
        )
        await connection.execute(
            text("INSERT INTO bus.incident (kind, stream, detail, resolved_at, resolution) "
                 "VALUES ('skipped', '', :detail, clock_timestamp(), :resolution)"),
            {"detail": str(event_id), "resolution": resolution},
        )  # fmt: skip


async def resume(db: Database, stream: str, *, first: str, second: str, reason: str) -> None:
    """Go on with a stream that stopped at a wrong hash. If the bytes at the producer are still wrong, it stops again."""
    require_two(first, second, reason)
    resolution = f"{first.strip()}, {second.strip()}: {reason.strip()}"
    async with db.engine.begin() as connection:
        done = await connection.execute(
            text("UPDATE bus.cursor SET mode = 'live' WHERE stream = :stream AND mode = 'halted'"),
            {"stream": stream},
        )
        if not done.rowcount:
            raise NotHalted(stream=stream)
        await connection.execute(
            text("UPDATE bus.incident SET resolved_at = clock_timestamp(), resolution = :resolution "
                 "WHERE kind = 'hash_mismatch' AND stream = :stream AND resolved_at IS NULL"),
            {"stream": stream, "resolution": resolution},
        )  # fmt: skip


def require_two(first: str, second: str, reason: str) -> None:
    """Raises TwoNamesNeeded unless two different people sign and say why."""
    if not first.strip() or not second.strip() or first.strip() == second.strip() or not reason.strip():
        raise TwoNamesNeeded


async def _settle(connection: AsyncConnection, event_id: UUID, change: str, facts: dict[str, str]) -> None:
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
