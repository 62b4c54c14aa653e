"""`org` alone, with its first three administrators signed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from contracts.permissions import Role
from kernel.identity import Principal
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.people import Caller, grant
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap
from services.org.manifest import service

ORG = "/api/org/v1"


@dataclass
class Org:
    platform: Platform
    slips: dict[str, dict[str, str]]
    root: dict
    roster: Caller
    security: Caller
    auditor: Caller

    def caller(self, principal: Principal | None = None) -> Caller:
        return self.platform.caller("org", principal)

    async def unit(self, code: str, kind: str = "detachment", parent: str | None = None, **more) -> dict:
        body = {
            "code": code,
            "name": f"{code}单位",
            "kind": kind,
            "parent_id": parent or self.root["id"],
            "valid_from": "2026-01-01",
        }
        return await self.roster.post(f"{ORG}/units", body | more)

    async def finished(self, errand_id: str, by: Caller | None = None) -> dict:
        """The errand, once it is over; bounded."""
        for _ in range(600):
            seen = await (by or self.roster).get(f"{ORG}/errands/{errand_id}")
            if seen["finished_at"]:
                return seen
            await asyncio.sleep(0.05)
        raise TimeoutError(seen)

    async def errand(self, errand_id: str, by: Caller | None = None) -> dict:
        """What came of it."""
        seen = await self.finished(errand_id, by)
        assert seen["state"] == "done", seen["problem"]
        return seen["result"]

    async def officer(self, number: str, **more) -> dict:
        return await self.roster.post(f"{ORG}/officers", {"police_number": number, "name": "甲乙丙"} | more)


@asynccontextmanager
async def begun(databases: Databases, objects: ObjectStore, **how: Any) -> AsyncIterator[Org]:
    async with Platform(databases, objects, [service], **how) as platform:
        runtime = platform.runtimes["org"]
        slips = await bootstrap(runtime, root_code="JZ", root_name="江州市公安局")
        async with runtime.db.reading() as session:
            accounts = {
                row.username: row.id
                for row in await session.execute(text("SELECT username, id FROM account"))
            }
            root_id = await session.scalar(text("SELECT id FROM unit"))

        def admin(role: Role) -> Caller:
            account = accounts[slips[role]["username"]]
            return platform.caller(
                "org", Principal(account, uuid4(), role, grants=(grant(role, root_id, "JZ/"),))
            )

        roster = admin(Role.ROSTER_ADMIN)
        root = await roster.get(f"{ORG}/units/{root_id}")
        yield Org(platform, slips, root, roster, admin(Role.SECURITY_ADMIN), admin(Role.AUDITOR))


@pytest.fixture
async def org(databases: Databases, objects: ObjectStore) -> AsyncIterator[Org]:
    async with begun(databases, objects) as made:
        yield made
