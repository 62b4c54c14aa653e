from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment, Quantity, Versioned
from kernel.ids import new_id
from services.submissions.domain.appeal import AppealState
from services.submissions.models.submissions import SubmissionRow
from services.submissions.tables import Base

_STATES = ", ".join(f"'{state}'" for state in AppealState)


class AppealRow(Versioned, Base):
    """One instance. `clause` and `before_quantity` are those of the decision appealed against, `wanted` what is asked for.

    While `stopped_at` is set the clock stands, with `days_left` working days on it; `again_until`: last moment for the
    second instance. `first_admitted_by`: who had admitted it in the first, where silence took this very appeal to the second.
    """

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
    level: Mapped[int] = mapped_column(default=1)
    first_id: Mapped[UUID | None]
    first_admitted_by: Mapped[UUID | None]
    clause: Mapped[str | None]
    before_quantity: Mapped[Quantity | None]
    wanted: Mapped[Quantity | None]
    files: Mapped[JsonList] = mapped_column(default=list)
    stopped_at: Mapped[Moment | None]
    days_left: Mapped[int | None]
    material_asked: Mapped[str | None]
    material_until: Mapped[Moment | None]
    extended_days: Mapped[int] = mapped_column(default=0)
    again_until: Mapped[Moment | None]
    by_silence: Mapped[bool] = mapped_column(default=False)
    clause_wrong: Mapped[bool] = mapped_column(default=False)

    __table_args__: Any = (
        UniqueConstraint("number"),
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("char_length(grounds) BETWEEN 1 AND 2000", name="grounds"),
        CheckConstraint("level IN (1, 2)", name="level"),
        Index("ix_appeal_submission_id", "submission_id"),
        Index("ix_appeal_appellant_id", "appellant_id", "id"),
        Index("ix_appeal_status", "status", "id"),
        Index("ix_appeal_clause", "clause", "decided_at"),
        Index(
            "ix_appeal_decide_until",
            "decide_until",
            postgresql_where=text("status IN ('filed', 'admitted', 'waiting')"),
        ),
        Index(
            "uq_appeal_live",
            "submission_id",
            unique=True,
            postgresql_where=text("status IN ('filed', 'admitted', 'waiting')"),
        ),
    )


class OpinionRow(Base):
    """What a member thinks, before it is decided; a later one of the same member takes its place. Append-only."""

    __tablename__ = "appeal_opinion"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    appeal_id: Mapped[UUID]
    officer_id: Mapped[UUID]
    name: Mapped[str]
    outcome: Mapped[str]
    quantity: Mapped[Quantity | None]
    text: Mapped[str]
    at: Mapped[Moment]

    __table_args__: Any = (Index("ix_appeal_opinion_appeal_id", "appeal_id", "id"),)


class RecheckRow(Base):
    """Like work, decided under a clause that an appeal found wrongly applied: to be looked at again, one by one."""

    __tablename__ = "recheck"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    appeal_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    clause: Mapped[str]
    state: Mapped[str]
    found_at: Mapped[Moment]
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[Moment | None]
    reason: Mapped[str | None]

    __table_args__: Any = (
        CheckConstraint("state IN ('open', 'sealed', 'reopened', 'kept')", name="state"),
        UniqueConstraint("appeal_id", "submission_id"),
        Index("ix_recheck_submission_id", "submission_id"),
        Index("ix_recheck_open", "id", postgresql_where=text("state IN ('open', 'sealed')")),
    )
