"""The chain is checked by the database: it must hash exactly what the ledger hashed when it posted."""

import pytest
from sqlalchemy import text

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
