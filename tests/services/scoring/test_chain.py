"""The chain is checked by the database: it must hash exactly what the ledger hashed when it posted."""

import pytest
from sqlalchemy import text

from kernel.nightly import outcomes
from services.scoring import jobs
from services.scoring.actions.chaining import Looked, check_chain
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_closing import worked
from tests.services.scoring.test_sealing import as_owner

__all__ = ["worked"]

ODD = 'é𠀀 "一" \\ / <b>&'


@pytest.mark.parametrize(
    "change",
    ["reason_zh = reason_zh || '.'", "points_milli = points_milli + 1", "prev_hash = hash", "actor_id = id"],
)
async def test_entries_with_odd_words_are_whole_until_something_changes(worked: Desk, change: str):
    await worked["office"].post(f"{API}/awards", award(worked) | {"reason": ODD})
    await worked.roll_up()
    found = await worked.verified()
    assert (found.chain_broken_at, found.entries) == (None, 3)
    async with as_owner(worked) as connection:
        await connection.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER USER"))
        await connection.exec_driver_sql(f"UPDATE ledger_entry SET {change} WHERE seq = 3")  # noqa: S608 -- constants
    assert (await worked.verified()).chain_broken_at == 3


async def test_each_hour_only_what_was_added_is_hashed(worked: Desk):
    assert await check_chain(worked.db) == Looked(2, None)
    await worked["office"].post(f"{API}/awards", award(worked))
    assert await check_chain(worked.db) == Looked(1, None)
    assert await check_chain(worked.db) == Looked(0, None)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE ledger_entry SET points_milli = points_milli + 1 WHERE seq = 3", 3),
        ("UPDATE ledger_entry SET hash = repeat('0', 64) WHERE seq = 2", 2),  # where it was whole
        ("DELETE FROM ledger_entry WHERE seq >= 2", 2),
        ("UPDATE ledger_head SET hash = repeat('0', 64)", 3),
    ],
    ids=["added", "remembered", "gone", "head"],
)
async def test_a_break_is_found_by_the_next_hour_and_stops_the_closing(
    worked: Desk, change: str, broken: int
):
    runtime = worked.platform.runtimes["scoring"]
    await jobs.check_ledger(runtime)
    await worked["office"].post(f"{API}/awards", award(worked))
    async with as_owner(worked) as connection:
        for table in ("ledger_entry", "ledger_head"):
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        await connection.exec_driver_sql(change)
    await jobs.check_ledger(runtime)
    assert outcomes()["chain"] == 1
    run = (await worked["auditor"].get(f"{API}/verification/runs", name="chain"))["items"][0]
    assert (run["failures"], run["findings"]) == (1, [{"check": "chain", "what": str(broken)}])
    await worked["office"].post(f"{API}/closings/{worked.bureau.period.id}/begin")
    checks = (await worked["office"].get(f"{API}/closings/{worked.bureau.period.id}"))["checks"]
    assert next((c["count"], c["blocks"]) for c in checks if c["code"] == "verification") == (1, True)
