from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Moment, Versioned
from services.org.tables import Base


class DelegationRow(Versioned, Base):
    """Somebody acts by another's grant for some days, both inclusive."""

    __tablename__ = "delegation"
    __table_args__: Any = (
        CheckConstraint("valid_to >= valid_from", name="dates"),
        CheckConstraint("to_account_id <> from_account_id", name="two_people"),
        Index("ix_delegation_to_account_id", "to_account_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_delegation_grant_id", "grant_id"),
    )

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("role_grant.id"))
    from_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    to_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    ended_at: Mapped[Moment | None]


class RecusalRow(Versioned, Base):
    """`officer_id` is to decide nothing about the subject. `relation` is seen by nobody but the one who declared it."""

    __tablename__ = "recusal"
    __table_args__: Any = (
        CheckConstraint("subject_kind IN ('unit', 'officer')", name="subject_kind"),
        CheckConstraint("ground IN ('declared', 'requested')", name="ground"),
        CheckConstraint("status IN ('requested', 'granted', 'refused', 'ended')", name="status"),
        CheckConstraint("officer_id <> subject_id", name="two_people"),
        Index("ix_recusal_officer_id", "officer_id"),
        Index("ix_recusal_asked_by", "asked_by", "id"),
        Index("ix_recusal_status", "status", "id"),
    )

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    ground: Mapped[str]
    relation: Mapped[str | None]
    mirrors: Mapped[UUID | None] = mapped_column(ForeignKey("recusal.id"))
    reason: Mapped[str]
    status: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[Moment | None]
    decision: Mapped[str | None]
