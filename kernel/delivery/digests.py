"""One figure for the state of a table, to compare a replica with its source."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Digest:
    count: int
    sha256: str


_DIGEST = (
    "SELECT count(*) AS n, encode(sha256(coalesce(string_agg(key || ':' || version, ',' ORDER BY key COLLATE \"C\"), '')"
    "::bytea), 'hex') AS digest FROM ({source}) AS t"
)


async def digest_of_replica(session: AsyncSession, row: type[Any]) -> Digest:
    """Over (id, version) in order of id."""
    source = f"SELECT id::text AS key, version FROM {row.__table__.fullname}"  # noqa: S608 -- a table name of ours
    return await _digest(session, source, {})


async def digest_of_published(session: AsyncSession, event_type: str) -> Digest:
    """The same over what was published last of each thing."""
    source = (
        "SELECT aggregate_id AS key, max(aggregate_version) AS version FROM bus.event_log "
        "WHERE type = :type GROUP BY aggregate_id"
    )
    return await _digest(session, source, {"type": event_type})


async def _digest(session: AsyncSession, source: str, values: dict[str, Any]) -> Digest:
    found = (await session.execute(text(_DIGEST.format(source=source)), values)).one()
    return Digest(found.n, found.digest)
