"""Work that the database lost comes back from the event, as it was; its number is not given again."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from kernel.db.engine import async_url
from kernel.delivery import log, offers
from kernel.delivery.stamper import open_stream, stamp_batch
from services.submissions.manifest import service
from tests.services.submissions.conftest import API, Desk

LATER_STEPS = {"client_key", "created_by_account", "updated_at", "created_at", "claimed_until"}


async def _rows(desk: Desk, table: str, key: str) -> dict[str, Any]:
    async with desk.platform.runtimes["submissions"].db.reading() as session:
        found = await session.execute(text(f"SELECT * FROM {table} WHERE id = :id"), {"id": key})  # noqa: S608
        return dict(found.mappings().one())


async def _lose(desk: Desk, submission_id: str) -> list[Any]:
    """As a backup from before the draft would leave it; gives the events that consumers still hold."""
    db = desk.platform.runtimes["submissions"].db
    await open_stream(db, "submissions")
    while await stamp_batch(db, "submissions"):
        pass
    async with db.reading() as session:
        first = await session.scalar(
            text("SELECT min(seq) FROM bus.event_log WHERE order_key = :key"),
            {"key": f"submissions.submission.v1:{submission_id}"},
        )
        lost = await log.events_after(session, "submissions", first - 1, 1000)
    engine = create_async_engine(async_url(desk.platform.owner_urls["submissions"]))
    async with engine.begin() as connection:
        for table in ("bus.event_log", "history", "decision_notice"):
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER append_only"))
        await connection.execute(text("DELETE FROM bus.event_log WHERE seq >= :n"), {"n": first})
        await connection.execute(
            text("UPDATE bus.stream_state SET epoch = epoch + 1, last_seq = :n, last_hash = "
                 "coalesce((SELECT hash FROM bus.event_log WHERE seq = :n), repeat('0', 64))"),
            {"n": first - 1},
        )  # fmt: skip
        await connection.execute(
            text("UPDATE bus.relay_cursor SET published_seq = least(published_seq, :n)"), {"n": first - 1}
        )
        for table in ("history", "decision_notice", "appeal"):
            of_it = text(f"DELETE FROM {table} WHERE submission_id = :id")  # noqa: S608
            await connection.execute(of_it, {"id": submission_id})
        await connection.execute(text("DELETE FROM submission WHERE id = :id"), {"id": submission_id})
        await connection.execute(text("SELECT setval('submission_number', 1), setval('appeal_number', 1)"))
        for table in ("bus.event_log", "history", "decision_notice"):
            await connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER append_only"))
    await engine.dispose()
    return lost


async def test_what_two_people_take_back_is_as_it_was(desk: Desk) -> None:
    filed = await desk.appealed()
    key = filed["submission_id"]
    before, appeal_before = await _rows(desk, "submission", key), await _rows(desk, "appeal", filed["id"])
    db = desk.platform.runtimes["submissions"].db
    lost = await _lose(desk, key)
    await offers.take(db, "submissions", "scoring", lost)
    thing = f"submissions.submission.v1:{key}"
    async with db.transaction() as tx:
        await offers.propose(tx, order_key=thing, decision="accepted", who="甲", reason="自备份恢复")
        await offers.approve(
            tx, service.restores, stream="submissions", order_key=thing, decision="accepted", who="乙"
        )
    after, appeal_after = await _rows(desk, "submission", key), await _rows(desk, "appeal", filed["id"])
    assert {n: v for n, v in after.items() if n not in LATER_STEPS} == {
        n: v for n, v in before.items() if n not in LATER_STEPS
    }
    assert {n: v for n, v in appeal_after.items() if n not in LATER_STEPS} == {
        n: v for n, v in appeal_before.items() if n not in LATER_STEPS
    }
    while await stamp_batch(db, "submissions"):
        pass
    async with db.reading() as session:
        back = await log.events_after(session, "submissions", lost[0].seq - 1, 1000)
    assert [event.event_id for event in back] == [event.event_id for event in lost]
    steps = await desk["author"].get(f"{API}/submissions/{key}/timeline")
    assert [step["action"] for step in steps["items"]][-1] == "restore"
    fresh = await desk.draft()
    assert int(fresh["number"].rpartition("-")[2]) > int(before["number"].rpartition("-")[2])
