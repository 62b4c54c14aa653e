"""What goes out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from contracts.org import SubjectKind
from contracts.scoring import EntryKind
from services.scoring.domain.ledger import points


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls.model_validate(row)


class EntryOut(Out):
    """`points_milli` is in thousandths; `points` is the same as a decimal. `node` is the plan's, where a plan scores."""

    id: UUID
    seq: int
    scheme_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    module: str
    indicator_id: UUID | None
    node: str | None
    kind: EntryKind
    points_milli: int
    rule_revision: int | None
    source_event_id: UUID
    submission_id: UUID | None
    award_id: UUID | None
    reason_zh: str
    reason_en: str
    actor_id: UUID | None
    occurred_on: date
    hash: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def points(self) -> Decimal:
        return points(self.points_milli)


class StatementOut(Out):
    """`modules` is module → thousandths, within the module's limits."""

    id: UUID
    version: int
    scheme_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    modules: dict[str, int]
    entries: int
    entries_milli: int
    own_milli: int
    members_milli: int | None
    members: int
    total_milli: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def total(self) -> Decimal:
        return points(self.total_milli)


class IndicatorPart(BaseModel):
    """What one indicator (or the awards, without one) contributes, with the rule as a sentence."""

    indicator_id: UUID | None
    code: str | None
    name: str
    rule_zh: str | None
    rule_en: str | None
    points_milli: int
    entries: list[EntryOut]


class ModulePart(BaseModel):
    module: str
    points_milli: int
    indicators: list[IndicatorPart]


class StatementDetail(StatementOut):
    parts: list[ModulePart]


class AwardOut(Out):
    """`points` are the subject's: `part` of `parts` of the deed's. Awards with one `deed_id` are one deed."""

    id: UUID
    version: int
    scheme_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    kind: str
    points: Decimal
    deed_id: UUID
    deed_points: Decimal
    part: int
    parts: int
    cause: str | None
    category: str
    level: str
    document_number: str
    occurred_on: date
    reason: str
    status: str
    entered_by: UUID
    entered_for: UUID | None
    entered_at: datetime
    confirmed_by: UUID | None
    confirmed_at: datetime | None
    reversal_reason: str | None
