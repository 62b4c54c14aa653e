from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import SubjectKind
from kernel.db.columns import Json, Versioned
from services.scoring.tables import Base

_SUBJECTS = ", ".join(f"'{kind}'" for kind in SubjectKind)


class StatementRow(Versioned, Base):
    """A subject's score in a period. `modules` is module → thousandths, within the module's limits."""

    __tablename__ = "statement"
    __table_args__: Any = (
        UniqueConstraint("subject_id", "period_id"),
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
        Index("ix_statement_period_id", "period_id", "id"),
        Index("ix_statement_unit_id", "unit_id", "period_id"),
    )

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    modules: Mapped[Json]
    entries: Mapped[int]
    entries_milli: Mapped[int]
    own_milli: Mapped[int]
    members_milli: Mapped[int | None]
    members: Mapped[int]
    total_milli: Mapped[int]


class RollUpDueRow(Base):
    """A unit whose figures, or whose members' figures, have changed; taken up by the roll-up job."""

    __tablename__ = "roll_up_due"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    unit_id: Mapped[UUID]
    period_id: Mapped[UUID]
