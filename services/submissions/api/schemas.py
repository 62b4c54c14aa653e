"""What the submission routes take and give."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kernel.audit.reading import Mark
from kernel.web.text import Orderly, Quantity
from services.submissions.domain.quantity import trimmed, trimmed_or_none
from services.submissions.models import HistoryRow
from services.submissions.queries.cases import Case

Summary = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=200)]
CaseNumber = Annotated[str, Orderly, StringConstraints(max_length=64)]
ClientKey = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=100)]


Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftIn(In):
    target_id: UUID
    event_date: date
    quantity: Quantity
    summary: Summary
    case_number: CaseNumber | None = None
    client_key: ClientKey | None = None
    """Made by the client when the form was opened: the same key gives the same draft."""
    evidence: Annotated[list[Hash], Field(max_length=100)] = []
    """SHA-256 of files in the own library."""
    on_behalf: bool = False
    """A leader writes for an officer of a unit below; both are named."""


class WholeForm(DraftIn):
    client_key: ClientKey
    """Made when the form was opened, kept until the answer came: sent again, nothing happens twice."""


class ReuseIn(In):
    evidence: Annotated[list[Hash], Field(min_length=1, max_length=100)]


class CorrectionIn(In):
    """Fields left out stay; an empty case number removes it. `version` is the one that was seen."""

    version: Annotated[int, Field(ge=1, lt=2**63)]
    event_date: date | None = None
    quantity: Quantity | None = None
    summary: Summary | None = None
    case_number: CaseNumber | None = None


class FileOut(BaseModel):
    sha256: str
    name: str
    size: int
    media_type: str


class FileAdded(FileOut):
    submission_id: UUID
    submission_version: int


class SameFile(BaseModel):
    """A file that other submissions have too; `numbers` are those that the reader may see."""

    sha256: str
    count: int
    numbers: list[str]


class SubmissionOut(BaseModel):
    id: UUID
    version: int
    number: str
    status: str
    scheme_id: UUID
    period_id: UUID
    period_code: str
    cutoff_at: datetime
    indicator_id: UUID
    indicator_code: str
    indicator_name: str
    line: str
    unit_of_measure: str
    evidence_requirement: str
    target_id: UUID
    subject_kind: str
    subject_id: UUID
    subject_name: str
    unit_id: UUID
    unit_name: str
    event_date: date
    quantity: Decimal
    accepted_quantity: Decimal | None
    summary: str
    case_number: str | None
    evidence: list[FileOut]
    late: bool
    on_behalf: bool
    source: str | None
    """The system that reported it; null: a person."""
    created_by: UUID | None
    submitted_by: UUID | None
    submitted_at: datetime | None
    authority_unit_id: UUID | None
    authority_unit_name: str | None
    routed_to_office: bool
    reviewer_id: UUID | None
    claimed_until: datetime | None
    repair_until: datetime | None
    first_decided_by: UUID | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str | None
    decision_clause: str | None
    notice_number: str | None
    appeal_id: UUID | None

    @classmethod
    def of(cls, case: Case) -> Self:
        return cls.model_validate(_fields(case))


class SubmissionSent(SubmissionOut):
    receipt: str
    """The signed note of arrival."""

    @classmethod
    def with_receipt(cls, case: Case, receipt: str) -> Self:
        return cls.model_validate(_fields(case) | {"receipt": receipt})


class SubmissionDetail(SubmissionOut):
    also_in: list[SameFile]
    suspicions: list[str]
    """Shown to those who judge: same_file, similar_image, same_case."""
    names: dict[UUID, str]
    """Of the officers who wrote, sent, hold and decided it."""

    @classmethod
    def with_more(cls, case: Case, more: dict[str, Any]) -> Self:
        return cls.model_validate(_fields(case) | more)


class StepOut(BaseModel):
    """`id` is also that of the step's record in the audit log; number and hash there, once it is chained.

    `acts_for`: the account, and the name, of the absent person by whose right a substitute did it.
    """

    id: UUID
    audit_seq: int | None = None
    audit_hash: str | None = None
    at: datetime
    action: str
    actor: str
    acts_for: UUID | None = None
    acts_for_name: str | None = None
    account_id: UUID
    officer_id: UUID | None
    appeal_id: UUID | None
    version: int | None
    reason: str | None
    before: dict[str, Any]
    after: dict[str, Any]

    @classmethod
    def of(cls, row: HistoryRow, mark: Mark | None) -> Self:
        step = cls.model_validate(row, from_attributes=True)
        return step.model_copy(update={"audit_seq": mark.seq, "audit_hash": mark.hash}) if mark else step


class VersionOut(BaseModel):
    version: int
    at: datetime
    actor: str
    action: str
    content: dict[str, Any]


class VersionsOut(BaseModel):
    items: list[VersionOut]


class ComparisonOut(BaseModel):
    """The fields that differ, as they were in the one and are in the other."""

    one: int
    other: int
    before: dict[str, Any]
    after: dict[str, Any]


def _fields(case: Case) -> dict[str, Any]:
    row = case.row
    known = {name: getattr(row, name) for name in SubmissionOut.model_fields if hasattr(row, name)}
    return known | {
        "quantity": trimmed(row.quantity),
        "accepted_quantity": trimmed_or_none(row.accepted_quantity),
        "period_code": case.period.code,
        "cutoff_at": case.period.cutoff_at,
        "indicator_code": case.indicator.code,
        "indicator_name": case.indicator.name,
        "unit_of_measure": case.indicator.unit_of_measure,
        "evidence_requirement": case.indicator.evidence,
        "subject_name": case.subject_name,
        "unit_name": case.unit.name,
        "authority_unit_name": case.authority.name if case.authority else None,
    }
