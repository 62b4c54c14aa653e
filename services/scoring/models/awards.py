from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from contracts.org import SubjectKind
from kernel.db.columns import Moment, Points, Versioned
from services.scoring.domain.awards import AwardState
from services.scoring.tables import Base

_STATES = ", ".join(f"'{state}'" for state in AwardState)
_SUBJECTS = ", ".join(f"'{kind}'" for kind in SubjectKind)


class AwardRow(Versioned, Base):
    """One subject's part of a bonus or a penalty, with its ground; `points` is always above zero.

    A deed of several has a row for each, with the same `deed_id`: `points` are `part` of `parts` of its `deed_points`.
    Of those with the same `cause` the highest counts.
    """

    __tablename__ = "award"
    __table_args__: Any = (
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("kind IN ('bonus', 'penalty')", name="kind"),
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_people"),
        CheckConstraint("part > 0 AND part <= parts", name="part"),
        UniqueConstraint("deed_id", "subject_id"),
        Index("ix_award_subject_id", "subject_id", "id"),
        Index("ix_award_period_id", "period_id", "id"),
    )

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    kind: Mapped[str]
    points: Mapped[Points]
    deed_id: Mapped[UUID]
    deed_points: Mapped[Points]
    part: Mapped[int]
    parts: Mapped[int]
    cause: Mapped[str | None]
    category: Mapped[str]
    level: Mapped[str]
    document_number: Mapped[str]
    occurred_on: Mapped[date]
    reason: Mapped[str]
    status: Mapped[str]
    entered_by: Mapped[UUID]
    entered_for: Mapped[UUID | None]
    entered_at: Mapped[Moment]
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[Moment | None]
    reversed_by: Mapped[UUID | None]
    reversal_reason: Mapped[str | None]
