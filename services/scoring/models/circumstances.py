from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import SubjectKind
from kernel.db.columns import Json, JsonList, Moment
from kernel.ids import new_id
from services.scoring.tables import Base

_SUBJECTS = ", ".join(f"'{kind}'" for kind in SubjectKind)


class CircumstanceRow(Base):
    """A decision about somebody beside the points: a sanction, an investigation, an exemption, a direct placement. Append-only.

    A row that `ends` another says its last day; with `lifted` that it was without ground. What follows is in the plan.
    """

    __tablename__ = "circumstance"
    __table_args__: Any = (
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
        CheckConstraint("until IS NULL OR since <= until", name="days"),
        CheckConstraint("ends IS NOT NULL OR NOT lifted", name="lifted"),
        Index("ix_circumstance_subject_id", "subject_id", "id"),
        Index("uq_circumstance_ends", "ends", unique=True, postgresql_where="ends IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    name: Mapped[str]
    document_number: Mapped[str]
    reason: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    ends: Mapped[UUID | None]
    lifted: Mapped[bool]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    at: Mapped[Moment]


class StandingRow(Base):
    """What a period's standing is for one subject: rank, grade and why. Worked out anew when the facts change, never by hand."""

    __tablename__ = "standing"
    __table_args__: Any = (
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
        Index("ix_standing_unit_id", "unit_id", "period_id"),
    )

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    unit_id: Mapped[UUID]
    name: Mapped[str]
    total: Mapped[str | None]
    state: Mapped[str]
    zero: Mapped[str | None]
    positions: Mapped[Json]
    grade: Mapped[str | None]
    shown: Mapped[str | None]
    grade_state: Mapped[str | None]
    outside: Mapped[str | None]
    lines: Mapped[JsonList]
    given: Mapped[JsonList]


class StandingRunRow(Base):
    """From which state of the facts a period's standing was worked out, and what there is to look at."""

    __tablename__ = "standing_run"

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    at: Mapped[Moment]
    findings: Mapped[JsonList]
