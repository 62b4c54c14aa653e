"""Reading the audit log: pages newest first, one record, the whole of it in order, the hashes behind a timeline."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, column, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, keyset
from kernel.errors import NotFound

_RECORD = table(
    "record",
    *(column(c) for c in ("id", "body", "at", "account", "action", "kind", "object", "request")),
    schema="audit",
)
_CHAIN = table("chain", *(column(c) for c in ("seq", "record_id", "prev_hash", "hash")), schema="audit")
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Filter:
    """All that is given must hold; `since` counts, `until` does not."""

    account: UUID | None = None
    action: str | None = None
    kind: str | None = None
    object: str | None = None
    request: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def on(self, statement: Select[Any]) -> Select[Any]:
        exact = {
            "account": str(self.account) if self.account else None,
            "action": self.action,
            "kind": self.kind,
            "object": self.object,
            "request": self.request,
        }
        for name, value in exact.items():
            if value is not None:
                statement = statement.where(_RECORD.c[name] == value)
        if self.since:
            statement = statement.where(_RECORD.c.at >= _moment(self.since))
        if self.until:
            statement = statement.where(_RECORD.c.at < _moment(self.until))
        return statement


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a record stands in the chain; no number yet for the moments after its commit."""

    seq: int | None
    hash: str | None


def _moment(value: datetime) -> str:
    """As in the record's text, whose order is that of time."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _chained() -> Select[Any]:
    return select(_RECORD.c.id, _RECORD.c.body, _CHAIN.c.seq, _CHAIN.c.prev_hash, _CHAIN.c.hash).select_from(
        _RECORD.outerjoin(_CHAIN, _CHAIN.c.record_id == _RECORD.c.id)
    )


async def page_of(
    session: AsyncSession, chosen: Filter, page: PageRequest
) -> tuple[list[Row[Any]], str | None]:
    """Rows of id, body, seq, prev_hash, hash; newest first."""
    statement = keyset(chosen.on(_chained()), [_RECORD.c.id], page, descending=True)
    return cut((await session.execute(statement)).all(), page, lambda row: [row.id])


async def one(session: AsyncSession, record_id: UUID) -> Row[Any] | None:
    found: Row[Any] | None = (await session.execute(_chained().where(_RECORD.c.id == record_id))).first()
    return found


class StepNotFound(NotFound):
    code = "step-not-found"
    zh = "没有这一步,或您无权查看"
    en = "There is no such step, or it is not visible to you"


async def marks_of(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Mark]:
    """Where the records of a timeline stand; ids that are no records are left out."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await session.execute(_chained().where(_RECORD.c.id.in_(wanted)))
    return {row.id: Mark(row.seq, row.hash) for row in rows}


async def in_order(session: AsyncSession, chosen: Filter | None = None) -> AsyncIterator[Row[Any]]:
    """Every chained record that fits, by number, page by page."""
    seq = 0
    statement = (chosen or Filter()).on(_chained()).order_by(_CHAIN.c.seq).limit(PAGE)
    while rows := (await session.execute(statement.where(_CHAIN.c.seq > seq))).all():
        for row in rows:
            yield row
        seq = rows[-1].seq


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was done to things of a kind, how often of it by night, and when last."""

    action: str
    kind: str
    count: int
    by_night: int
    last_at: datetime


# By night: before seven and from ten in the evening, by the bureau's clock.
_TALLIES = text(
    """
    SELECT action, kind, count(*) AS times, max(at) AS last_at,
      count(*) FILTER (WHERE extract(hour FROM at::timestamptz AT TIME ZONE :zone) NOT BETWEEN 7 AND 21) AS by_night
    FROM audit.record WHERE at >= :since AND actor_kind <> 'service'
    GROUP BY action, kind ORDER BY count(*) DESC, action, kind
    """
)


async def tallies(session: AsyncSession, since: datetime, zone: str) -> list[Tally]:
    """What people and machines did since then, the most frequent first; what the service did by itself is left out."""
    rows = await session.execute(_TALLIES, {"since": _moment(since), "zone": zone})
    return [
        Tally(r.action, r.kind, r.times, r.by_night, datetime.fromisoformat(r.last_at)) for r in rows.all()
    ]


async def first_at(session: AsyncSession) -> datetime | None:
    """The moment of the oldest record that is kept."""
    found: str | None = await session.scalar(text("SELECT min(at) FROM audit.record"))
    return datetime.fromisoformat(found) if found else None


async def unchained(session: AsyncSession) -> int:
    found: int = (await session.execute(text("SELECT count(*) FROM audit.unchained"))).scalar_one()
    return found
