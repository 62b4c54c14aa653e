"""What `targets` tells the others: schemes, indicators with their rules, periods, targets."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event
from contracts.org import SubjectKind

STREAM = "targets"


class SchemeStatus(StrEnum):
    DRAFT = "draft"
    CONSULTATION = "consultation"  # 征求意见: shown to the scope, not binding
    PUBLISHED = "published"
    ARCHIVED = "archived"


class ModuleKind(StrEnum):
    """The dictionary of modules; shipped, extensible by new values only."""

    TEAM = "mod_team"
    BUSINESS = "mod_business"
    SPECIAL = "mod_special"
    ATTENDANCE = "mod_attendance"
    BONUS = "mod_bonus"
    DEDUCTION = "mod_deduction"


class EvidenceRequirement(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Direction(StrEnum):
    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"


class PeriodStatus(StrEnum):
    OPEN = "open"
    CLOSING = "closing"
    SEALED = "sealed"


class TargetStatus(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"


class Module(BaseModel):
    """A module of a scheme. `cap`/`floor` bound the module's points of one subject in one period; None: unbounded."""

    model_config = ConfigDict(frozen=True)

    code: ModuleKind
    name: str
    full_marks: Decimal
    weight: Decimal
    cap: Decimal | None = None
    floor: Decimal | None = None


class RollUp(BaseModel):
    """How a unit's points follow from its own targets and its members (R9 combine, product.md §5).

    `own_weight + members_weight = 1`; `members` is how the members' totals become one figure.
    A unit without scored members counts its own points in full, and the other way round.
    """

    model_config = ConfigDict(frozen=True)

    own_weight: Decimal
    members_weight: Decimal
    members: str  # "mean" | "sum" | "min" | "max"
    decimals: int = 3


class Scheme(Event):
    """A published scheme version; `module_combination` is how module points become the total (R9).

    `plan`: a whole regulation as data, bound to the scheme's indicators (docs/guides/plans.md); then it alone gives the
    points, and the rules of the indicators are for estimates.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.scheme.v1"

    code: str
    name: str
    year: int
    scope_unit_id: UUID
    status: SchemeStatus
    revision: int
    effective_from: date | None
    modules: tuple[Module, ...]
    module_combination: str  # "sum" | "weighted_sum"
    total_decimals: int
    roll_up: RollUp
    bonus_cap: Decimal | None
    deduction_cap: Decimal | None
    second_signature_above: Decimal | None
    plan: dict[str, Any] | None = None
    reason: str | None = None  # of the last revision
    consult_until: date | None = None  # comments are taken up to and including this day


class Indicator(Event):
    """One indicator of a scheme. `rule` is the rule as data (validated JSON, see docs/guides/rules.md);
    `revision` counts the versions of the rule, `version` the versions of this record.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.indicator.v1"

    scheme_id: UUID
    code: str
    name: str
    module: ModuleKind
    line: str
    subject_kind: str  # "unit" | "officer" | "both"
    unit_of_measure: str
    direction: Direction
    evidence: EvidenceRequirement
    full_marks: Decimal
    rule: dict[str, Any]
    revision: int
    basis: str
    clause: str
    active: bool


class Period(Event):
    """One assessment period of a scheme. An event belongs to it when `starts_on <= event date <= ends_on`."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.period.v1"

    scheme_id: UUID
    code: str  # "2026-11"
    year: int
    quarter: int
    month: int
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    review_until: datetime
    appeal_days: int  # working days to file
    status: PeriodStatus


class Target(Event):
    """What a subject is to reach. `reason` is that of the last change by the issuer, `previous_quantity` what it was before.

    A refusal (`refused_at`, `refusal_reason`) suspends nothing: the target binds until the issuer has decided, which clears it.
    `orphaned_on` is the first day on which the subject no longer serves (or no longer exists) in the unit that carries it.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.target.v1"

    scheme_id: UUID
    indicator_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    quantity: Decimal
    parent_id: UUID | None
    issuer_unit_id: UUID
    unit_id: UUID  # the unit that carries it: the subject itself, or the officer's unit when issued
    status: TargetStatus
    issued_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    reason: str | None = None
    previous_quantity: Decimal | None = None
    refused_at: datetime | None = None
    refused_by: UUID | None = None  # officer
    refusal_reason: str | None = None
    refusal_answer: str | None = None  # of the issuer who let the target stand
    orphaned_on: date | None = None
