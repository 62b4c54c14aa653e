from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import SubjectKind, UnitKind
from kernel.db.columns import JsonList, Versioned
from services.org.tables import Base

_KINDS = ", ".join(f"'{kind}'" for kind in UnitKind)
_SUBJECTS = ", ".join(f"'{kind}'" for kind in SubjectKind)


class SeriesRow(Versioned, Base):
    __tablename__ = "series"
    __table_args__: Any = (
        UniqueConstraint("code"),
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
    )

    code: Mapped[str]
    name: Mapped[str]
    subject_kind: Mapped[str]


class UnitRow(Versioned, Base):
    """`path` is the codes from the root to this unit, each followed by "/". `deleted`: made by an import that was undone."""

    __tablename__ = "unit"
    __table_args__: Any = (
        UniqueConstraint("code"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        CheckConstraint("(parent_id IS NULL) = (level = 1)", name="root"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        Index("ix_unit_path", "path", unique=True, postgresql_ops={"path": "text_pattern_ops"}),
        Index("ix_unit_parent_id", "parent_id", "code"),
        Index(
            "ix_unit_search",
            "name",
            "code",
            "initials",
            postgresql_using="gin",
            postgresql_ops=dict.fromkeys(("name", "code", "initials"), "gin_trgm_ops"),
        ),
    )

    code: Mapped[str]
    name: Mapped[str]
    initials: Mapped[str] = mapped_column(default="")
    level: Mapped[int]
    kind: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str]
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))
    lines: Mapped[JsonList] = mapped_column(default=list)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    split_from: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
