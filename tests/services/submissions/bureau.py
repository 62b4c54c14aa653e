"""A small bureau as `org` and `targets` tell of it, and the people who act in it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts import org, targets
from contracts.envelope import Event
from contracts.org import PostingKind, SubjectKind, UnitKind
from contracts.permissions import Role
from contracts.targets import Direction, EvidenceRequirement, ModuleKind, PeriodStatus, TargetStatus
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.testing.people import grant, person

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: A Thursday in the middle of the period.
NOON = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)
CUTOFF = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
LINE = "criminal_investigation"


@dataclass
class Bureau:
    """CITY > two county bureaus with a station each, a detachment with a squadron, an assessment office."""

    units: dict[str, org.Unit] = field(default_factory=dict)
    people: dict[str, Principal] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    scheme_id: UUID = field(default_factory=new_id)
    period: targets.Period = field(init=False)
    indicator: targets.Indicator = field(init=False)
    without_evidence: targets.Indicator = field(init=False)

    def __post_init__(self) -> None:
        for code, parent, kind in (
            ("CITY", None, UnitKind.CITY_BUREAU),
            ("KHB", "CITY", UnitKind.ASSESSMENT_OFFICE),
            ("XZ01", "CITY", UnitKind.COUNTY_BUREAU),
            ("ZD1", "XZ01", UnitKind.POLICE_STATION),
            ("XZ02", "CITY", UnitKind.COUNTY_BUREAU),
            ("ZD2", "XZ02", UnitKind.POLICE_STATION),
            ("XJ", "CITY", UnitKind.DETACHMENT),
            ("XJ1", "XJ", UnitKind.SQUADRON),
        ):
            self._unit(code, parent, kind)
        self._competences()
        self._plan()
        city, station = self.units["CITY"], self.units["ZD1"]
        self.join("author", "ZD1")
        self.join("colleague", "ZD1")
        self.join("stranger", "ZD2")
        self.join("leader", "ZD1", grant(Role.UNIT_LEADER, station.id, station.path))
        self.join("county_leader", "XZ01", grant(Role.UNIT_LEADER, self.units["XZ01"].id, "CITY/XZ01/"))
        self.join("assessor", "XJ", grant(Role.ASSESSOR, city.id, city.path, LINE))
        self.join("other_assessor", "XJ1", grant(Role.ASSESSOR, city.id, city.path, LINE))
        self.join("wrong_line", "XJ", grant(Role.ASSESSOR, city.id, city.path, "traffic"))
        self.join("office", "KHB", grant(Role.ASSESSMENT_OFFICE, city.id, city.path))
        self.join("adjudicator", "KHB", grant(Role.ADJUDICATOR, city.id, city.path))
        self.join("judge_and_assessor", "XJ", *self._both())
        self.join("squad_member", "XJ1")

    def _both(self) -> tuple[Any, ...]:
        city = self.units["CITY"]
        return (
            grant(Role.ASSESSOR, city.id, city.path, LINE),
            grant(Role.ADJUDICATOR, city.id, city.path),
        )

    def _unit(self, code: str, parent: str | None, kind: UnitKind) -> None:
        above = self.units[parent] if parent else None
        self.units[code] = org.Unit(
            id=new_id(),
            version=1,
            code=code,
            name=f"单位{code}",
            level=above.level + 1 if above else 1,
            kind=kind,
            parent_id=above.id if above else None,
            path=f"{above.path if above else ''}{code}/",
            series_id=None,
            lines=(),
            valid_from=date(2020, 1, 1),
            valid_to=None,
        )
        self.events.append(self.units[code])

    def _competences(self) -> None:
        common = {"version": 1, "valid_from": date(2020, 1, 1), "valid_to": None}
        city = self.units["CITY"].id
        self.events += [
            org.LineAuthority(
                id=new_id(), scope_unit_id=city, line=LINE, unit_id=self.units["XJ"].id, **common
            ),
            org.AssessmentOffice(
                id=new_id(), scope_unit_id=city, unit_id=self.units["KHB"].id, covers=(), **common
            ),
        ]

    def _plan(self) -> None:
        self.period = targets.Period(
            id=new_id(),
            version=1,
            scheme_id=self.scheme_id,
            code="2026-11",
            year=2026,
            quarter=4,
            month=11,
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 11, 30),
            cutoff_at=CUTOFF,
            review_until=datetime(2026, 11, 30, 10, 0, tzinfo=UTC),
            appeal_days=3,
            status=PeriodStatus.OPEN,
        )
        self.indicator = self._indicator("A1", EvidenceRequirement.REQUIRED)
        self.without_evidence = self._indicator("A2", EvidenceRequirement.OPTIONAL)
        self.events += [self.period, self.indicator, self.without_evidence]

    def _indicator(self, code: str, evidence: EvidenceRequirement) -> targets.Indicator:
        return targets.Indicator(
            id=new_id(),
            version=1,
            scheme_id=self.scheme_id,
            code=code,
            name=f"指标{code}",
            module=ModuleKind.BUSINESS,
            line=LINE,
            subject_kind="both",
            unit_of_measure="件",
            direction=Direction.HIGHER_IS_BETTER,
            evidence=evidence,
            full_marks=Decimal(10),
            rule={},
            revision=1,
            basis="考核办法",
            clause="第三条",
            active=True,
        )

    def join(self, name: str, unit: str, *grants: Any) -> Principal:
        """A new officer with a primary posting in the unit."""
        home, officer_id = self.units[unit], new_id()
        self.people[name] = person(
            *grants, officer_id=officer_id, unit_id=home.id, unit_path=home.path, name=name
        )
        self.events += [
            org.Officer(
                id=officer_id,
                version=1,
                police_number=f"{len(self.people):06d}",
                name=name,
                category=org.OfficerCategory.OFFICER,
                status=org.OfficerStatus.IN_SERVICE,
                series_id=None,
            ),
            org.Posting(
                id=new_id(),
                version=1,
                officer_id=officer_id,
                unit_id=home.id,
                post="民警",
                kind=PostingKind.REGULAR,
                role_coefficient=Decimal(1),
                is_primary=True,
                valid_from=date(2020, 1, 1),
                valid_to=None,
            ),
        ]
        return self.people[name]

    def target(
        self, subject: str, *, evidence: bool = False, status: TargetStatus = TargetStatus.ISSUED
    ) -> targets.Target:
        """A target of an officer (by name) or of a unit (by code)."""
        indicator = self.indicator if evidence else self.without_evidence
        officer = self.people.get(subject)
        unit_id = officer.unit_id if officer else self.units[subject].id
        subject_id = officer.officer_id if officer else unit_id
        assert unit_id is not None
        assert subject_id is not None
        return targets.Target(
            id=new_id(),
            version=1,
            scheme_id=self.scheme_id,
            indicator_id=indicator.id,
            period_id=self.period.id,
            subject_kind=SubjectKind.OFFICER if officer else SubjectKind.UNIT,
            subject_id=subject_id,
            quantity=Decimal(10),
            parent_id=None,
            issuer_unit_id=self.units["CITY"].id,
            unit_id=unit_id,
            status=status,
            issued_at=NOON,
            acknowledged_at=None,
            acknowledged_by=None,
        )
