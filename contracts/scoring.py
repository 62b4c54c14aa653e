"""What `scoring` tells the others: every ledger entry once, and the statement that adds them up."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from typing_extensions import override

from contracts.envelope import Event
from contracts.org import SubjectKind
from contracts.targets import ModuleKind

STREAM = "scoring"


class EntryKind(StrEnum):
    TASK = "task"
    SHORTFALL = "shortfall"
    BONUS = "bonus"
    PENALTY = "penalty"
    ATTENDANCE = "attendance"
    APPEAL = "appeal"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"


class Entry(Event):
    """One line of the append-only ledger; `points_milli` is in thousandths of a point. `version` is always 1."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "scoring.entry.v1"

    seq: int  # gapless in the ledger, and chained there
    scheme_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    module: ModuleKind
    indicator_id: UUID | None
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

    @property
    @override
    def order_key(self) -> str:
        return f"scoring.statement:{self.subject_id}:{self.period_id}"


class ModulePoints(BaseModel):
    model_config = ConfigDict(frozen=True)

    module: ModuleKind
    points_milli: int  # after the module's cap and floor


class Statement(Event):
    """A subject's score in a period. For an officer `total_milli` follows from the modules; for a unit it is the
    roll-up of `own_milli` (its own ledger entries) and its members' totals.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "scoring.statement.v1"

    scheme_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    modules: tuple[ModulePoints, ...]
    entries: int
    entries_milli: int  # the plain sum of the ledger entries
    own_milli: int
    members_milli: int | None
    members: int
    total_milli: int

    @property
    @override
    def order_key(self) -> str:
        return f"scoring.statement:{self.subject_id}:{self.period_id}"


class CorrectedTotal(BaseModel):
    """A total of a sealed period as it was and as a supplement says it should have been, in thousandths."""

    model_config = ConfigDict(frozen=True)

    subject_kind: SubjectKind
    subject_id: UUID
    before_milli: int
    after_milli: int


class Supplement(Event):
    """A correction of a sealed period, sealed beside it. The points count in `settled_period_id`, if there is one."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "scoring.supplement.v1"

    scheme_id: UUID
    period_id: UUID
    seal_number: int
    reason: str
    document_number: str | None
    sealed_at: datetime
    settled_period_id: UUID | None
    totals: tuple[CorrectedTotal, ...]


class ClosingStatus(StrEnum):
    """Where the closing of a period stands (期末结账)."""

    CHECKING = "checking"  # no new work; what is open is decided, trials are run
    PUBLIC = "public"  # 公示: the figures are shown, objections are taken
    SEALED = "sealed"
    WITHDRAWN = "withdrawn"  # given up with a reason: the period is open again


class Closing(Event):
    """The closing of one period; a period has one. The root and the number are those of its main seal.

    `approved_by` gave the first signature, by account; the second seals, by whoever may in the scope of the scheme.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "scoring.closing.v1"

    scheme_id: UUID
    period_id: UUID
    status: ClosingStatus
    trial_number: int | None
    public_from: datetime | None
    objections_until: datetime | None
    sealed_at: datetime | None
    seal_number: int | None
    root_sha256: str | None
    scope_unit_id: UUID | None = None
    approved_by: UUID | None = None
    approved_at: datetime | None = None
