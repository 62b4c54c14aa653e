"""Rebuilt from the logs alone: equal to what grew event by event, exchanged under a running service, own state kept."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from contracts.envelope import Envelope, Event, Headers
from contracts.scoring import ClosingStatus
from contracts.submissions import SubmissionStatus
from kernel.bus.canonical import canonical
from kernel.bus.protocol import Head, Unstamped, stamp
from kernel.db.engine import make_engine
from kernel.db.migrations import differences
from kernel.delivery import rebuilding
from kernel.delivery.feed import Standing
from kernel.delivery.offers import Verdict
from kernel.delivery.transaction import Database
from kernel.ids import new_id
from services.reporting.manifest import service
from services.reporting.tables import Base
from tests.services.reporting.conftest import NOON, REPORTING, Bureau

#: Told by hand, events have no place in a log, and no time.
PLACES = ("changed_in", "log_seq", "at")
TABLES = (service.extras or {})["rebuilt"]


class Log:
    """A producer's log, numbered and chained as the stamper does it, served as a feed serves it."""

    def __init__(self, stream: str, events: Sequence[tuple[int, Event]]) -> None:
        rows = [Unstamped(new_id(), canonical(event)) for _, event in events]
        stamps, _ = stamp(Head(), 1, rows)
        self.envelopes = [
            Envelope(
                stream=stream, epoch=s.epoch, seq=s.seq, event_id=row.event_id, type=event.type, aggregate_id=str(event.id),
                aggregate_version=event.version, order_key=event.order_key, body=row.body, headers=Headers(),
                created_at=NOON + timedelta(seconds=when), content_hash=s.content_hash, prev_hash=s.prev_hash, hash=s.hash,
            )
            for row, s, (when, event) in zip(rows, stamps, events, strict=True)
        ]  # fmt: skip

    async def after(self, seq: int, limit: int) -> list[Envelope]:
        return [e for e in self.envelopes if e.seq > seq][:limit]

    async def standing(self, at: int) -> Standing:
        raise NotImplementedError

    async def offer(self, consumer: str, lost: Sequence[Envelope]) -> None:
        raise NotImplementedError

    async def verdicts(self, ids: Sequence[UUID]) -> dict[UUID, Verdict]:
        raise NotImplementedError


def logs(told: Sequence[Event]) -> dict[str, Log]:
    by_stream: dict[str, list[tuple[int, Event]]] = defaultdict(list)
    for when, event in enumerate(told):
        by_stream[event.stream].append((when, event))
    return {stream: Log(stream, events) for stream, events in by_stream.items()}


async def life(bureau: Bureau) -> list[Event]:
    """A month with work, a return, an appeal's worth of states, a public notice; every event in its order."""
    for name, milli in (("an", 3000), ("bo", 2000), ("P1", 2500)):
        await bureau.score(name, milli)
    target = await bureau.target("an", 4)
    _, work = await bureau.entry(
        "an", 1000, status=SubmissionStatus.SUBMITTED, target_id=target.id, decided_at=None
    )
    returned = {"status": SubmissionStatus.RETURNED, "decided_by": bureau.officers["bo"].id, "version": 2}
    await bureau.entry("an", 0, id=work, target_id=target.id, accepted_quantity=Decimal(0), **returned)
    await bureau.close(ClosingStatus.CHECKING, 1)
    await bureau.score("an", 3500, version=2)
    await bureau.close(ClosingStatus.PUBLIC, 2)
    return bureau.told


async def owner(bureau: Bureau) -> Database:
    return Database(make_engine(bureau.platform.owner_urls["reporting"], name="rebuild", pool_size=2))


async def test_rebuilt_is_equal_to_grown_and_takes_its_place_while_own_state_stays(bureau: Bureau):
    feeds = logs(await life(bureau))
    an = bureau.officer("an")
    before = [await an.get(f"{REPORTING}/{path}") for path in ("todos", "messages", "todos/summary")]
    await an.post(f"{REPORTING}/messages/read-all")
    db = await owner(bureau)
    async with db.transaction() as tx:
        await rebuilding.prepare(tx.session, Base.metadata, TABLES)
    done = await rebuilding.replay(db, service.handlers, feeds)
    assert done.events == len(bureau.told)
    async with db.transaction() as tx:
        assert await rebuilding.compare(tx.session, TABLES, PLACES) == {}
    async with db.transaction() as tx:
        assert await rebuilding.exchange(tx, service.handlers, TABLES, done, list(feeds)) == 0
    assert await differences(Base.metadata, bureau.platform.owner_urls["reporting"]) == []
    assert await an.get(f"{REPORTING}/todos") == before[0]
    assert [m["id"] for m in (await an.get(f"{REPORTING}/messages"))["items"]] == [
        m["id"] for m in before[1]["items"]
    ]
    assert (before[2]["unread"] > 0, (await an.get(f"{REPORTING}/todos/summary"))["unread"]) == (True, 0)
    board = await bureau.leader("CITY").get(f"{REPORTING}/boards", **bureau.board(subject_kind="officer"))
    assert [(row["name"], row["total"]) for row in board["items"]] == [("an", "3.500"), ("bo", "2.000")]
    await bureau.score("bo", 9000, version=2)
    board = await bureau.leader("CITY").get(f"{REPORTING}/boards", **bureau.board(subject_kind="officer"))
    assert board["items"][0]["name"] == "bo"
    await db.engine.dispose()


async def test_what_was_damaged_here_is_found_and_mended(bureau: Bureau):
    feeds = logs(await life(bureau))
    db = await owner(bureau)
    async with db.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE statement SET total_milli = total_milli + 1 WHERE total_milli = 2000"
        )
    async with db.transaction() as tx:
        await rebuilding.prepare(tx.session, Base.metadata, TABLES)
    await rebuilding.replay(db, service.handlers, feeds)
    async with db.transaction() as tx:
        assert await rebuilding.compare(tx.session, TABLES, PLACES) == {"statement": (3, 3)}
    await db.engine.dispose()


async def test_a_log_that_does_not_fit_its_chain_ends_the_rebuild(bureau: Bureau):
    feeds = logs(await life(bureau))
    broken = feeds["scoring"].envelopes[1]
    feeds["scoring"].envelopes[1] = broken.model_copy(update={"body": broken.body.replace("2000", "2001")})
    db = await owner(bureau)
    async with db.transaction() as tx:
        await rebuilding.prepare(tx.session, Base.metadata, TABLES)
    with pytest.raises(rebuilding.ChainBroken):
        await rebuilding.replay(db, service.handlers, feeds)
    await db.engine.dispose()


async def test_events_are_settled_together_where_the_order_of_no_key_changes(bureau: Bureau):
    """Of two pieces of work, sent and accepted one after the other; a closing sees all that was said before it."""
    for name in ("an", "bo"):
        _, work = await bureau.entry(name, 0, status=SubmissionStatus.SUBMITTED)
        await bureau.entry(name, 1000, id=work, version=2)
    await bureau.close(ClosingStatus.CHECKING, 1)
    await bureau.score("an", 1000)
    told = [e for e in bureau.told if e.type.startswith(("submissions", "scoring"))]
    log = {str(e.id): e for e in told}
    envelopes = [e for log in logs(told).values() for e in log.envelopes]
    envelopes.sort(key=lambda e: e.created_at)
    runs = rebuilding.runs(envelopes, service.handlers)
    assert [(run[0].type.split(".")[1], len(run)) for run in runs] == [
        ("submission", 4), ("entry", 4), ("closing", 1), ("statement", 1),
    ]  # fmt: skip
    assert len(log) == 8
