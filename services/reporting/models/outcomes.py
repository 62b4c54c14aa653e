"""What people decided on proposed consequences. Append-only; the newest decision of a candidate counts."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Moment
from services.reporting.domain.outcomes import Decision
from services.reporting.tables import Base

_DECISIONS = ", ".join(f"'{decision}'" for decision in Decision)


class OutcomeDecisionRow(Base):
    """`grounds` is the candidate as it stood: rule, sentence, figures, versions."""

    __tablename__ = "outcome_decision"
    __table_args__: Any = (
        CheckConstraint(f"decision IN ({_DECISIONS})", name="decision"),
        Index("ix_outcome_decision_candidate_id", "candidate_id", "id"),
        Index("ix_outcome_decision_subject_id", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    candidate_id: Mapped[UUID]
    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    grounds: Mapped[Json]
    decision: Mapped[str]
    reason: Mapped[str]
    cure_until: Mapped[date | None]
    expires_on: Mapped[date | None]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    at: Mapped[Moment]
