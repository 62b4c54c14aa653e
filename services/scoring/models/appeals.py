from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import SubjectKind
from kernel.db.columns import Moment, Versioned
from services.scoring.domain.appeals import AppealState
from services.scoring.tables import Base

_STATES = ", ".join(f"'{state}'" for state in AppealState)
_OPEN = ", ".join(f"'{state}'" for state in AppealState if state.is_open)
_SUBJECTS = ", ".join(f"'{kind}'" for kind in SubjectKind)


class EntryAppealRow(Versioned, Base):
    """What somebody concerned says against one ledger entry, and what became of it in one instance or two.

    `wanted_milli` is what the entry should have been, once it was changed; the difference is an entry of its own.
    """

    __tablename__ = "entry_appeal"
    __table_args__: Any = (
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
        CheckConstraint("decided_by IS NULL OR decided_by <> filed_by", name="not_the_appellant"),
        CheckConstraint("final_by IS NULL OR final_by NOT IN (filed_by, decided_by)", name="second_instance"),
        Index("ix_entry_appeal_period_id", "period_id", "id"),
        Index("ix_entry_appeal_subject_id", "subject_id", "id"),
        Index("uq_entry_appeal_entry_id", "entry_id", unique=True, postgresql_where=f"status IN ({_OPEN})"),
    )

    entry_id: Mapped[UUID]
    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    module: Mapped[str]
    indicator_id: Mapped[UUID | None]
    entry_milli: Mapped[int] = mapped_column(BigInteger)
    grounds: Mapped[str]
    filed_by: Mapped[UUID]
    filed_at: Mapped[Moment]
    status: Mapped[str]
    wanted_milli: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[UUID | None]
    decided_for: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[str | None]
    second_until: Mapped[Moment | None]
    second_grounds: Mapped[str | None]
    second_filed_at: Mapped[Moment | None]
    final_by: Mapped[UUID | None]
    final_for: Mapped[UUID | None]
    final_at: Mapped[Moment | None]
    final_reason: Mapped[str | None]
