from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment, Quantity, Versioned
from services.submissions.domain.submission import State
from services.submissions.domain.suspicion import Suspicion
from services.submissions.tables import Base

_STATES = ", ".join(f"'{state}'" for state in State)
_KINDS = ", ".join(f"'{kind}'" for kind in Suspicion)
_LISTED_BY = (
    "period_id",
    "indicator_id",
    "target_id",
    "subject_id",
    "unit_id",
    "status",
    "created_by",
    "submitted_by",
)


class SubmissionRow(Versioned, Base):
    """`evidence` holds the files in the order of upload: sha256, name, size, media_type.

    `source` names the system that reported a machine fact, `source_ref` is that system's own number.
    """

    __tablename__ = "submission"

    number: Mapped[str]
    client_key: Mapped[str | None]
    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    indicator_id: Mapped[UUID]
    target_id: Mapped[UUID]
    line: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    event_date: Mapped[date]
    quantity: Mapped[Quantity]
    accepted_quantity: Mapped[Quantity | None]
    summary: Mapped[str]
    case_number: Mapped[str | None]
    evidence: Mapped[JsonList] = mapped_column(default=list)
    status: Mapped[str]
    late: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None]
    created_by_account: Mapped[UUID]
    submitted_by: Mapped[UUID | None]
    submitted_at: Mapped[Moment | None]
    authority_unit_id: Mapped[UUID | None]
    routed_to_office: Mapped[bool] = mapped_column(default=False)
    reviewer_id: Mapped[UUID | None]
    claimed_until: Mapped[Moment | None]
    repair_until: Mapped[Moment | None]
    first_decided_by: Mapped[UUID | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[str | None]
    decision_clause: Mapped[str | None]
    notice_number: Mapped[str | None]
    appeal_id: Mapped[UUID | None]
    on_behalf: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None]
    source_id: Mapped[UUID | None]
    source_ref: Mapped[str | None]

    __table_args__: Any = (
        UniqueConstraint("number"),
        UniqueConstraint("created_by_account", "client_key"),
        UniqueConstraint("source_id", "source_ref"),
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("subject_kind IN ('unit', 'officer')", name="subject_kind"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("accepted_quantity BETWEEN 0 AND quantity", name="accepted_quantity"),
        CheckConstraint("jsonb_typeof(evidence) = 'array'", name="evidence"),
        CheckConstraint("char_length(summary) BETWEEN 1 AND 200", name="summary"),
        *(Index(f"ix_submission_{column}", column, "id") for column in _LISTED_BY),
        Index(
            "ix_submission_queue",
            "submitted_at",
            "id",
            postgresql_where=text("status IN ('submitted', 'in_review')"),
        ),
        Index(
            "ix_submission_decided_at",
            "decided_at",
            postgresql_where=text("decided_at IS NOT NULL"),
        ),
        Index(
            "ix_submission_claimed_until",
            "claimed_until",
            postgresql_where=text("status = 'in_review'"),
        ),
        Index(
            "ix_submission_case_number",
            "case_number",
            postgresql_where=text("case_number IS NOT NULL"),
        ),
        Index(
            "ix_submission_evidence",
            "evidence",
            postgresql_using="gin",
            postgresql_ops={"evidence": "jsonb_path_ops"},
        ),
    )


class SuspicionRow(Base):
    """What a reviewer should look at twice. Found when work is sent, and when the worker has seen its images."""

    __tablename__ = "suspicion"

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    found_at: Mapped[Moment]

    __table_args__: Any = (CheckConstraint(f"kind IN ({_KINDS})", name="kind"),)
