"""The year as it is played: work is scored by `scoring`, months are closed and sealed by two people, `reporting` hears of it.

Everything comes through inboxes and appliers as in operation; the events of `org`, `targets` and `submissions`, which nobody runs
here, are written into the inboxes as if those services had said them.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import select, text

from contracts.envelope import Event
from contracts.permissions import Role
from kernel.bells import Bell
from kernel.bus.canonical import canonical
from kernel.clock import ManualClock
from kernel.delivery.applier import Applier
from kernel.delivery.feed import LocalFeed
from kernel.delivery.recorder import Recorder
from kernel.delivery.stamper import open_stream, stamp_batch
from kernel.delivery.transaction import Database
from kernel.ids import derived
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.reporting.actions.bulletins import recreated
from services.reporting.actions.scheduling import draft_due
from services.reporting.domain.report import BulletinKind, Report, report_of
from services.reporting.manifest import service as reporting
from services.reporting.models import BulletinRow, StandingSettingRow
from services.reporting.settings import House
from services.scoring.actions.closing_out import close_out
from services.scoring.actions.rolling_up import roll_up_due
from services.scoring.manifest import service as scoring
from tests.services.reporting.samples.city import YEAR, City
from tests.services.scoring.keys import ORIGIN, SEAL_KEY, TRUST

API = "/api/scoring/v1"
RED_LINE = "75"
SIGNED = datetime(YEAR + 1, 1, 6, 1, tzinfo=UTC)
HOUSE = House(3, ZoneInfo("Asia/Shanghai"), "江公考")
_RECORD = text(
    "INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers,"
    " created_at) VALUES (:consumer, :stream, :event_id, 1, :seq, '', '', :type, :order_key, :body, '{}', :at)"
)


class Year:
    """The two services, twelve months old."""

    def __init__(self, platform: Platform, clock: ManualClock) -> None:
        self.platform, self.clock, self.city = platform, clock, City()
        self._seqs: Counter[tuple[str, str]] = Counter()
        self._appliers = {
            name: Applier(self.db(name), name, one.handlers, workers=1)
            for name, one in (("scoring", scoring), ("reporting", reporting))
        }
        self._heard = Recorder(
            self.db("reporting"), "reporting", "scoring", LocalFeed(self.db("scoring"), "scoring"), Bell()
        )

    def db(self, name: str) -> Database:
        return self.platform.runtimes[name].db

    async def play(self) -> None:
        await open_stream(self.db("scoring"), "scoring")
        await self._hear([*self.city.standing()])
        async with self.db("reporting").transaction() as tx:
            tx.session.add(
                StandingSettingRow(
                    id=derived("sample", "setting"), scheme_id=self.city.scheme_id, number=1, data={}, reason="演示",
                    red_lines={str(key): RED_LINE for key in self.city.series.values()},
                    account_id=derived("sample", "office"), actor="考核办", at=datetime(YEAR, 1, 1, tzinfo=UTC),
                )
            )  # fmt: skip
        for month in range(1, 13):
            self.clock.move_to(self.city.period(month).review_until)
            await self._hear([*self.city.month(month)])
            await self._close_out()
            await self._seal(month)
            await self._told()

    async def _hear(self, events: Sequence[Event]) -> None:
        """Recorded for both services and applied; nothing may be left."""
        for name, applier in self._appliers.items():
            facts = [self._recorded(name, event) for event in events]
            async with self.db(name).engine.begin() as connection:
                await connection.execute(_RECORD, facts)
            while await applier.apply_due():
                pass
        await self._rolled_up()

    def _recorded(self, consumer: str, event: Event) -> dict[str, Any]:
        self._seqs[consumer, event.stream] += 1
        return {
            "consumer": consumer, "stream": event.stream, "event_id": derived("sample", "event", event.id, event.version),
            "seq": self._seqs[consumer, event.stream], "type": event.type, "order_key": event.order_key, "body": canonical(event),
            "at": self.clock.now(),
        }  # fmt: skip

    async def _close_out(self) -> None:
        """What the job does after the cut-off: targets without work are zeros."""
        posted: object = True
        while posted is not None:
            async with self.db("scoring").transaction() as tx:
                posted = await close_out(tx)
        await self._rolled_up()

    async def _rolled_up(self) -> None:
        async with self.db("scoring").transaction() as tx:
            while await roll_up_due(tx):
                pass

    async def _seal(self, month: int) -> None:
        """Trial, publicity, and two signatures after the window for objections."""
        first, second = (self._office(name) for name in ("first", "second"))
        closing = f"{API}/closings/{self.city.period(month).id}"
        await first.post(f"{closing}/begin")
        await first.post(f"{closing}/trials")
        until = self.clock.now() + timedelta(days=3)
        await first.post(f"{closing}/publish", {"objections_until": until.isoformat()})
        self.clock.move_to(until)
        await first.post(f"{closing}/approve")
        await second.post(f"{closing}/approve")

    def _office(self, name: str) -> Caller:
        root = self.city.root
        who = person(
            grant(Role.ASSESSMENT_OFFICE, root.id, root.path), officer_id=derived("sample", name), name=name
        )
        return self.platform.caller("scoring", who)

    async def _told(self) -> None:
        """What `scoring` said reaches `reporting`."""
        while await stamp_batch(self.db("scoring"), "scoring"):
            pass
        await self._heard.catch_up()
        while await self._appliers["reporting"].apply_due():
            pass

    async def bulletins(self) -> dict[BulletinKind, BulletinRow]:
        """The last month, quarter and year, as the calendar drafts them."""
        kinds = frozenset({BulletinKind.MONTH, BulletinKind.QUARTER, BulletinKind.YEAR})
        await draft_due(self.db("reporting"), HOUSE, SIGNED, kinds)
        async with self.db("reporting").reading() as session:
            rows = (await session.scalars(select(BulletinRow).order_by(BulletinRow.id))).all()
        return {
            BulletinKind(row.kind): row
            for row in rows
            if report_of(row.content).span_code.endswith(f"{YEAR}-12")
        }

    async def made_anew(self, row: BulletinRow) -> bool:
        """Whether the seals that it names give its very figures again."""
        async with self.db("reporting").reading() as session:
            return await recreated(session, row, HOUSE) == row.data_digest


@asynccontextmanager
async def year(databases: Databases, objects: ObjectStore) -> AsyncIterator[Year]:
    """Played to the end of December."""
    clock = ManualClock(datetime(YEAR, 1, 1, tzinfo=UTC))
    sealing = {"seal_key": SecretStr(SEAL_KEY), "seal_origin": ORIGIN, "seal_trust": TRUST}
    async with Platform(databases, objects, [scoring, reporting], clock=clock, settings=sealing) as platform:
        made = Year(platform, clock)
        await made.play()
        yield made


def report(row: BulletinRow) -> Report:
    return report_of(row.content)
