"""A service made of copies is made anew: all logs are read again into a second schema while the first one serves.

The events come from the producers themselves, merged by the time at which they were numbered, each checked against its
chain. The second schema is compared with the first; the exchange is one transaction in which nothing else is applied.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData, Table, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Envelope, Headers
from kernel.bus.protocol import Head, Step, decide
from kernel.delivery.feed import Feed
from kernel.delivery.handlers import Delivered, Handlers
from kernel.delivery.transaction import Cause, Database, Transaction
from kernel.errors import Conflict

SHADOW = "shadow"
#: Events read at once, and those applied in one transaction.
PAGE, BATCH = 500, 4000

_TRIGGERS = text(
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) AND NOT tgisinternal"
)
_GRANTS = text(
    "SELECT format('GRANT %s ON shadow.%I TO %I', string_agg(privilege_type, ', '), table_name, grantee) "
    "FROM information_schema.role_table_grants WHERE table_schema = 'public' AND table_name = :table "
    "AND grantee <> grantor GROUP BY table_name, grantee"
)
# Of what is applied already, all that lies behind the place up to which the second schema was made.
_BEHIND = text(
    "SELECT stream, event_id, epoch, seq, type, order_key, body, headers, created_at, content_hash, hash FROM bus.inbox "
    "WHERE stream = :stream AND seq > :seq AND state = 'applied' ORDER BY seq"
)


class ChainBroken(Conflict):
    code = "rebuild-chain-broken"
    zh = "{stream} 的事件日志在 {seq} 处与哈希链不符,重建已停止"
    en = "The event log of {stream} does not fit its hash chain at {seq}; the rebuild stops"


@dataclass
class Replayed:
    """How many events were read, and up to which number of each log."""

    events: int = 0
    cursors: dict[str, int] = field(default_factory=dict)


async def prepare(session: AsyncSession, metadata: MetaData, tables: Sequence[str]) -> None:
    """An empty second schema with the tables, indexes, triggers and rights of the first."""
    await session.execute(text(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE"))
    await session.execute(text(f"CREATE SCHEMA {SHADOW}"))
    users = await session.execute(
        text("SELECT DISTINCT format('GRANT USAGE ON SCHEMA shadow TO %I', grantee) FROM information_schema.role_table_grants "
             "WHERE table_schema = 'public' AND grantee <> grantor AND grantee <> 'PUBLIC'")
    )  # fmt: skip
    for grant in users.scalars().all():
        await session.execute(text(grant))
    wanted = [metadata.tables[name] for name in tables]
    await session.run_sync(lambda sync: _create(sync, metadata, wanted))
    for name in tables:
        for definition in (await session.execute(_TRIGGERS, {"name": f'public."{name}"'})).scalars().all():
            await session.execute(text(definition.replace(f" ON public.{name} ", f' ON {SHADOW}."{name}" ')))
        for grant in (await session.execute(_GRANTS, {"table": name})).scalars().all():
            await session.execute(text(grant))


def _create(sync: Any, metadata: MetaData, wanted: Sequence[Table]) -> None:
    connection = sync.connection().execution_options(schema_translate_map={None: SHADOW})
    metadata.create_all(connection, tables=list(wanted), checkfirst=False)


async def replay(db: Database, handlers: Handlers, feeds: Mapping[str, Feed]) -> Replayed:
    """Every log, from its beginning to its end as it is now, into the second schema. Raises ChainBroken."""
    done = Replayed()
    merged = _merged([_pages(name, feed) for name, feed in feeds.items()])
    batch = await _taken(merged)
    while batch:
        # The next ones are read, and their chain is checked, while the database takes these in.
        keeping = asyncio.ensure_future(_keep(db, handlers, done, batch))
        try:
            batch = await _taken(merged)
        finally:
            await keeping
    return done


async def _taken(events: AsyncIterator[Envelope]) -> list[Envelope]:
    """As many as are applied at once."""
    found: list[Envelope] = []
    async for envelope in events:
        found.append(envelope)
        if len(found) == BATCH:
            break
    return found


async def _keep(db: Database, handlers: Handlers, done: Replayed, batch: Sequence[Envelope]) -> None:
    async with db.transaction() as tx:
        await _apply(tx, handlers, batch)
    done.events += len(batch)
    done.cursors |= {envelope.stream: envelope.seq for envelope in batch}


async def _pages(stream: str, feed: Feed) -> AsyncIterator[Envelope]:
    """One log in its order; what does not follow from the event before it ends the rebuild."""
    head = Head()
    while page := await feed.after(head.seq, PAGE):
        for envelope in page:
            if decide(head, envelope, None) is not Step.RECORD:
                raise ChainBroken(stream=stream, seq=envelope.seq)
            head = Head(envelope.epoch, envelope.seq, envelope.hash)
            yield envelope
        if len(page) < PAGE:
            return


async def _merged(streams: Sequence[AsyncIterator[Envelope]]) -> AsyncIterator[Envelope]:
    """All logs as one, by the time at which the events were written; each log keeps its own order."""
    waiting: list[tuple[Any, int, Envelope]] = []
    for number, stream in enumerate(streams):
        if (first := await anext(stream, None)) is not None:
            heapq.heappush(waiting, (first.created_at, number, first))
    while waiting:
        when, number, envelope = heapq.heappop(waiting)
        yield envelope
        if (following := await anext(streams[number], None)) is not None:
            heapq.heappush(waiting, (max(following.created_at, when), number, following))


async def _apply(tx: Transaction, handlers: Handlers, batch: Sequence[Envelope]) -> None:
    """The second schema stands before the first."""
    await tx.session.execute(text(f"SET LOCAL search_path = {SHADOW}, public"))
    for run in runs(batch, handlers):
        await _run(tx, handlers, run)


def runs(batch: Sequence[Envelope], handlers: Handlers) -> list[list[Envelope]]:
    """Events of one type that are settled at once: what a consumer may rely on is the order of each key, and no other.

    An event goes back to the last run of its type unless something of its own key stands behind that. What is handled alone
    (such as a closing, which looks at all figures) stands between all that was said before it and all that comes after.
    """
    runs: list[list[Envelope]] = []
    last_of_type: dict[str, int] = {}
    last_of_key: dict[str, int] = {}
    for envelope in batch:
        if handlers.event_of(envelope.type) is None:
            continue
        at = last_of_type.get(envelope.type, -1)
        alone = not handlers.in_bulk(envelope.type)
        if alone:
            last_of_type.clear()
        if alone or at < last_of_key.get(envelope.order_key, 0):
            runs.append([])
            at = len(runs) - 1
            if not alone:
                last_of_type[envelope.type] = at
        runs[at].append(envelope)
        last_of_key[envelope.order_key] = at
    return runs


async def _run(tx: Transaction, handlers: Handlers, run: Sequence[Envelope]) -> None:
    contract = handlers.event_of(run[0].type)
    if contract is None:
        return
    events = [contract.model_validate_json(envelope.body) for envelope in run]
    left = {event.id for event in events}
    if handlers.in_bulk(run[0].type):
        left &= set(await handlers.sift(tx, events))
    for envelope, event in zip(run, events, strict=True):
        if event.id in left:
            tx.cause = Cause(envelope.event_id, "rebuild")
            delivered = Delivered(
                envelope.event_id,
                envelope.stream,
                envelope.epoch,
                envelope.seq,
                envelope.created_at,
                envelope.headers,
            )
            await handlers.handle(tx, event, delivered)
            await tx.session.flush()


async def compare(
    session: AsyncSession, tables: Sequence[str], ignored: Sequence[str] = ("changed_in",)
) -> dict[str, tuple[int, int]]:
    """Tables whose rows differ, with (rows now, rows rebuilt); `ignored` columns say only when a row was written."""
    await session.execute(text("SET LOCAL statement_timeout = 0"))
    found = {}
    for table in tables:
        sums = []
        for schema in ("public", SHADOW):
            query = text(  # the names are our own
                "SELECT count(*), coalesce(sum(hashtextextended(CAST(to_jsonb(t) - CAST(:ignored AS text[]) AS text), 0)), 0) "  # noqa: S608
                f'FROM {schema}."{table}" t'
            )
            sums.append(tuple((await session.execute(query, {"ignored": list(ignored)})).one()))
        if sums[0] != sums[1]:
            found[table] = (sums[0][0], sums[1][0])
    return found


async def exchange(
    tx: Transaction, handlers: Handlers, tables: Sequence[str], done: Replayed, streams: Sequence[str]
) -> int:
    """The second schema's tables take the first's place; what was applied meanwhile is brought up first. How many events.

    The lock holds the appliers back until the commit. What is recorded and not applied yet is applied to the new tables.
    """
    await tx.session.execute(text("SET LOCAL statement_timeout = 0"))
    await tx.session.execute(text("LOCK TABLE bus.inbox IN SHARE ROW EXCLUSIVE MODE"))
    behind: list[Envelope] = []
    for stream in streams:
        rows = await tx.session.execute(_BEHIND, {"stream": stream, "seq": done.cursors.get(stream, 0)})
        behind += [
            Envelope(
                stream=row.stream, epoch=row.epoch, seq=row.seq, event_id=row.event_id, type=row.type, aggregate_id="",
                aggregate_version=0, order_key=row.order_key, body=row.body, headers=Headers.model_validate(row.headers),
                created_at=row.created_at, content_hash=row.content_hash, prev_hash="", hash=row.hash,
            )
            for row in rows
        ]  # fmt: skip
    await _apply(
        tx,
        handlers,
        sorted(behind, key=lambda envelope: (envelope.created_at, envelope.stream, envelope.seq)),
    )
    for table in tables:
        await tx.session.execute(text(f'DROP TABLE public."{table}"'))
        await tx.session.execute(text(f'ALTER TABLE {SHADOW}."{table}" SET SCHEMA public'))
    await tx.session.execute(text(f"DROP SCHEMA {SHADOW} CASCADE"))
    return len(behind)
