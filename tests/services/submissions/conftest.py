"""The service with a small bureau, under a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from contracts.targets import Target, TargetStatus
from kernel.clock import ManualClock
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.people import Caller
from kernel.testing.platform import Platform
from services.submissions.manifest import service
from tests.services.submissions.bureau import NOON, Bureau

API = "/api/submissions/v1"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass
class Desk:
    """Shortcuts of the tests: each person by name, and a submission brought to a state."""

    platform: Platform
    clock: ManualClock
    bureau: Bureau
    callers: dict[str, Caller] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Caller:
        if name not in self.callers:
            self.callers[name] = self.platform.caller("submissions", self.bureau.people[name])
        return self.callers[name]

    async def target(
        self, subject: str = "author", *, evidence: bool = False, status: TargetStatus = TargetStatus.ISSUED
    ) -> Target:
        target = self.bureau.target(subject, evidence=evidence, status=status)
        await self.platform.tell("submissions", target)
        return target

    async def draft(self, by: str = "author", subject: str | None = None, **changes: Any) -> dict[str, Any]:
        target = await self.target(subject or by, evidence=changes.pop("evidence", False))
        body = {
            "target_id": str(target.id),
            "event_date": "2026-11-10",
            "quantity": "3",
            "summary": "抓获一名",
        }
        made: dict[str, Any] = await self[by].post(f"{API}/submissions", body | changes)
        return made

    async def submitted(
        self, by: str = "author", subject: str | None = None, **changes: Any
    ) -> dict[str, Any]:
        draft = await self.draft(by, subject, **changes)
        sent: dict[str, Any] = await self[by].post(f"{API}/submissions/{draft['id']}/submit")
        return sent

    async def claimed(self, reviewer: str = "assessor", **changes: Any) -> dict[str, Any]:
        sent = await self.submitted(**changes)
        held: dict[str, Any] = await self[reviewer].post(f"{API}/submissions/{sent['id']}/claim")
        return held

    async def refused(self, reviewer: str = "assessor") -> dict[str, Any]:
        held = await self.claimed(reviewer)
        body = {"reason": "与口径不符", "clause": "第三条"}
        done: dict[str, Any] = await self[reviewer].post(f"{API}/submissions/{held['id']}/refuse", body)
        return done

    async def appealed(self) -> dict[str, Any]:
        done = await self.refused()
        filed: dict[str, Any] = await self["author"].post(
            f"{API}/submissions/{done['id']}/appeals", {"grounds": "事实清楚"}
        )
        return filed

    async def upload(
        self, submission_id: str, name: str, content: bytes, *, by: str = "author", key: str | None = None
    ) -> Any:
        return await self[by].send(
            "POST",
            f"{API}/submissions/{submission_id}/evidence",
            files={"file": (name, content)},
            key=key or str(uuid4()),
        )


@pytest.fixture(scope="module")
async def running(databases: Databases, objects: ObjectStore) -> AsyncIterator[Desk]:
    clock = ManualClock(NOON)
    settings = {"evidence_max_bytes": 1024 * 1024, "evidence_max_files": 3}
    async with Platform(databases, objects, [service], clock=clock, settings=settings) as platform:
        bureau = Bureau()
        await platform.tell("submissions", *bureau.events)
        yield Desk(platform, clock, bureau)


@pytest.fixture
def desk(running: Desk) -> Desk:
    """The same bureau for all tests of a module, the clock back at noon of the twelfth."""
    running.clock.move_to(NOON)
    return running


@pytest.fixture
async def grace(desk: Desk) -> AsyncIterator[Desk]:
    """With eight seconds to undo."""
    runtime = desk.platform.runtimes["submissions"]
    before = runtime.settings
    runtime.settings = before.model_copy(update={"undo_seconds": 8})
    yield desk
    runtime.settings = before


async def together(*calls: Any) -> list[Any]:
    """The answers of requests sent at the same time."""
    return list(await asyncio.gather(*calls))
