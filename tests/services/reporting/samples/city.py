"""The people and the work of the year: units of the second level of examples/city, and what they and two people of each did every month.

What somebody did is drawn from a seed; what it is worth is for `scoring` to say.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts import org, submissions, targets
from contracts.envelope import Event
from contracts.org import OfficerCategory, OfficerStatus, PostingKind, SubjectKind
from contracts.submissions import SubmissionStatus
from contracts.targets import (
    Direction,
    EvidenceRequirement,
    ModuleKind,
    PeriodStatus,
    SchemeStatus,
    TargetStatus,
)
from examples.bureau import build
from kernel.ids import derived

SEED, YEAR, CREW = 2026, 2026, 2
OFFICERS = "民警"


class Line:
    """A module of the scheme with its one indicator: full marks for the target, in proportion below it."""

    def __init__(
        self, module: ModuleKind, name: str, marks: int, indicator: str, target: int, unit: str
    ) -> None:
        self.module, self.name, self.marks = module, name, marks
        self.indicator, self.target, self.unit = indicator, Decimal(target), unit
        self.id = derived("sample", "indicator", module.value)


LINES = (
    Line(ModuleKind.BUSINESS, "业务工作", 70, "办结案件与警情", 40, "件"),
    Line(ModuleKind.TEAM, "队伍建设", 20, "学习训练", 16, "学时"),
    Line(ModuleKind.ATTENDANCE, "考勤管理", 10, "出勤", 20, "天"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit, or somebody of it."""

    unit: org.Unit
    who: org.Officer | None = None

    @property
    def kind(self) -> SubjectKind:
        return SubjectKind.OFFICER if self.who else SubjectKind.UNIT

    @property
    def id(self) -> UUID:
        return self.who.id if self.who else self.unit.id

    @property
    def speaker(self) -> UUID:
        """Who sends what the subject did."""
        return self.who.id if self.who else derived("sample", "leader", self.unit.code)


class City:
    """Units of the second level, some of their people, twelve months of figures."""

    def __init__(self) -> None:
        self.rng, self.scheme_id = random.Random(SEED), derived("sample", "scheme")
        self.office_id = derived("sample", "office")
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
            subject: self.rng.gauss(0, 0.06) + bias
            for unit in self.units
            for bias in [self.rng.gauss(0.86, 0.07)]
            for subject in (unit.id, *(who.id for who in self.crews[unit.id]))
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
            category=OfficerCategory.OFFICER, status=OfficerStatus.IN_SERVICE, series_id=derived("sample", "series", OFFICERS),
        )  # fmt: skip

    def standing(self) -> Iterator[Event]:
        for name, key in self.series.items():
            yield org.Series(id=key, version=1, code=name, name=name, subject_kind=SubjectKind.UNIT)
        yield org.Series(
            id=derived("sample", "series", OFFICERS),
            version=1,
            code="民警",
            name="民警",
            subject_kind=SubjectKind.OFFICER,
        )
        yield from (self.root, *self.units)
        for unit_id, crew in self.crews.items():
            for who in crew:
                yield who
                yield self._posting(who, unit_id)
        yield targets.Scheme(
            id=self.scheme_id, version=1, code="DEMO", name="目标责任考核(演示)", year=YEAR, scope_unit_id=self.root.id,
            status=SchemeStatus.PUBLISHED, revision=1, effective_from=None,
            modules=tuple(
                targets.Module(code=line.module, name=line.name, full_marks=Decimal(line.marks), weight=Decimal(1))
                for line in LINES
            ),
            module_combination="sum", total_decimals=2,
            roll_up=targets.RollUp(own_weight=Decimal("0.6"), members_weight=Decimal("0.4"), members="mean", decimals=2), bonus_cap=None,
            deduction_cap=None, second_signature_above=None,
        )  # fmt: skip
        yield from (self._indicator(line) for line in LINES)
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

    def _posting(self, who: org.Officer, unit_id: UUID) -> org.Posting:
        return org.Posting(
            id=derived("sample", "posting", who.police_number), version=1, officer_id=who.id, unit_id=unit_id, post="民警",
            kind=PostingKind.REGULAR, role_coefficient=Decimal(1), is_primary=True, valid_from=date(2020, 1, 1), valid_to=None,
        )  # fmt: skip

    def _indicator(self, line: Line) -> targets.Indicator:
        return targets.Indicator(
            id=line.id, version=1, scheme_id=self.scheme_id, code=line.module.value, name=line.indicator, module=line.module,
            line="office", subject_kind="both", unit_of_measure=line.unit, direction=Direction.HIGHER_IS_BETTER,
            evidence=EvidenceRequirement.NONE, full_marks=Decimal(line.marks), rule={"type": "ratio", "full": str(line.marks)},
            revision=1, basis="演示细则", clause="第一条", active=True,
        )  # fmt: skip

    def month(self, month: int) -> Iterator[Event]:
        """Targets of every unit and of its people, then the work of each for them, accepted as it was sent."""
        rng, period = random.Random(f"{SEED}-{month}"), self.period(month)
        subjects = [
            subject
            for unit in self.units
            for subject in (Subject(unit), *(Subject(unit, who) for who in self.crews[unit.id]))
        ]
        for line in LINES:
            for subject in subjects:
                yield self._target(period, line, subject)
        number = 0
        for line in LINES:
            for subject in subjects:
                number += 1
                share = min(max(self.skill[subject.id] + rng.gauss(0, 0.1), 0), 1)
                yield self._work(period, line, subject, round(int(line.target) * share), number)

    def _target(self, period: targets.Period, line: Line, subject: Subject) -> targets.Target:
        return targets.Target(
            id=derived("sample", "target", period.code, line.module.value, subject.id), version=1,
            scheme_id=self.scheme_id, indicator_id=line.id, period_id=period.id, subject_kind=subject.kind,
            subject_id=subject.id, quantity=line.target, parent_id=None, issuer_unit_id=self.root.id, unit_id=subject.unit.id,
            status=TargetStatus.ACKNOWLEDGED, issued_at=_morning(period), acknowledged_at=_morning(period), acknowledged_by=subject.speaker,
        )  # fmt: skip

    def _work(
        self, period: targets.Period, line: Line, subject: Subject, done: int, number: int
    ) -> submissions.Submission:
        goal = self._target(period, line, subject)
        return submissions.Submission(
            id=derived("sample", "work", goal.id), version=1, number=f"{period.code}-{number:06}", scheme_id=self.scheme_id,
            period_id=period.id, indicator_id=line.id, target_id=goal.id, subject_kind=subject.kind, subject_id=subject.id,
            unit_id=subject.unit.id, event_date=period.starts_on + timedelta(days=number % 20), quantity=Decimal(done),
            accepted_quantity=Decimal(done), summary=line.indicator, case_number=None, evidence=(),
            status=SubmissionStatus.ACCEPTED, late=False, submitted_by=subject.speaker,
            submitted_at=_morning(period) + timedelta(days=number % 20, hours=number % 9), authority_unit_id=self.root.id,
            reviewer_id=None, first_decided_by=None, decided_by=self.office_id,
            decided_at=_morning(period) + timedelta(days=number % 20 + 1), decision_reason=None, decision_clause=None,
            notice_number=None, appeal_id=None,
        )  # fmt: skip


def _morning(period: targets.Period) -> datetime:
    """Of the period's first day, in the bureau's zone."""
    return datetime(period.starts_on.year, period.starts_on.month, 1, 1, tzinfo=UTC)
