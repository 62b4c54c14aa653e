"""One `org` for all tests of the HTTP edge; they leave nothing behind that another would trip over."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from contracts.permissions import Role
from kernel.clock import ManualClock, SystemClock
from kernel.identity import Principal
from kernel.local.objectstore import ObjectStore
from kernel.runtime import Runtime
from kernel.testing.databases import Databases
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap
from services.org.manifest import service

ORG = "/api/org/v1"
LIMIT = 64 * 1024


@dataclass
class Edge:
    platform: Platform
    slips: dict[str, dict[str, str]]
    root_id: str
    clock: ManualClock

    @property
    def runtime(self) -> Runtime:
        return self.platform.runtimes["org"]

    def admin(self) -> Principal:
        return person(grant(Role.ROSTER_ADMIN, UUID(self.root_id), "JZ/"))

    def caller(self, principal: Principal | None = None, **headers: str) -> Caller:
        return self.platform.caller("org", principal, **headers)

    def unit(self, **more: object) -> dict[str, object]:
        body = {
            "code": f"U{uuid4().hex[:8]}",
            "name": "单位",
            "kind": "detachment",
            "parent_id": self.root_id,
        }
        return body | {"valid_from": "2026-01-01"} | more


@pytest.fixture(scope="package")
async def edge(databases: Databases, objects: ObjectStore) -> AsyncIterator[Edge]:
    clock = ManualClock(SystemClock().now())
    async with Platform(
        databases, objects, [service], clock=clock, settings={"max_body_bytes": LIMIT}
    ) as platform:
        slips = await bootstrap(platform.runtimes["org"], root_code="JZ", root_name="江州市公安局")
        reader = platform.caller("org", person(grant(Role.ROSTER_ADMIN, uuid4(), "JZ/")))
        root = (await reader.get(f"{ORG}/units"))["items"][0]
        yield Edge(platform, slips, root["id"], clock)
