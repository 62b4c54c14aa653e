"""A change in a service reaches the pages that are open, through its event log and the doorbell."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from cli.embedded.hearing import hearing
from contracts.permissions import Role
from kernel.live.hub import Hint, Hub
from kernel.testing.people import grant, person
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap


async def test_a_change_is_told_to_whoever_listens(whole: Platform):
    org, hub = whole.runtimes["org"], Hub()
    await bootstrap(org, root_code="JZ", root_name="江州市公安局")
    async with org.db.reading() as session:
        root = (await session.execute(text("SELECT id, path FROM unit WHERE level = 1"))).one()
    await whole.until_quiet()
    databases = {name: runtime.db for name, runtime in whole.runtimes.items()}
    officer = person(officer_id=root.id, unit_id=root.id, unit_path=root.path)
    page = hub.join(officer, org.clock.now() + timedelta(hours=1), None)
    async with hearing(hub, whole.transport, databases), asyncio.timeout(60):
        roster = whole.caller("org", person(grant(Role.ROSTER_ADMIN, root.id, root.path)))
        told: list[Hint] = []
        while not told:  # hearing begins a moment after the block does
            body = {
                "code": f"S{len(str(told))}{org.clock.now():%M%S%f}",
                "name": "序列",
                "subject_kind": "unit",
            }
            made = await roster.post("/api/org/v1/series", body)
            try:
                async with asyncio.timeout(2):
                    await page.something.wait()
            except TimeoutError:
                continue
            _, told = page.take()
    assert Hint("org.series", made["id"], made.get("version", 1)) in told
