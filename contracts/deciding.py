"""What `scoring` tells of things that somebody must decide: second signatures, objections, appeals against entries.

Whoever entered, raised, signed or decided is named by account; `officers` are named where nothing else is known of them.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event
from contracts.org import SubjectKind
from contracts.scoring import STREAM


class AwardStatus(StrEnum):
    PENDING = "pending"  # waits for a second signature
    POSTED = "posted"
    REFUSED = "refused"
    REVERSED = "reversed"


class AwardShare(BaseModel):
    """A subject's part of a deed; `points_milli` above zero, also of a penalty."""

    model_config = ConfigDict(frozen=True)

    award_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    points_milli: int


class Award(Event):
    """A bonus or a penalty (加减分), of one or of several who share it; `points_milli` is that of the whole deed.

    `shares` in the order of entry; the `id` is that of the deed and of the first share.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "scoring.award.v1"

    scheme_id: UUID
    period_id: UUID
    kind: str  # bonus, penalty
    status: AwardStatus
    points_milli: int
    category: str
    level: str
    document_number: str
    reason: str
    shares: tuple[AwardShare, ...]
    entered_by: UUID
    entered_for: UUID | None
    entered_at: datetime
    confirmed_by: UUID | None  # who gave the second signature, or refused it
    confirmed_at: datetime | None


class ObjectionStatus(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"


class Objection(Event):
    """What somebody says against a public figure (异议). Answered by who closes the period, whose scope is `scope_unit_id`."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "scoring.objection.v1"

    scope_unit_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    text: str
    raised_by: UUID
    raised_at: datetime
    status: ObjectionStatus
    decided_by: UUID | None
    decided_at: datetime | None


class CorrectionStatus(StrEnum):
    PROPOSED = "proposed"  # waits for the second person
    SEALED = "sealed"
    WITHDRAWN = "withdrawn"


class Correction(Event):
    """What is to be put right in a sealed period (更正): `lines` of it. Once sealed, `scoring.supplement.v1` says what moved."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "scoring.correction.v1"

    scope_unit_id: UUID
    period_id: UUID
    status: CorrectionStatus
    reason: str
    document_number: str | None
    lines: int
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None


class EntryAppealStatus(StrEnum):
    FILED = "filed"
    UPHELD = "upheld"
    CHANGED = "changed"
    SECOND = "second"  # 复核: before the second instance
    FINAL_UPHELD = "final_upheld"
    FINAL_CHANGED = "final_changed"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        return self in {EntryAppealStatus.FILED, EntryAppealStatus.SECOND}


class EntryAppeal(Event):
    """An appeal against one ledger entry. `scorers`: accounts and officers who had a hand in the entry, and do not decide."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "scoring.entry_appeal.v1"

    entry_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    indicator_id: UUID | None
    entry_milli: int
    grounds: str  # those of the instance that it is in
    status: EntryAppealStatus
    filed_by: UUID
    filed_at: datetime
    scorers: tuple[UUID, ...]
    decided_by: UUID | None
    decided_for: UUID | None
    decided_at: datetime | None
    second_filed_at: datetime | None
    final_by: UUID | None
    final_at: datetime | None
