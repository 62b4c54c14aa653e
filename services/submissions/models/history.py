from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Moment, Quantity
from kernel.ids import new_id
from services.submissions.models.submissions import SubmissionRow
from services.submissions.tables import Base


class HistoryRow(Base):
    """One step of a submission or of its appeal. Append-only; ids sort by time.

    `version` is the one that the submission (or the appeal) has from this step on. `acts_for`: the account of the absent
    person by whose right it was done.
    """

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_submission_id", "submission_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(SubmissionRow.id))
    appeal_id: Mapped[UUID | None]
    version: Mapped[int | None]
    at: Mapped[Moment]
    account_id: Mapped[UUID]
    officer_id: Mapped[UUID | None]
    actor: Mapped[str]
    acts_for: Mapped[UUID | None]
    acts_for_name: Mapped[str | None]
    action: Mapped[str]
    reason: Mapped[str | None]
    before: Mapped[Json]
    after: Mapped[Json]


class NoticeRow(Base):
    """评分告知书: what was decided against a claim, on which ground, and how to object. Append-only."""

    __tablename__ = "decision_notice"
    __table_args__: Any = (
        UniqueConstraint("number"),
        Index("ix_decision_notice_submission_id", "submission_id", "id"),
        CheckConstraint("kind IN ('refusal', 'reduction')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str]
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(SubmissionRow.id))
    kind: Mapped[str]
    issued_at: Mapped[Moment]
    clause: Mapped[str]
    reason: Mapped[str]
    claimed: Mapped[Quantity]
    accepted: Mapped[Quantity]
    facts: Mapped[Json]
    files: Mapped[JsonList]
    decided_by: Mapped[UUID]
    decided_by_name: Mapped[str]
    decided_by_unit_id: Mapped[UUID | None]
    appeal_to_unit_id: Mapped[UUID]
    appeal_until: Mapped[Moment]
