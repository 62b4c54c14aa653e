"""All five services in one process, as embedded mode runs them."""

from collections.abc import AsyncIterator

import pytest

from cli.manifests import load_all
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform


@pytest.fixture(scope="session")
async def whole(databases: Databases, objects: ObjectStore) -> AsyncIterator[Platform]:
    async with Platform(databases, objects, load_all()) as platform:
        yield platform
