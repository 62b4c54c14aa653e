from collections.abc import AsyncIterator

import pytest_asyncio

from kernel.clock import ManualClock
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform
from services.targets.manifest import service
from tests.services.targets.bureau import NOW, Bureau


@pytest_asyncio.fixture
async def bureau(databases: Databases, objects: ObjectStore) -> AsyncIterator[Bureau]:
    clock = ManualClock(NOW)
    async with Platform(databases, objects, [service], clock=clock) as platform:
        found = Bureau(platform, clock)
        await found.settle()
        yield found
