"""What `submissions` tells the others: each submission and each appeal, with where it stands."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from typing_extensions import override

from contracts.envelope import Event
from contracts.org import SubjectKind

STREAM = "submissions"


class SubmissionStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"
    UNDER_APPEAL = "under_appeal"
    UPHELD = "upheld"  # the appeal ended and the decision stands
    CHANGED = "changed"  # the appeal ended and `accepted_quantity` is new
    WITHDRAWN = "withdrawn"
    SEALED = "sealed"


class AppealStatus(StrEnum):
    FILED = "filed"
    ADMITTED = "admitted"
    WAITING = "waiting"  # for material of the appellant: the clock stands
    NOT_ADMITTED = "not_admitted"
    UPHELD = "upheld"  # 维持: the decision stands
    CHANGED = "changed"  # 变更
    PARTLY = "partly"  # 部分变更: better than before, less than asked
    WITHDRAWN = "withdrawn"


class EvidenceFile(BaseModel):
    model_config = ConfigDict(frozen=True)

    sha256: str
    name: str
    size: int
    media_type: str


class Submission(Event):
    """`quantity` is what was claimed, `accepted_quantity` what counts now: None until decided, 0 when refused.

    `decided_by`/`decided_at` are those of the last decision; `first_decided_by` never changes, so that an appeal
    goes to somebody else. Before an appeal ends, `accepted_quantity` stays what the review decided.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "submissions.submission.v1"

    number: str
    scheme_id: UUID
    period_id: UUID
    indicator_id: UUID
    target_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID  # the unit of the subject on the event date
    event_date: date
    quantity: Decimal
    accepted_quantity: Decimal | None
    summary: str
    case_number: str | None
    evidence: tuple[EvidenceFile, ...]
    status: SubmissionStatus
    late: bool
    created_by: UUID | None = None  # officer
    submitted_by: UUID | None  # officer
    submitted_at: datetime | None
    authority_unit_id: UUID | None
    reviewer_id: UUID | None  # officer who has claimed it
    first_decided_by: UUID | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str | None
    decision_clause: str | None
    notice_number: str | None
    appeal_id: UUID | None
    on_behalf: bool = False  # written by a leader for the officer
    source: str | None = None  # the system that reported it; None: a person


class Appeal(Event):
    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "submissions.appeal.v1"

    number: str
    submission_id: UUID
    appellant_id: UUID  # officer
    grounds: str
    status: AppealStatus
    filed_at: datetime
    file_until: datetime
    decide_until: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str | None
    accepted_quantity: Decimal | None
    level: int = 1  # the instance: 1 or 2
    first_id: UUID | None = None  # of a second instance: the appeal that it goes on from
    clause: str | None = None  # of the decision appealed against
    before_quantity: Decimal | None = None  # what counted when it was filed
    wanted: Decimal | None = None  # None: the whole claim
    again_until: datetime | None = None  # last moment to ask the second instance
    by_silence: bool = False  # nobody decided in time
    clause_wrong: bool = False  # like work is looked at again

    @property
    @override
    def order_key(self) -> str:
        return f"submissions.submission.v1:{self.submission_id}"
