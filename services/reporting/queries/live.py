"""Figures and names kept in memory, made fresh at every request by what changed since the last look.

A board of ten thousand is asked for far more often than it changes. Each row carries the transaction that wrote it last;
a reader remembers the oldest transaction that was still open at its look, and next time reads what was written from there on.
So nothing that commits late is missed, and nothing is served that was not committed at the time of the request.
"""

import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.domain.figures import Member, Score

#: Rows that were deleted, after a loss at the producer or by hand, leave the memory at the latest after this.
LONGEST_S = 600.0

_NEWS = text(
    """
    SELECT 'now' AS what, NULL::uuid AS id, NULL::uuid AS other, NULL::uuid AS unit_id, 0::bigint AS version,
           CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS milli, NULL AS modules,
           CAST(CAST('statement'::regclass AS oid) AS bigint) AS entries, NULL AS code, NULL AS name, NULL::uuid AS series_id,
           NULL AS path, 0::bigint AS level, NULL AS status, NULL::date AS valid_from, NULL::date AS valid_to
    UNION ALL
    SELECT 'unit', id, NULL, NULL, version, 0, NULL, 0, code, name, series_id, path, level, kind, valid_from, valid_to
    FROM unit WHERE changed_in >= :members
    UNION ALL
    SELECT 'officer', id, NULL, NULL, version, 0, NULL, 0, police_number, name, series_id, NULL, 0, status, NULL, NULL
    FROM officer WHERE changed_in >= :members
    UNION ALL
    SELECT subject_kind || '-score', subject_id, period_id, unit_id, version, total_milli, CAST(modules AS text), entries,
           NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL
    FROM statement JOIN unnest(CAST(:periods AS uuid[]), CAST(:seen AS bigint[])) AS p (period, seen)
      ON period_id = p.period AND changed_in >= p.seen AND subject_kind IN ('unit', 'officer')
    UNION ALL
    SELECT 'about', id, NULL, NULL, version, 0, NULL, 0, 'scheme', NULL, NULL, NULL, 0, NULL, NULL, NULL
    FROM scheme WHERE id = :scheme
    UNION ALL
    SELECT 'about', id, NULL, NULL, version, 0, NULL, 0, 'period', NULL, NULL, NULL, 0, NULL, NULL, NULL
    FROM period WHERE scheme_id = :scheme
    UNION ALL
    SELECT 'about', id, NULL, NULL, version, 0, NULL, 0, 'series', NULL, NULL, NULL, 0, NULL, NULL, NULL
    FROM series WHERE id = :series
    UNION ALL
    SELECT 'about', scheme_id, NULL, NULL, max(number), 0, NULL, 0, 'setting', NULL, NULL, NULL, 0, NULL, NULL, NULL
    FROM standing_setting WHERE scheme_id = :scheme GROUP BY scheme_id
    """
).bindparams(bindparam("scheme", type_=Uuid), bindparam("series", type_=Uuid))


@dataclass(slots=True)
class Kept:
    """Rows by id with the version they had; `revision` moves when any of them changes."""

    rows: dict[UUID, Any] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    revision: int = 0

    def take(self, key: UUID, version: int, row: Any) -> None:
        """An answer that was overtaken by a newer one changes nothing."""
        if version >= self.versions.get(key, -1) and self.rows.get(key) != row:
            self.rows[key], self.versions[key] = row, version
            self.revision += 1


@dataclass(slots=True)
class Memory:
    """What one process knows of one database."""

    table: int = 0
    since: float = 0.0
    members_seen: int = 0
    seen: dict[UUID, int] = field(default_factory=dict)
    members: dict[str, Kept] = field(default_factory=lambda: {"unit": Kept(), "officer": Kept()})
    scores: dict[tuple[UUID, str], Kept] = field(default_factory=dict)
    made: dict[Any, tuple[Any, Any]] = field(default_factory=dict)
    """What was worked out of them, by what it is, with the revisions it was worked out from."""


_MEMORIES: WeakKeyDictionary[Engine, Memory] = WeakKeyDictionary()
#: Of finished work, such as boards in order, so many are kept.
MOST_MADE = 200
MOST_PERIODS = 40


@dataclass(frozen=True, slots=True)
class About:
    """Of which scheme and series a look is to tell the versions."""

    scheme_id: UUID
    series_id: UUID | None


@dataclass(frozen=True, slots=True)
class Look:
    """`versions`: of the scheme, its periods, its newest setting and the series, as they were committed at this look."""

    memory: Memory
    versions: frozenset[tuple[str, UUID, int]]


async def fresh(session: AsyncSession, periods: list[UUID]) -> Memory:
    """The memory, with all that is committed now about these periods, about units and about officers."""
    return (await look(session, periods)).memory


async def look(session: AsyncSession, periods: list[UUID], about: About | None = None) -> Look:
    """The same, and the versions of what it is about."""
    engine = session.get_bind().engine
    memory = _MEMORIES.get(engine)
    now = time.monotonic()
    if memory is None or now - memory.since > LONGEST_S or len(memory.seen) > MOST_PERIODS:
        memory = _MEMORIES[engine] = Memory(since=now)
    rows = await _news(session, memory, periods, about)
    if rows[0].entries != memory.table:
        if memory.table:  # the tables were rebuilt and exchanged
            memory = _MEMORIES[engine] = Memory(since=now)
            rows = await _news(session, memory, periods, about)
        memory.table = rows[0].entries
    versions = set()
    for row in rows[1:]:
        if row.what == "about":
            versions.add((row.code, row.id, row.version))
        else:
            _take(memory, row)
    memory.members_seen = max(memory.members_seen, rows[0].milli)
    for period in periods:
        memory.seen[period] = max(memory.seen.get(period, 0), rows[0].milli)
        for kind in ("unit", "officer"):
            memory.scores.setdefault((period, kind), Kept())
    return Look(memory, frozenset(versions))


async def _news(session: AsyncSession, memory: Memory, periods: list[UUID], about: About | None) -> list[Any]:
    facts = {
        "members": memory.members_seen,
        "periods": periods,
        "seen": [memory.seen.get(period, 0) for period in periods],
        "scheme": about.scheme_id if about else None,
        "series": about.series_id if about else None,
    }
    return list((await session.execute(_NEWS, facts)).all())


def _take(memory: Memory, row: Any) -> None:
    if row.what in memory.members:
        member = Member(
            row.id, row.code, row.name, row.series_id, row.path or "", row.level, row.status, row.valid_from, row.valid_to
        )  # fmt: skip
        memory.members[row.what].take(row.id, row.version, member)
        return
    modules = {m["module"]: m["points_milli"] for m in json.loads(row.modules)}
    kept = memory.scores.setdefault((row.other, row.what.removesuffix("-score")), Kept())
    kept.take(row.id, row.version, Score(row.id, row.unit_id, row.milli, modules, row.entries))


def last_made(session: AsyncSession, key: Any) -> Any | None:
    """What was worked out for `key` the last time, from whatever basis: a guess at what will be asked for."""
    memory = _MEMORIES.get(session.get_bind().engine)
    found = memory.made.get(key) if memory is not None else None
    return found[1] if found is not None else None


def remembered(memory: Memory, key: Any, basis: Any) -> Any | None:
    """What was worked out for `key` from this very basis; None if it was not."""
    found = memory.made.get(key)
    return found[1] if found is not None and found[0] == basis else None


def remember(memory: Memory, key: Any, basis: Any, value: Any) -> None:
    """The oldest give way to new ones."""
    memory.made.pop(key, None)
    memory.made[key] = (basis, value)
    while len(memory.made) > MOST_MADE:
        memory.made.pop(next(iter(memory.made)))
