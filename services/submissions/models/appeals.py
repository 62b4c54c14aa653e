from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Moment, Quantity, Versioned
from services.submissions.domain.appeal import AppealState
from services.submissions.models.submissions import SubmissionRow
from services.submissions.tables import Base

_STATES = ", ".join(f"'{state}'" for state in AppealState)


class AppealRow(Versioned, Base):
    __tablename__ = "appeal"

    number: Mapped[str]
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(SubmissionRow.id))
    appellant_id: Mapped[UUID]
    grounds: Mapped[str]
    status: Mapped[str]
    filed_at: Mapped[Moment]
    file_until: Mapped[Moment]
    decide_until: Mapped[Moment]
    admitted_by: Mapped[UUID | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[str | None]
    accepted_quantity: Mapped[Quantity | None]

    __table_args__: Any = (
        UniqueConstraint("number"),
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("char_length(grounds) BETWEEN 1 AND 2000", name="grounds"),
        Index("ix_appeal_submission_id", "submission_id"),
        Index("ix_appeal_appellant_id", "appellant_id", "id"),
        Index("ix_appeal_status", "status", "id"),
        Index(
            "uq_appeal_live",
            "submission_id",
            unique=True,
            postgresql_where=text("status IN ('filed', 'admitted')"),
        ),
    )
