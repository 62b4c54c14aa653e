"""A small bureau as the other services tell of it. CITY > XZ01 > ZD1, ZD2; CITY > XZ02 > ZD3."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts import org, submissions, targets
from contracts.envelope import Event
from contracts.org import PostingKind, SubjectKind, UnitKind
from contracts.permissions import Role
from contracts.submissions import SubmissionStatus
from contracts.targets import (
    Direction,
    EvidenceRequirement,
    ModuleKind,
    PeriodStatus,
    SchemeStatus,
    TargetStatus,
)
from kernel.identity import GrantClaim, Principal
from kernel.ids import new_id
from kernel.testing.people import grant, person

NOON = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)
HALF_EACH = {"type": "events", "each": "0.5", "cap": "5"}
COMPLETION = {"type": "ratio", "full": "10"}


@dataclass
class Bureau:
    scheme_id: UUID = field(default_factory=new_id)
    units: dict[str, org.Unit] = field(default_factory=dict)
    postings: dict[str, org.Posting] = field(default_factory=dict)
    people: dict[str, Principal] = field(default_factory=dict)
    scheme: targets.Scheme = field(init=False)
    period: targets.Period = field(init=False)
    half_each: targets.Indicator = field(init=False)
    completion: targets.Indicator = field(init=False)

    def __post_init__(self) -> None:
        for code, parent in (
            ("CITY", None),
            ("XZ01", "CITY"),
            ("ZD1", "XZ01"),
            ("ZD2", "XZ01"),
            ("XZ02", "CITY"),
        ):
            self._unit(code, parent)
        self._unit("ZD3", "XZ02")
        self._plan()
        for name, unit in (("an", "ZD1"), ("bo", "ZD1"), ("chen", "ZD2"), ("ding", "ZD3")):
            self.join(name, unit)
        city, county = self.units["CITY"], self.units["XZ01"]
        self.join("office", "CITY", grant(Role.ASSESSMENT_OFFICE, city.id, city.path))
        self.join("second", "CITY", grant(Role.ASSESSMENT_OFFICE, city.id, city.path))
        self.join("leader", "XZ01", grant(Role.UNIT_LEADER, county.id, county.path))
        self.people["auditor"] = person(grant(Role.AUDITOR, city.id, city.path))

    @property
    def events(self) -> list[Event]:
        """All that is known before anybody works."""
        said: list[Event] = [*self.units.values(), *self.postings.values()]
        return [*said, self.scheme, self.period, self.half_each, self.completion]

    def _unit(self, code: str, parent: str | None) -> None:
        above = self.units[parent] if parent else None
        self.units[code] = org.Unit(
            id=new_id(), version=1, code=code, name=f"单位{code}", level=above.level + 1 if above else 1,
            kind=UnitKind.POLICE_STATION, parent_id=above.id if above else None,
            path=f"{above.path if above else ''}{code}/", series_id=None, lines=(),
            valid_from=date(2020, 1, 1), valid_to=None,
        )  # fmt: skip

    def join(self, name: str, unit: str, *grants: GrantClaim) -> None:
        home, officer_id = self.units[unit], new_id()
        self.people[name] = person(
            *grants, officer_id=officer_id, unit_id=home.id, unit_path=home.path, name=name
        )
        self.postings[name] = org.Posting(
            id=new_id(), version=1, officer_id=officer_id, unit_id=home.id, post="民警", kind=PostingKind.REGULAR,
            role_coefficient=Decimal(1), is_primary=True, valid_from=date(2020, 1, 1), valid_to=None,
        )  # fmt: skip

    def _plan(self) -> None:
        modules = tuple(
            targets.Module(code=code, name=code.value, full_marks=Decimal(100), weight=Decimal(1))
            for code in (ModuleKind.BUSINESS, ModuleKind.BONUS, ModuleKind.DEDUCTION)
        )
        half = Decimal("0.5")
        self.scheme = targets.Scheme(
            id=self.scheme_id, version=1, code="S", name="方案", year=2026, scope_unit_id=self.units["CITY"].id,
            status=SchemeStatus.PUBLISHED, revision=1, effective_from=date(2026, 1, 1), modules=modules,
            module_combination="sum", total_decimals=2, bonus_cap=Decimal(3), deduction_cap=Decimal(4),
            roll_up=targets.RollUp(own_weight=half, members_weight=half, members="mean"),
            second_signature_above=Decimal(2),
        )  # fmt: skip
        self.period = targets.Period(
            id=new_id(), version=1, scheme_id=self.scheme_id, code="2026-11", year=2026, quarter=4, month=11,
            starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30), cutoff_at=NOON, review_until=NOON,
            appeal_days=3, status=PeriodStatus.OPEN,
        )  # fmt: skip
        self.half_each = self._indicator("A1", HALF_EACH)
        self.completion = self._indicator("A2", COMPLETION)

    def _indicator(self, code: str, rule: dict[str, Any]) -> targets.Indicator:
        return targets.Indicator(
            id=new_id(), version=1, scheme_id=self.scheme_id, code=code, name=f"指标{code}",
            module=ModuleKind.BUSINESS, line="public_order", subject_kind="both", unit_of_measure="件",
            direction=Direction.HIGHER_IS_BETTER, evidence=EvidenceRequirement.NONE, full_marks=Decimal(10),
            rule=rule, revision=1, basis="办法", clause="第三条", active=True,
        )  # fmt: skip

    def subject(self, name: str) -> tuple[SubjectKind, UUID, UUID]:
        """Kind, id and unit of an officer (by name) or a unit (by code)."""
        if name in self.units:
            return SubjectKind.UNIT, self.units[name].id, self.units[name].id
        someone = self.people[name]
        assert someone.officer_id is not None
        return SubjectKind.OFFICER, someone.officer_id, self.postings[name].unit_id

    def target(
        self, name: str, indicator: targets.Indicator | None = None, quantity: str = "10"
    ) -> targets.Target:
        kind, subject_id, unit_id = self.subject(name)
        return targets.Target(
            id=new_id(), version=1, scheme_id=self.scheme_id, indicator_id=(indicator or self.half_each).id,
            period_id=self.period.id, subject_kind=kind, subject_id=subject_id, quantity=Decimal(quantity),
            parent_id=None, issuer_unit_id=self.units["CITY"].id, unit_id=unit_id, status=TargetStatus.ISSUED,
            issued_at=NOON, acknowledged_at=None, acknowledged_by=None,
        )  # fmt: skip

    def work(self, name: str, goal: targets.Target, accepted: str | None = "2") -> submissions.Submission:
        """Accepted work; still under review if `accepted` is None."""
        kind, subject_id, unit_id = self.subject(name)
        decided = accepted is not None
        return submissions.Submission(
            id=new_id(), version=1, number="1", scheme_id=self.scheme_id, period_id=self.period.id,
            indicator_id=goal.indicator_id, target_id=goal.id, subject_kind=kind, subject_id=subject_id,
            unit_id=unit_id, event_date=date(2026, 11, 10), quantity=Decimal(accepted or "2"),
            accepted_quantity=Decimal(accepted) if accepted is not None else None, summary="工作", case_number=None,
            evidence=(), status=SubmissionStatus.ACCEPTED if decided else SubmissionStatus.IN_REVIEW, late=False,
            submitted_by=None, submitted_at=NOON, authority_unit_id=None, reviewer_id=None, first_decided_by=None,
            decided_by=self.people["office"].officer_id, decided_at=NOON, decision_reason=None, decision_clause=None,
            notice_number=None, appeal_id=None,
        )  # fmt: skip


def later(event: Any, **changes: Any) -> Any:
    """The next version of the same thing."""
    return event.model_copy(update={"version": event.version + 1, **changes})
