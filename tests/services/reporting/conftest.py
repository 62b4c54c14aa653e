"""`reporting` alone, told by hand what the other services say."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from contracts import org, scoring, submissions, targets
from contracts.envelope import Event
from contracts.org import OfficerCategory, OfficerStatus, SubjectKind, UnitKind
from contracts.permissions import Role
from contracts.submissions import EvidenceFile, SubmissionStatus
from contracts.targets import ModuleKind, PeriodStatus, SchemeStatus
from kernel.ids import new_id
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.reporting.manifest import service

REPORTING = "/api/reporting/v1"
NOON = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)


@dataclass
class Bureau:
    """CITY with two stations of one series; officers of one series."""

    platform: Platform
    scheme_id: UUID = field(default_factory=new_id)
    series: dict[str, UUID] = field(default_factory=dict)
    units: dict[str, org.Unit] = field(default_factory=dict)
    officers: dict[str, org.Officer] = field(default_factory=dict)
    periods: dict[str, targets.Period] = field(default_factory=dict)
    indicator_id: UUID = field(default_factory=new_id)
    told: list[Event] = field(default_factory=list)

    async def tell(self, *events: Event) -> None:
        self.told += events
        await self.platform.tell("reporting", *events)

    async def begin(self) -> None:
        for code, kind in (("STATIONS", SubjectKind.UNIT), ("OFFICERS", SubjectKind.OFFICER)):
            self.series[code] = new_id()
            await self.tell(
                org.Series(id=self.series[code], version=1, code=code, name=code, subject_kind=kind)
            )
        for code, parent in (("CITY", None), ("P1", "CITY"), ("P2", "CITY")):
            above = self.units[parent] if parent else None
            self.units[code] = org.Unit(
                id=new_id(), version=1, code=code, name=f"{code}所", level=2 if above else 1, kind=UnitKind.POLICE_STATION,
                parent_id=above.id if above else None, path=f"{above.path if above else ''}{code}/",
                series_id=self.series["STATIONS"] if above else None, lines=(), valid_from=date(2020, 1, 1), valid_to=None,
            )  # fmt: skip
        for number, name in enumerate(("an", "bo", "chen")):
            self.officers[name] = org.Officer(
                id=new_id(), version=1, police_number=f"10000{number}", name=name, category=OfficerCategory.OFFICER,
                status=OfficerStatus.IN_SERVICE, series_id=self.series["OFFICERS"],
            )  # fmt: skip
        module = targets.Module(
            code=ModuleKind.BUSINESS, name="业务工作", full_marks=Decimal(100), weight=Decimal(1)
        )
        roll_up = targets.RollUp(own_weight=Decimal("0.5"), members_weight=Decimal("0.5"), members="mean")
        scheme = targets.Scheme(
            id=self.scheme_id, version=1, code="S", name="方案", year=2026, scope_unit_id=self.units["CITY"].id,
            status=SchemeStatus.PUBLISHED, revision=1, effective_from=None, modules=(module,), module_combination="sum",
            total_decimals=3, roll_up=roll_up, bonus_cap=None, deduction_cap=None, second_signature_above=None,
        )  # fmt: skip
        for month in (10, 11):
            self.periods[f"2026-{month}"] = targets.Period(
                id=new_id(), version=1, scheme_id=self.scheme_id, code=f"2026-{month}", year=2026, quarter=4, month=month,
                starts_on=date(2026, month, 1), ends_on=date(2026, month, 28), cutoff_at=NOON, review_until=NOON,
                appeal_days=3, status=PeriodStatus.OPEN,
            )  # fmt: skip
        indicator = targets.Indicator(
            id=self.indicator_id, version=1, scheme_id=self.scheme_id, code="I1", name="走访", module=ModuleKind.BUSINESS,
            line="security", subject_kind="officer", unit_of_measure="户", direction=targets.Direction.HIGHER_IS_BETTER,
            evidence=targets.EvidenceRequirement.OPTIONAL, full_marks=Decimal(5),
            rule={"type": "events", "each": "0.5", "cap": "5"}, revision=1, basis="细则", clause="第一条", active=True,
        )  # fmt: skip
        await self.tell(
            *self.units.values(), *self.officers.values(), scheme, indicator, *self.periods.values()
        )

    async def target(self, name: str, quantity: int, **more: object) -> targets.Target:
        """A target of an officer of P1, or of a unit, in November."""
        unit = name in self.units
        subject_id = self.units[name].id if unit else self.officers[name].id
        made = targets.Target(
            id=new_id(), version=1, scheme_id=self.scheme_id, indicator_id=self.indicator_id,
            period_id=self.periods["2026-11"].id, subject_kind=SubjectKind.UNIT if unit else SubjectKind.OFFICER,
            subject_id=subject_id, quantity=Decimal(quantity), parent_id=None, issuer_unit_id=self.units["CITY"].id,
            unit_id=subject_id if unit else self.units["P1"].id, status=targets.TargetStatus.ISSUED, issued_at=NOON,
            acknowledged_at=None, acknowledged_by=None,
        ).model_copy(update=more)  # fmt: skip
        await self.tell(made)
        return made

    async def score(self, name: str, milli: int, period: str = "2026-11", version: int = 1) -> None:
        unit = name in self.units
        subject_id = self.units[name].id if unit else self.officers[name].id
        modules = (scoring.ModulePoints(module=ModuleKind.BUSINESS, points_milli=milli),)
        await self.tell(
            scoring.Statement(
                id=UUID(int=subject_id.int ^ self.periods[period].id.int), version=version, scheme_id=self.scheme_id,
                period_id=self.periods[period].id, subject_kind=SubjectKind.UNIT if unit else SubjectKind.OFFICER,
                subject_id=subject_id, unit_id=subject_id if unit else self.units["P1"].id, modules=modules, entries=1,
                entries_milli=milli, own_milli=milli, members_milli=None, members=0, total_milli=milli,
            )
        )  # fmt: skip

    async def close(self, status: scoring.ClosingStatus, version: int, period: str = "2026-11") -> None:
        """The closing moves on; what its figures are is frozen."""
        public = status in {scoring.ClosingStatus.PUBLIC, scoring.ClosingStatus.SEALED}
        sealed = status is scoring.ClosingStatus.SEALED
        await self.tell(
            scoring.Closing(
                id=UUID(int=self.periods[period].id.int ^ 1), version=version, scheme_id=self.scheme_id,
                period_id=self.periods[period].id, status=status, trial_number=1 if public else None,
                public_from=NOON if public else None, objections_until=NOON if public else None,
                sealed_at=NOON if sealed else None, seal_number=7 if sealed else None,
                root_sha256="ab" * 32 if sealed else None,
            )
        )  # fmt: skip

    async def entry(self, name: str, milli: int, **more: object) -> tuple[UUID, UUID]:
        """An accepted submission of 2 with one file, and the entry that came of it; (entry, submission)."""
        officer, period = self.officers[name], self.periods["2026-11"]
        file = EvidenceFile(sha256="ab" * 32, name="证据.pdf", size=10, media_type="application/pdf")
        work = submissions.Submission(
            id=new_id(), version=1, number="2026-11-000001", scheme_id=self.scheme_id, period_id=period.id,
            indicator_id=self.indicator_id, target_id=new_id(), subject_kind=SubjectKind.OFFICER, subject_id=officer.id,
            unit_id=self.units["P1"].id, event_date=date(2026, 11, 3), quantity=Decimal(2), accepted_quantity=Decimal(2),
            summary="摘要", case_number=None, evidence=(file,), status=SubmissionStatus.ACCEPTED, late=False,
            submitted_by=officer.id, submitted_at=NOON, authority_unit_id=None, reviewer_id=None, first_decided_by=None,
            decided_by=None, decided_at=NOON, decision_reason=None, decision_clause=None, notice_number=None, appeal_id=None,
        ).model_copy(update=more)  # fmt: skip
        line = scoring.Entry(
            id=new_id(), version=1, seq=1, scheme_id=self.scheme_id, period_id=period.id, subject_kind=SubjectKind.OFFICER,
            subject_id=officer.id, unit_id=self.units["P1"].id, module=ModuleKind.BUSINESS, indicator_id=work.indicator_id,
            kind=scoring.EntryKind.TASK, points_milli=milli, rule_revision=1, source_event_id=new_id(),
            submission_id=work.id, award_id=None, reason_zh="由来", reason_en="reason", actor_id=None,
            occurred_on=date(2026, 11, 3),
        )  # fmt: skip
        await self.tell(work, line)
        return line.id, work.id

    def officer(self, name: str, unit: str = "P1") -> Caller:
        home = self.units[unit]
        someone = person(officer_id=self.officers[name].id, unit_id=home.id, unit_path=home.path)
        return self.platform.caller("reporting", someone)

    def leader(self, unit: str) -> Caller:
        here = self.units[unit]
        return self.platform.caller(
            "reporting", person(grant(Role.UNIT_LEADER, here.id, here.path), officer_id=new_id())
        )

    def board(self, **more: object) -> dict[str, object]:
        return {"scheme_id": self.scheme_id, "period_id": self.periods["2026-11"].id, **more}


@pytest.fixture
async def bureau(databases: Databases, objects: ObjectStore) -> AsyncIterator[Bureau]:
    async with Platform(databases, objects, [service]) as platform:
        made = Bureau(platform)
        await made.begin()
        yield made
