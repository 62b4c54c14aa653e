"""`make samples`: a month, a quarter and a year of the example city as bulletins, into docs/samples.

A year of entries is drawn from a seed for ten officers of each second-level unit of examples/city; statements are their sums,
rolled up as the scheme says. They are told to `reporting` as `scoring` would tell them, the months are sealed, and the calendar
drafts the bulletins. Nothing is written unless figures and entries agree and each bulletin is re-created from its seal.
"""

import asyncio
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contracts import org, scoring, targets
from contracts.envelope import Event, Headers
from contracts.org import OfficerCategory, OfficerStatus, SubjectKind
from contracts.scoring import ClosingStatus, EntryKind
from contracts.targets import ModuleKind, PeriodStatus, SchemeStatus
from examples.bureau import build
from kernel.db.engine import make_engine
from kernel.delivery.handlers import Delivered
from kernel.delivery.replicas import keep_replicas
from kernel.delivery.transaction import Database
from kernel.ids import derived
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases
from rules.rounding import half_up
from services.reporting.actions.bulletins import recreated
from services.reporting.actions.scheduling import draft_due
from services.reporting.documents.heads import Imprint, document_number, written
from services.reporting.documents.pdf import bulletin_pdf
from services.reporting.documents.word import bulletin_docx
from services.reporting.documents.workbook import bulletin_xlsx
from services.reporting.domain.report import BulletinKind, Report, report_of
from services.reporting.manifest import service
from services.reporting.models import BulletinRow, StandingSettingRow, VersionRow
from services.reporting.queries.figures import entry_sums, statement_sums
from services.reporting.replicas import EntryReplica, StatementReplica
from services.reporting.settings import House

OUT = Path(__file__).parents[3] / "docs" / "samples"
SEED, YEAR, CREW = 2026, 2026, 10
KINDS = {BulletinKind.MONTH: 7, BulletinKind.QUARTER: 8, BulletinKind.YEAR: 9}
SIGNED = date(YEAR + 1, 1, 6)
HOUSE = House(3, ZoneInfo("Asia/Shanghai"), "江公考")
MODULES = (
    (ModuleKind.BUSINESS, "业务工作", 70, 6), (ModuleKind.TEAM, "队伍建设", 20, 2), (ModuleKind.ATTENDANCE, "考勤管理", 10, 1),
)  # fmt: skip
RED_LINE = "75"


def imprint_of(kind: BulletinKind, report: Report) -> Imprint:
    """As if it had been signed on a fixed day."""
    number = document_number(HOUSE.word, SIGNED.year, KINDS[kind])
    return Imprint(
        f"{report.issuer}文件", number, written(SIGNED), "演示数据 / demonstration data", draft=False
    )


def pdf_of(kind: BulletinKind, report: Report) -> bytes:
    return bulletin_pdf(
        report, imprint_of(kind, report), at=datetime(SIGNED.year, SIGNED.month, SIGNED.day, tzinfo=UTC)
    )


class City:
    """Units of the second level, some of their people, twelve months of figures."""

    def __init__(self) -> None:
        self.rng, self.scheme_id = random.Random(SEED), derived("sample", "scheme")
        bureau = build(SEED)
        root = bureau.units[0]
        second = [unit for unit in bureau.units if unit.parent == root.name and unit.series]
        self.series = {name: derived("sample", "series", name) for name in sorted({u.series for u in second})}
        self.root = self._unit(root.code, root.name, None, None)
        self.units = [self._unit(u.code, u.name, self.root, self.series[u.series]) for u in second]
        below = {u.name: u for u in bureau.units}
        crews: dict[str, list[Any]] = defaultdict(list)
        for someone in bureau.people:
            home = below.get(someone.unit)
            while home is not None and home.parent not in {None, root.name}:
                home = below.get(home.parent or "")
            if home is not None and len(crews[home.name]) < CREW:
                crews[home.name].append(someone)
        self.crews = {unit.id: [self._officer(p) for p in crews[unit.name]] for unit in self.units}
        self.skill = {
            who.id: self.rng.gauss(0, 0.06) + bias
            for unit in self.units
            for bias in [self.rng.gauss(0.86, 0.07)]
            for who in self.crews[unit.id]
        }

    def _unit(self, code: str, name: str, above: org.Unit | None, series: UUID | None) -> org.Unit:
        return org.Unit(
            id=derived("sample", "unit", code), version=1, code=code, name=name, level=2 if above else 1,
            kind=next(iter(org.UnitKind)), parent_id=above.id if above else None,
            path=f"{above.path if above else ''}{code}/", series_id=series, lines=(), valid_from=date(2020, 1, 1), valid_to=None,
        )  # fmt: skip

    def _officer(self, someone: Any) -> org.Officer:
        return org.Officer(
            id=derived("sample", "officer", someone.number), version=1, police_number=someone.number, name=someone.name,
            category=OfficerCategory.OFFICER, status=OfficerStatus.IN_SERVICE, series_id=derived("sample", "series", "民警"),
        )  # fmt: skip

    def standing(self) -> Iterator[Event]:
        for name, key in self.series.items():
            yield org.Series(id=key, version=1, code=name, name=name, subject_kind=SubjectKind.UNIT)
        yield org.Series(
            id=derived("sample", "series", "民警"),
            version=1,
            code="民警",
            name="民警",
            subject_kind=SubjectKind.OFFICER,
        )
        yield from (self.root, *self.units)
        for crew in self.crews.values():
            yield from crew
        yield targets.Scheme(
            id=self.scheme_id, version=1, code="DEMO", name="目标责任考核(演示)", year=YEAR, scope_unit_id=self.root.id,
            status=SchemeStatus.PUBLISHED, revision=1, effective_from=None,
            modules=tuple(
                targets.Module(code=code, name=name, full_marks=Decimal(marks), weight=Decimal(1))
                for code, name, marks, _ in MODULES
            ),
            module_combination="sum", total_decimals=3,
            roll_up=targets.RollUp(own_weight=Decimal(0), members_weight=Decimal(1), members="mean"), bonus_cap=None,
            deduction_cap=None, second_signature_above=None,
        )  # fmt: skip
        for month in range(1, 13):
            yield self.period(month)

    def period(self, month: int) -> targets.Period:
        last = date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        cutoff = datetime(YEAR, month, 25, 10, tzinfo=UTC)
        return targets.Period(
            id=derived("sample", "period", month), version=1, scheme_id=self.scheme_id, code=f"{YEAR}-{month:02}", year=YEAR,
            quarter=(month + 2) // 3, month=month, starts_on=date(YEAR, month, 1), ends_on=last, cutoff_at=cutoff,
            review_until=cutoff + timedelta(days=3), appeal_days=3, status=PeriodStatus.OPEN,
        )  # fmt: skip

    def month(self, month: int) -> tuple[list[scoring.Entry], list[scoring.Statement]]:
        """Entries of everybody, and the statements that add them up; a unit has the mean of its members, half up."""
        self.rng = random.Random(f"{SEED}-{month}")
        period, entries, statements = self.period(month), [], []
        for unit in self.units:
            members: list[dict[ModuleKind, int]] = []
            for who in self.crews[unit.id]:
                sums: dict[ModuleKind, int] = {}
                for code, _, marks, parts in MODULES:
                    drawn = [self._points(who.id, Fraction(marks, parts)) for _ in range(parts)]
                    entries += [self._entry(period, unit, who, code, n, p) for n, p in enumerate(drawn)]
                    sums[code] = sum(drawn)
                members.append(sums)
                statements.append(self._statement(period, SubjectKind.OFFICER, who.id, unit, sums, 0))
            means = {
                code: int(half_up(Fraction(sum(m[code] for m in members), len(members)), 0))
                for code, *_ in MODULES
            }
            statements.append(self._statement(period, SubjectKind.UNIT, unit.id, unit, means, len(members)))
        return entries, statements

    def _points(self, who: UUID, most: Fraction) -> int:
        share = min(max(self.skill[who] + self.rng.gauss(0, 0.1), 0), 1)
        return int(most * 1000 * Fraction(round(share * 20), 20))

    def _entry(
        self,
        period: targets.Period,
        unit: org.Unit,
        who: org.Officer,
        code: ModuleKind,
        number: int,
        points: int,
    ) -> scoring.Entry:
        key = derived("sample", "entry", period.code, who.police_number, code, number)
        return scoring.Entry(
            id=key, version=1, seq=1, scheme_id=self.scheme_id, period_id=period.id, subject_kind=SubjectKind.OFFICER,
            subject_id=who.id, unit_id=unit.id, module=code, indicator_id=None, kind=EntryKind.TASK, points_milli=points,
            rule_revision=1, source_event_id=key, submission_id=None, award_id=None, reason_zh="演示", reason_en="demonstration",
            actor_id=None, occurred_on=period.starts_on,
        )  # fmt: skip

    def _statement(
        self, period: targets.Period, kind: SubjectKind, subject: UUID, unit: org.Unit, sums: dict[ModuleKind, int], members: int
    ) -> scoring.Statement:  # fmt: skip
        total = sum(sums.values())
        return scoring.Statement(
            id=derived("sample", "statement", period.code, subject), version=1, scheme_id=self.scheme_id, period_id=period.id,
            subject_kind=kind, subject_id=subject, unit_id=unit.id,
            modules=tuple(scoring.ModulePoints(module=code, points_milli=points) for code, points in sums.items()),
            entries=0 if members else 9, entries_milli=0 if members else total, own_milli=0 if members else total,
            members_milli=total if members else None, members=members, total_milli=total,
        )  # fmt: skip

    def closing(self, month: int) -> scoring.Closing:
        at = self.period(month).cutoff_at + timedelta(days=10)
        return scoring.Closing(
            id=derived("sample", "closing", month), version=1, scheme_id=self.scheme_id, period_id=self.period(month).id,
            status=ClosingStatus.SEALED, trial_number=1, public_from=at, objections_until=at, sealed_at=at, seal_number=month,
            root_sha256=None,
        )  # fmt: skip


async def play(db: Database, city: City) -> None:
    """Tell it all, month by month; a month is sealed before the next one begins."""
    await _tell(db, [*city.standing()], 1)
    async with db.transaction() as tx:
        lines = {str(key): RED_LINE for key in city.series.values()}
        tx.session.add(
            StandingSettingRow(
                id=derived("sample", "setting"), scheme_id=city.scheme_id, number=1, data={}, red_lines=lines, reason="演示",
                account_id=derived("sample", "office"), actor="考核办", at=datetime(YEAR, 1, 1, tzinfo=UTC),
            )
        )  # fmt: skip
    for month in range(1, 13):
        entries, statements = city.month(month)
        async with db.transaction() as tx:
            await keep_replicas(tx, EntryReplica, entries)
            await keep_replicas(tx, StatementReplica, statements)
        await _tell(db, [city.closing(month)], 1 + month)
        async with db.reading() as session:
            posted = sum(total for _, total in (await entry_sums(session, city.period(month).id)).values())
            _, stated = (await statement_sums(session, city.period(month).id))["officer"]
        if posted != stated:
            raise SystemExit(f"{month}: the entries give {posted}, the statements {stated}")


async def _tell(db: Database, events: Sequence[Event], seq: int) -> None:
    for event in events:
        async with db.transaction() as tx:
            at = getattr(event, "sealed_at", None) or datetime(YEAR, 1, 1, tzinfo=UTC)
            delivered = Delivered(derived("sample", "event", event.id), event.stream, 1, seq, at, Headers())
            await service.handlers.handle(tx, event, delivered)


async def bulletins(db: Database, city: City) -> dict[BulletinKind, Report]:
    """Drafted by the calendar; each made anew from its seal after the live figures have moved on."""
    now = datetime(SIGNED.year, SIGNED.month, SIGNED.day, 1, tzinfo=UTC)
    await draft_due(db, HOUSE, now, frozenset(KINDS))
    async with db.transaction() as tx:
        _, statements = city.month(12)
        moved = [s.model_copy(update={"version": 2, "total_milli": s.total_milli // 2}) for s in statements]
        await keep_replicas(tx, StatementReplica, moved)
    async with db.reading() as session:
        rows = (await session.scalars(select(BulletinRow).order_by(BulletinRow.id))).all()
        found = {
            BulletinKind(row.kind): row
            for row in rows
            if report_of(row.content).span_code.endswith(f"{YEAR}-12")
        }
        for kind, row in found.items():
            if await recreated(session, row, HOUSE) != row.data_digest:
                raise SystemExit(f"{kind}: not the same figures from its seal")
        sealed = await session.scalar(select(VersionRow.id).where(VersionRow.kind != "sealed").limit(1))
        if sealed is not None or found.keys() != KINDS.keys():
            raise SystemExit(f"not what was wanted: {sorted(found)}")
    return {kind: report_of(row.content) for kind, row in found.items()}


async def make(server: PostgresServer) -> dict[BulletinKind, Report]:
    databases, city = Databases(server), City()
    name = await databases.clone("reporting")
    db = Database(make_engine(databases.url(name, "reporting"), name="samples", pool_size=2))
    await play(db, city)
    found = await bulletins(db, city)
    await db.engine.dispose()
    return found


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kaohe-samples-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = PostgresServer(home, log=home / "postgres.log", durable=False)
        server.start()
        try:
            found = asyncio.run(make(server))
        finally:
            server.stop()
    for kind, report in found.items():
        data = json.dumps(report.to_data(), ensure_ascii=False, indent=1)
        (OUT / f"{kind}.json").write_text(data + "\n", encoding="utf-8")
        (OUT / f"{kind}.pdf").write_bytes(pdf_of(kind, report))
        (OUT / f"{kind}.docx").write_bytes(bulletin_docx(report, imprint_of(kind, report)))
        (OUT / f"{kind}.xlsx").write_bytes(bulletin_xlsx(report, imprint_of(kind, report), fingerprint=False))


if __name__ == "__main__":
    main()
