"""What goes out about closings and seals."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, computed_field

from contracts.org import SubjectKind
from contracts.scoring import ClosingStatus
from services.scoring.api.schemas import Out
from services.scoring.domain.checks import FileState
from services.scoring.domain.closing import ObjectionState
from services.scoring.domain.ledger import points


class ClosingOut(Out):
    """Where a closing stands. `approved_by` gave the first signature, `sealed_by` the second."""

    version: int
    scheme_id: UUID
    period_id: UUID
    status: ClosingStatus
    begun_by: UUID
    begun_at: datetime
    trial_number: int | None
    public_from: datetime | None
    objections_until: datetime | None
    approved_by: UUID | None
    approved_at: datetime | None
    sealed_by: UUID | None
    sealed_at: datetime | None
    seal_number: int | None
    root_sha256: str | None
    withdrawal_reason: str | None


class CheckOut(Out):
    """`blocks`: the period cannot be made public or sealed while `count` is not 0. `link`: the list of them."""

    code: str
    count: int
    blocks: bool
    zh: str
    en: str
    link: str | None


class ClosingFileOut(Out):
    """A file that work of the period refers to. `wrong`: other bytes; `uncopied`: not whole on the second server, or in the second copy."""

    sha256: str
    state: FileState
    checked_at: datetime | None


class TrialOut(Out):
    number: int
    at: datetime
    seconds_milli: int
    subjects: int
    entries: int
    total_milli: int
    moved: int
    different: int
    differences: list[dict[str, Any]]
    digest: str


class StepOut(Out):
    at: datetime
    actor: str
    action: str
    reason: str | None


class ClosingDetail(ClosingOut):
    """`current`: whether the figures are still those of the last trial."""

    checks: list[CheckOut]
    trial: TrialOut | None
    current: bool
    steps: list[StepOut]


class TrialLineOut(Out):
    """`last`: in the trial before; `previous`: in the period before. None: there was none."""

    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    entries: int
    total_milli: int
    last_milli: int | None
    previous_milli: int | None
    moved_milli: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def total(self) -> Decimal:
        return points(self.total_milli)


class ObjectionOut(Out):
    id: UUID
    version: int
    period_id: UUID
    trial_number: int
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    text: str
    raised_by: UUID
    raised_at: datetime
    state: ObjectionState
    answer: str | None
    decided_by: UUID | None
    decided_at: datetime | None


class SealOut(Out):
    number: int
    period_id: UUID
    kind: str
    supplements: int | None
    statement_sha256: str
    root_sha256: str
    root_sm3: str
    tree_size: int
    log_index: int
    sealed_at: datetime


class SealDetail(SealOut):
    """`statement` is the sealed text itself, `checkpoint` the signed note to be put on the notice board."""

    statement: str
    checkpoint: str


class SignaturesIn(BaseModel):
    """The signed note that a witness gives back."""

    note: str
