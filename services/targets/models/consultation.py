from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Moment, Versioned
from kernel.ids import new_id
from services.targets.models.indicators import IndicatorRow
from services.targets.models.schemes import SchemeRow
from services.targets.tables import Base


class CommentRow(Versioned, Base):
    """What somebody says of a scheme in consultation, or of one indicator of it, and what the office answers."""

    __tablename__ = "comment"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    indicator_id: Mapped[UUID | None] = mapped_column(ForeignKey(IndicatorRow.id))
    account_id: Mapped[UUID]
    officer_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    author: Mapped[str]
    at: Mapped[Moment]
    text: Mapped[str]
    answer: Mapped[str | None]
    adopted: Mapped[bool | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[Moment | None]

    __table_args__: Any = (
        CheckConstraint("(answer IS NULL) = (adopted IS NULL)", name="answered"),
        Index("ix_comment_scheme_id", "scheme_id", "id"),
    )


class SchemeVersionRow(Base):
    """What a scheme said, all of it, from one day on. Append-only."""

    __tablename__ = "scheme_version"
    __table_args__: Any = (UniqueConstraint("scheme_id", "revision"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    revision: Mapped[int]
    effective_from: Mapped[date]
    at: Mapped[Moment]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    reason: Mapped[str]
    state: Mapped[Json]


class SchemeRevisionRow(Versioned, Base):
    """A revision of a published scheme while it is written, and until its day comes. `changes` is what it will change."""

    __tablename__ = "scheme_revision"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    status: Mapped[str]
    effective_from: Mapped[date]
    reason: Mapped[str]
    changes: Mapped[Json]
    account_id: Mapped[UUID]
    officer_id: Mapped[UUID | None]
    actor: Mapped[str]
    problems: Mapped[JsonList]

    __table_args__: Any = (
        CheckConstraint("status IN ('open', 'scheduled', 'in_force', 'dropped')", name="status"),
        Index(
            "uq_scheme_revision_pending",
            "scheme_id",
            unique=True,
            postgresql_where=text("status IN ('open', 'scheduled')"),
        ),
        Index("ix_scheme_revision_due", "effective_from", postgresql_where=text("status = 'scheduled'")),
    )


class GuardRow(Versioned, Base):
    """A kind of indicator that must not be used; `words` are groups of words, all of a group found together match."""

    __tablename__ = "guard"

    title: Mapped[str]
    words: Mapped[JsonList]
    ground: Mapped[str]
    active: Mapped[bool]


class GuardExceptionRow(Base):
    """Signed by the legal unit for one indicator as it was named then. Append-only; it is printed with the scheme."""

    __tablename__ = "guard_exception"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    indicator_id: Mapped[UUID] = mapped_column(ForeignKey(IndicatorRow.id))
    guard_id: Mapped[UUID] = mapped_column(ForeignKey(GuardRow.id))
    indicator_name: Mapped[str]
    reason: Mapped[str]
    account_id: Mapped[UUID]
    officer_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    actor: Mapped[str]
    at: Mapped[Moment]

    __table_args__: Any = (Index("ix_guard_exception_scheme_id", "scheme_id", "id"),)
