import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from examples.generate import CITY
from kernel.clock import ManualClock
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform
from services.targets.manifest import service
from tests.services.targets.bureau import API, CALENDAR, NOW, Bureau

SCHEMES: list[dict[str, Any]] = json.loads((CITY / "schemes.json").read_text(encoding="utf-8"))


@pytest_asyncio.fixture
async def bureau(databases: Databases, objects: ObjectStore) -> AsyncIterator[Bureau]:
    clock = ManualClock(NOW)
    async with Platform(databases, objects, [service], clock=clock) as platform:
        found = Bureau(platform, clock)
        await found.settle()
        yield found


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme["code"])
async def test_the_workbook_is_imported_and_the_scheme_published(bureau: Bureau, scheme: dict[str, Any]):
    office = bureau.office()
    own = {k: v for k, v in scheme.items() if k not in {"workbook", "lines", "source", "plan"}}
    made = await office.post(
        f"{API}/schemes", own | {"year": 2026, "scope_unit_id": str(bureau.unit("CITY"))}
    )
    await office.post(f"{API}/schemes/{made['id']}/calendar", CALENDAR)
    answer = await office.send(
        "POST",
        f"{API}/schemes/{made['id']}/indicator-imports",
        files={"workbook": (scheme["workbook"], (CITY / scheme["workbook"]).read_bytes())},
    )
    preview = answer.json()
    assert (answer.status_code, preview["errors"]) == (201, [])
    applied = await office.post(f"{API}/indicator-imports/{preview['id']}/apply")
    assert {i["line"] for i in applied["indicators"]} == set(scheme["lines"])
    if "plan" in scheme:
        made = await office.get(f"{API}/schemes/{made['id']}")
        told = await office.put(
            f"{API}/schemes/{made['id']}/plan", {"version": made["version"], "plan": scheme["plan"]}
        )
        assert len(told["zh"]) == len(scheme["plan"]["plan"]["nodes"]) + 1
    await office.post(f"{API}/schemes/{made['id']}/publish")
    assert (await office.get(f"{API}/schemes/{made['id']}"))["status"] == "published"
