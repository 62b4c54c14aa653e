from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Moment, Points, Versioned
from kernel.ids import new_id
from services.targets.models.schemes import SchemeRow
from services.targets.tables import Base


class IndicatorRow(Versioned, Base):
    """`initials` are those of the name in pinyin, to be searched by."""

    __tablename__ = "indicator"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    code: Mapped[str]
    name: Mapped[str]
    module: Mapped[str]
    line: Mapped[str]
    subject_kind: Mapped[str]
    unit_of_measure: Mapped[str]
    direction: Mapped[str]
    evidence: Mapped[str]
    full_marks: Mapped[Points]
    rule: Mapped[Json]
    example: Mapped[Json | None]
    revision: Mapped[int]
    basis: Mapped[str]
    clause: Mapped[str]
    active: Mapped[bool]
    position: Mapped[int]
    initials: Mapped[str]

    __table_args__: Any = (
        UniqueConstraint("scheme_id", "code"),
        CheckConstraint(
            "module IN ('mod_team', 'mod_business', 'mod_special', 'mod_attendance', 'mod_bonus', 'mod_deduction')",
            name="module",
        ),
        CheckConstraint("subject_kind IN ('unit', 'officer', 'both')", name="subject_kind"),
        CheckConstraint("direction IN ('higher_is_better', 'lower_is_better')", name="direction"),
        CheckConstraint("evidence IN ('required', 'optional', 'none')", name="evidence"),
        CheckConstraint("full_marks >= 0", name="full_marks"),
        Index("ix_indicator_scheme_id", "scheme_id", "position", "id"),
    )


class IndicatorRevisionRow(Base):
    """What an indicator said from one moment to the next. Append-only: what was scored with it stays explainable."""

    __tablename__ = "indicator_revision"
    __table_args__: Any = (UniqueConstraint("indicator_id", "revision"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    indicator_id: Mapped[UUID] = mapped_column(ForeignKey(IndicatorRow.id))
    revision: Mapped[int]
    at: Mapped[Moment]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    reason: Mapped[str]
    state: Mapped[Json]
