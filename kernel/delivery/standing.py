"""How a service stands: what waits in its outbox, inbox and cursors. Used by health, metrics, checks and tests."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.bus.protocol import Head
from kernel.delivery import log


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of events, and the age of the oldest unnumbered one in seconds."""

    outbox: int
    outbox_age: float
    unapplied: int
    parked: int
    incidents: int
    ghosts: int
    offers: int

    @property
    def clear(self) -> bool:
        return not (self.outbox or self.unapplied or self.parked or self.ghosts)


@dataclass(frozen=True, slots=True)
class Standing:
    head: Head
    backlog: Backlog
    cursors: dict[str, Head] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)


async def standing(session: AsyncSession) -> Standing:
    row = (
        await session.execute(
            text(
                "SELECT (SELECT count(*) FROM bus.outbox) AS outbox, "
                "coalesce((SELECT extract(epoch FROM clock_timestamp() - min(created_at)) FROM bus.outbox), 0)::float AS age, "
                "(SELECT count(*) FROM bus.inbox WHERE state IN ('recorded', 'retry')) AS unapplied, "
                "(SELECT count(*) FROM bus.inbox WHERE state = 'parked') AS parked, "
                "(SELECT count(*) FROM bus.incident WHERE resolved_at IS NULL AND kind <> 'epoch_opened') AS incidents, "
                "(SELECT count(*) FROM bus.ghost WHERE state IN ('open', 'refused')) AS ghosts, "
                "(SELECT count(*) FROM bus.offer WHERE state = 'open') AS offers"
            )
        )
    ).one()
    cursors = (await session.execute(text("SELECT stream, epoch, seq, hash, mode FROM bus.cursor"))).all()
    return Standing(
        await log.head(session),
        Backlog(row.outbox, row.age, row.unapplied, row.parked, row.incidents, row.ghosts, row.offers),
        {c.stream: Head(c.epoch, c.seq, c.hash) for c in cursors},
        {c.stream: c.mode for c in cursors},
    )


async def parked(session: AsyncSession) -> list[dict[str, Any]]:
    """The events that wait for a person, oldest first."""
    rows = await session.execute(
        text(
            "SELECT stream, seq, event_id, type, order_key, attempts, last_error, recorded_at, body "
            "FROM bus.inbox WHERE state = 'parked' ORDER BY recorded_at LIMIT 500"
        )
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name for it


async def database_size(session: AsyncSession) -> int:
    """Bytes on disk of the database that this service uses."""
    return int(await session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
