"""A small bureau as org would tell it, and a published scheme, for the tests of targets."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from contracts import org
from contracts.envelope import Event
from contracts.permissions import Role
from kernel.clock import ManualClock
from kernel.identity import Principal
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.targets.models import IndicatorRow, SchemeRow

API = "/api/targets/v1"
SINCE = date(2020, 1, 1)
NOW = datetime(2026, 11, 10, 2, tzinfo=UTC)
CALENDAR = {"start_day": 26, "cutoff_day": 25, "cutoff_time": "18:00", "months": ["2026-11"]}
SCHEME = {
    "code": "2026",
    "name": "目标责任考核方案",
    "year": 2026,
    "modules": [{"code": "mod_business", "name": "业务工作", "full_marks": "100", "weight": "1"}],
    "roll_up": {"own_weight": "0.4", "members_weight": "0.6"},
}


@dataclass
class Bureau:
    """City › county XZ01 › stations ZD01 (8 officers) and ZD02 (2 officers); county XZ02 without anybody."""

    platform: Platform
    clock: ManualClock
    units: dict[str, org.Unit] = field(default_factory=dict)
    officers: dict[str, list[UUID]] = field(default_factory=dict)
    postings: dict[UUID, UUID] = field(default_factory=dict)

    def unit(self, code: str) -> UUID:
        return self.units[code].id

    def caller(self, principal: Principal) -> Caller:
        return self.platform.caller("targets", principal)

    def in_role(self, role: Role, code: str, *lines: str) -> Caller:
        unit = self.units[code]
        who = grant(role, unit.id, unit.path, *lines)
        return self.caller(person(who, officer_id=uuid4(), unit_id=unit.id, unit_path=unit.path))

    def office(self, code: str = "CITY") -> Caller:
        return self.in_role(Role.ASSESSMENT_OFFICE, code)

    def leader(self, code: str) -> Caller:
        return self.in_role(Role.UNIT_LEADER, code)

    def officer(self, code: str, n: int = 0) -> Caller:
        unit = self.units[code]
        return self.caller(person(officer_id=self.officers[code][n], unit_id=unit.id, unit_path=unit.path))

    async def settle(self) -> None:
        """Tell the service about units, officers, postings and the city's assessment office."""
        said: list[Event] = []
        for code, parent, kind in (
            ("CITY", None, org.UnitKind.CITY_BUREAU),
            ("XZ01", "CITY", org.UnitKind.COUNTY_BUREAU),
            ("XZ02", "CITY", org.UnitKind.COUNTY_BUREAU),
            ("ZD01", "XZ01", org.UnitKind.POLICE_STATION),
            ("ZD02", "XZ01", org.UnitKind.POLICE_STATION),
        ):
            above = self.units.get(parent or "")
            self.units[code] = org.Unit(
                id=uuid4(),
                version=1,
                code=code,
                name=f"单位 {code}",
                level=above.level + 1 if above else 1,
                kind=kind,
                parent_id=above.id if above else None,
                path=f"{above.path if above else ''}{code}/",
                series_id=None,
                lines=(),
                valid_from=SINCE,
                valid_to=None,
            )
            said.append(self.units[code])
        for code, heads in (("ZD01", 8), ("ZD02", 2)):
            self.officers[code] = [uuid4() for _ in range(heads)]
            for n, officer in enumerate(self.officers[code]):
                posting = self.posting(officer, code)
                self.postings[officer] = posting.id
                said += [self._officer(officer, f"{code}{n:03d}"), posting]
        city = self.unit("CITY")
        said.append(
            org.AssessmentOffice(
                id=uuid4(),
                version=1,
                unit_id=city,
                scope_unit_id=city,
                covers=(),
                valid_from=SINCE,
                valid_to=None,
            )
        )
        await self.platform.tell("targets", *said)

    def posting(self, officer: UUID, code: str, **different: Any) -> org.Posting:
        values: dict[str, Any] = {
            "id": uuid4(),
            "version": 1,
            "officer_id": officer,
            "unit_id": self.unit(code),
            "post": "民警",
            "kind": org.PostingKind.REGULAR,
            "role_coefficient": Decimal(1),
            "is_primary": True,
            "valid_from": SINCE,
            "valid_to": None,
        }
        return org.Posting(**values | different)

    def _officer(self, officer: UUID, number: str) -> org.Officer:
        return org.Officer(
            id=officer,
            version=1,
            police_number=number,
            name=f"民警{number}",
            category=org.OfficerCategory.OFFICER,
            status=org.OfficerStatus.IN_SERVICE,
            series_id=None,
        )

    async def draft(self, **different: Any) -> Any:
        body = SCHEME | {"scope_unit_id": str(self.unit("CITY"))} | different
        return await self.office().post(f"{API}/schemes", body)

    async def published(self, indicators: int = 1, **different: Any) -> "Published":
        """A scheme with a period and indicators, published behind the back of the check."""
        scheme = await self.draft(**different)
        periods = await self.office().post(f"{API}/schemes/{scheme['id']}/calendar", CALENDAR)
        ids = [uuid4() for _ in range(indicators)]
        async with self.platform.runtimes["targets"].db.transaction() as tx:
            row = await tx.session.get(SchemeRow, UUID(scheme["id"]))
            assert row is not None
            row.status = "published"
            tx.session.add_all([_indicator(i, row.id, n) for n, i in enumerate(ids)])
        return Published(self, scheme["id"], periods["items"][0]["id"], [str(i) for i in ids])


@dataclass
class Published:
    bureau: Bureau
    scheme: str
    period: str
    indicators: list[str]

    def wanted(
        self, subject: UUID, quantity: object = 10, kind: str = "unit", indicator: int = 0
    ) -> dict[str, str]:
        return {
            "indicator_id": self.indicators[indicator],
            "period_id": self.period,
            "subject_kind": kind,
            "subject_id": str(subject),
            "quantity": str(quantity),
        }

    def batch(self, *targets: dict[str, str], issue: bool = True) -> dict[str, Any]:
        return {"scheme_id": self.scheme, "issue": issue, "targets": list(targets)}

    async def issue(self, code: str, quantity: object = 10) -> Any:
        """A target of a unit, issued by the city's office."""
        wanted = self.wanted(self.bureau.unit(code), quantity)
        return (await self.bureau.office().post(f"{API}/targets/batch", self.batch(wanted)))["targets"][0]


def _indicator(identity: UUID, scheme: UUID, n: int) -> IndicatorRow:
    return IndicatorRow(
        id=identity,
        scheme_id=scheme,
        code=f"Y{n}",
        name=f"指标{n}",
        module="mod_business",
        line="治安",
        subject_kind="both",
        unit_of_measure="件",
        direction="higher_is_better",
        evidence="optional",
        full_marks=Decimal(100),
        rule={},
        example=None,
        revision=1,
        basis="",
        clause="",
        active=True,
        position=n,
        initials="",
    )
