"""The service with a small bureau; events come through the inbox and the applier, as they do in operation."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text

from contracts.envelope import Event
from kernel.bus.canonical import canonical
from kernel.clock import ManualClock
from kernel.delivery.applier import Applier
from kernel.ids import new_id
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.people import Caller
from kernel.testing.platform import Platform
from services.scoring.actions.closing_out import close_out
from services.scoring.actions.rolling_up import roll_up_due
from services.scoring.actions.verdict import Verdict
from services.scoring.actions.verifying import verify
from services.scoring.manifest import service
from services.scoring.models import EntryRow, StatementRow
from tests.services.scoring.bureau import NOON, Bureau
from tests.services.scoring.keys import ORIGIN, SEAL_KEY, SYSTEM, TRUST

API = "/api/scoring/v1"
_RECORD = text(
    "INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers,"
    " created_at) VALUES ('scoring', :stream, :event_id, 1, :seq, '', '', :type, :order_key, :body, '{}', :at)"
)


@dataclass
class Desk:
    """Shortcuts of the tests."""

    platform: Platform
    bureau: Bureau
    clock: ManualClock
    seqs: Counter[str] = field(default_factory=Counter)

    @property
    def db(self) -> Any:
        return self.platform.runtimes["scoring"].db

    def __getitem__(self, name: str) -> Caller:
        return self.platform.caller("scoring", self.bureau.people[name])

    async def hear(self, *events: Event) -> list[str]:
        """Record the events in this order and apply them. States of those that could not be applied."""
        async with self.db.engine.begin() as connection:
            for event in events:
                self.seqs[event.stream] += 1
                facts = {
                    "stream": event.stream, "event_id": new_id(), "seq": self.seqs[event.stream], "type": event.type,
                    "order_key": event.order_key, "body": canonical(event), "at": NOON,
                }  # fmt: skip
                await connection.execute(_RECORD, facts)
        return await self.settle()

    async def settle(self) -> list[str]:
        """Apply until nothing moves; what waits for something missing is tried as often as it would be."""
        applier = Applier(
            self.db, "scoring", service.handlers, workers=1
        )  # in order, many in one transaction
        for _ in range(40):
            while await applier.apply_due():
                pass
            async with self.db.engine.begin() as connection:
                again = await connection.execute(
                    text("UPDATE bus.inbox SET next_attempt_at = NULL WHERE state = 'retry'")
                )
            if not again.rowcount:
                break
        async with self.db.reading() as session:
            return list(await session.scalars(text("SELECT state FROM bus.inbox WHERE state <> 'applied'")))

    async def roll_up(self) -> None:
        async with self.db.transaction() as tx:
            while await roll_up_due(tx):
                pass

    async def close_out(self) -> None:
        """What the job does after the cut-off: targets without work become zeros."""
        while True:
            async with self.db.transaction() as tx:
                if await close_out(tx) is None:
                    break
        await self.roll_up()

    async def verified(self) -> Verdict:
        async with self.db.snapshot() as session:
            return await verify(session, keys=(SYSTEM.key,))

    async def posted(self, name: str) -> list[int]:
        """The subject's entries in thousandths, in the order of posting."""
        _, subject_id, _ = self.bureau.subject(name)
        async with self.db.reading() as session:
            query = (
                select(EntryRow.points_milli).where(EntryRow.subject_id == subject_id).order_by(EntryRow.seq)
            )
            return list(await session.scalars(query))

    async def entries(self) -> int:
        async with self.db.reading() as session:
            return int(await session.scalar(select(func.count()).select_from(EntryRow)) or 0)

    async def statement(self, name: str) -> StatementRow | None:
        _, subject_id, _ = self.bureau.subject(name)
        async with self.db.reading() as session:
            found: StatementRow | None = await session.scalar(
                select(StatementRow).where(StatementRow.subject_id == subject_id)
            )
            return found

    async def total(self, name: str) -> int | None:
        found = await self.statement(name)
        return found.total_milli if found else None


@pytest.fixture
async def desk(databases: Databases, objects: ObjectStore) -> AsyncIterator[Desk]:
    clock = ManualClock(NOON)
    sealing = {"seal_key": SecretStr(SEAL_KEY), "seal_origin": ORIGIN, "seal_trust": TRUST}
    async with Platform(databases, objects, [service], clock=clock, settings=sealing) as platform:
        found = Desk(platform, Bureau(), clock)
        assert await found.hear(*found.bureau.events) == []
        yield found
