"""`org` alone, with its first three administrators signed in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from contracts.permissions import Role
from kernel.identity import Principal
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.people import Caller, grant, person
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
        body = {"code": code, "name": f"{code}单位", "kind": kind, "parent_id": parent or self.root["id"], "valid_from": "2026-01-01"}
        return await self.roster.post(f"{ORG}/units", body | more)

    async def officer(self, number: str, **more) -> dict:
        return await self.roster.post(f"{ORG}/officers", {"police_number": number, "name": "甲乙丙"} | more)


@pytest.fixture
async def org(databases: Databases, objects: ObjectStore) -> AsyncIterator[Org]:
    async with Platform(databases, objects, [service]) as platform:
        slips = await bootstrap(platform.runtimes["org"], root_code="JZ", root_name="江州市公安局")
        reader = platform.caller("org", person(grant(Role.ROSTER_ADMIN, uuid4(), "JZ/")))
        root = (await reader.get(f"{ORG}/units"))["items"][0]

        def admin(role: Role) -> Caller:
            return platform.caller("org", person(grant(role, UUID(root["id"]), "JZ/")))

        yield Org(platform, slips, root, admin(Role.ROSTER_ADMIN), admin(Role.SECURITY_ADMIN), admin(Role.AUDITOR))
