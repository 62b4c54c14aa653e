"""One figure for the state of a table, to compare a replica with its source."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Digest:
    count: int
    sha256: str


async def digest_of(session: AsyncSession, row: type[Any]) -> Digest:
    """Over (id, version) in order of id. Rows at version 0 were never told to anybody and do not count."""
    table = row.__table__.fullname
    found = (
        await session.execute(
            text(
                "SELECT count(*) AS n, encode(sha256(coalesce(string_agg(id::text || ':' || version, ',' "
                f"ORDER BY id), '')::bytea), 'hex') AS digest FROM {table}"  # noqa: S608 -- a table name of ours
            )
        )
    ).one()
    return Digest(found.n, found.digest)
