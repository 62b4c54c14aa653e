"""Schemes, periods and timelines as the API speaks of them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.targets import ModuleKind, PeriodStatus, SchemeStatus
from kernel.audit.reading import Mark, marks_of
from kernel.web.text import Code, Name, Note, Points
from services.targets.domain.calendar import FIRST_YEAR, LAST_YEAR
from services.targets.domain.checks import Checked
from services.targets.domain.quantity import trimmed, trimmed_or_none
from services.targets.domain.scheme import SumCheck
from services.targets.domain.windows import RestDay
from services.targets.models import HistoryRow, PeriodRow, SchemeRow

Weight = Annotated[Decimal, Field(ge=0, le=1, max_digits=7, decimal_places=6, allow_inf_nan=False)]
Marks = Annotated[Points, Field(ge=0)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Version = Annotated[int, Field(ge=0, lt=2**53)]


class Body(BaseModel):
    """What comes in: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ModuleBody(Body):
    code: ModuleKind
    name: Name
    full_marks: Marks
    weight: Weight
    cap: Points | None = None
    floor: Points | None = None


class RollUpBody(Body):
    own_weight: Weight
    members_weight: Weight
    members: Literal["mean", "sum", "min", "max"] = "mean"
    decimals: Annotated[int, Field(ge=0, le=3)] = 3


class SchemeFields(Body):
    name: Name
    year: Year
    modules: Annotated[list[ModuleBody], Field(max_length=20)]
    module_combination: Literal["sum", "weighted_sum"] = "sum"
    total_decimals: Annotated[int, Field(ge=0, le=3)] = 2
    roll_up: RollUpBody
    bonus_cap: Marks | None = None
    deduction_cap: Marks | None = None
    second_signature_above: Marks | None = None
    split_check: SumCheck = SumCheck.BLOCKING


class SchemeBody(SchemeFields):
    code: Code
    scope_unit_id: UUID


class SchemeChange(Body):
    """Only what is named changes; `version` is that of the scheme that was read."""

    version: Version
    name: Name | None = None
    year: Year | None = None
    modules: Annotated[list[ModuleBody], Field(max_length=20)] | None = None
    module_combination: Literal["sum", "weighted_sum"] | None = None
    total_decimals: Annotated[int, Field(ge=0, le=3)] | None = None
    roll_up: RollUpBody | None = None
    bonus_cap: Marks | None = None
    deduction_cap: Marks | None = None
    second_signature_above: Marks | None = None
    split_check: SumCheck | None = None

    _MAY_BE_EMPTY = frozenset({"bonus_cap", "deduction_cap", "second_signature_above"})

    def changes(self) -> dict[str, Any]:
        named = self.model_fields_set - {"version"}
        values = {name: plain(getattr(self, name)) for name in named}
        return {
            name: value for name, value in values.items() if value is not None or name in self._MAY_BE_EMPTY
        }


class YearStart(Body):
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]


class CalendarBody(Body):
    """`months`: which periods to make, such as 2026-11; without it, the whole year of the scheme.

    `review_unit`: whether `review_days` are calendar or working days. `rest_day`: whether a cut-off that falls on a day of
    rest stays there, or moves to the next or the previous working day.
    """

    start_day: Annotated[int, Field(ge=1, le=28)] = 1
    year_start: YearStart = YearStart(month=1, day=1)
    cutoff_day: Annotated[int, Field(ge=1, le=31)] = 25
    cutoff_time: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "18:00"
    review_days: Annotated[int, Field(ge=0, le=365)] = 5
    appeal_working_days: Annotated[int, Field(ge=0, le=365)] = 5
    review_unit: Literal["calendar_days", "working_days"] = "calendar_days"
    rest_day: RestDay = RestDay.STAYS
    months: (
        Annotated[list[Annotated[str, Field(max_length=7)]], Field(min_length=1, max_length=36)] | None
    ) = None

    @property
    def closes(self) -> time:
        return time.fromisoformat(self.cutoff_time)


class PlanBody(Body):
    """`plan`: {plan, settings, sources, lines, rest} as docs/guides/plans.md says; null takes it out of a draft.

    `reason` is needed where the scheme is published already.
    """

    version: Version
    plan: dict[str, Any] | None
    reason: Note | None = None


class PlanOut(BaseModel):
    """The plan as it is kept, and in words, a sentence for each node in the order of application."""

    version: int
    revision: int
    plan: dict[str, Any] | None
    zh: list[str]
    en: list[str]


class ReasonBody(Body):
    reason: Note


class SchemeOut(BaseModel):
    id: UUID
    version: int
    code: str
    name: str
    year: int
    scope_unit_id: UUID
    status: SchemeStatus
    revision: int
    effective_from: date | None
    modules: list[dict[str, Any]]
    module_combination: str
    total_decimals: int
    roll_up: dict[str, Any]
    bonus_cap: Decimal | None
    deduction_cap: Decimal | None
    second_signature_above: Decimal | None
    split_check: SumCheck
    start_day: int | None
    cutoff_day: int | None
    cutoff_time: str | None
    review_days: int | None
    appeal_working_days: int | None
    review_unit: str | None
    rest_day: str | None
    year_start_month: int | None
    year_start_day: int | None
    reason: str | None
    consult_until: date | None
    has_plan: bool

    @classmethod
    def of(cls, row: SchemeRow) -> Self:
        points = {
            name: trimmed_or_none(getattr(row, name))
            for name in ("bonus_cap", "deduction_cap", "second_signature_above")
        }
        closes = row.cutoff_time.strftime("%H:%M") if row.cutoff_time else None
        names = set(cls.model_fields) - {*points, "cutoff_time", "has_plan"}
        return cls(
            **{name: getattr(row, name) for name in names},
            **points,
            cutoff_time=closes,
            has_plan=row.plan is not None,
        )


class PeriodOut(BaseModel):
    id: UUID
    version: int
    scheme_id: UUID
    code: str
    year: int
    quarter: int
    month: int
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    review_until: datetime
    appeal_days: int
    status: PeriodStatus

    @classmethod
    def of(cls, row: PeriodRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class FindingOut(BaseModel):
    """`severity` is error or warning; `detail` in Chinese, `detail_en` in English."""

    severity: str
    place: str
    code: str
    detail: str
    detail_en: str

    @classmethod
    def of(cls, checked: Checked) -> Self:
        found = checked.finding
        return cls(
            severity=checked.severity.value,
            place=found.place,
            code=found.code,
            detail=found.zh,
            detail_en=found.en,
        )


class CheckOut(BaseModel):
    """`ready`: nothing stands against publishing."""

    ready: bool
    findings: list[FindingOut]


class StepOut(BaseModel):
    """`id` is also that of the step's record in the audit log; number and hash there, once it is chained."""

    id: UUID
    audit_seq: int | None = None
    audit_hash: str | None = None
    at: datetime
    actor: str
    account_id: UUID
    officer_id: UUID | None
    action: str
    reason: str | None
    before: dict[str, Any]
    after: dict[str, Any]

    @classmethod
    def of(cls, row: HistoryRow | Any, mark: Mark | None) -> Self:
        found = {name: getattr(row, name) for name in cls.model_fields if not name.startswith("audit_")}
        return cls(**found, audit_seq=mark.seq if mark else None, audit_hash=mark.hash if mark else None)


async def steps_of(session: AsyncSession, rows: Sequence[Any]) -> list[StepOut]:
    """The steps with where they stand in the audit log."""
    marks = await marks_of(session, [row.id for row in rows])
    return [StepOut.of(row, marks.get(row.id)) for row in rows]


def plain(value: Any) -> Any:
    """A body's value as the row stores it: models as JSON with decimals as text."""
    match value:
        case BaseModel():
            return {name: plain_json(getattr(value, name)) for name in type(value).model_fields}
        case list():
            return [plain(item) for item in value]
        case SumCheck():
            return value.value
        case _:
            return value


def plain_json(value: Any) -> Any:
    match value:
        case Decimal():
            return format(trimmed(value), "f")
        case ModuleKind():
            return value.value
        case _:
            return value
