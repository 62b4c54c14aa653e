from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import OfficerCategory, OfficerStatus, PostingKind
from kernel.db.columns import Versioned
from services.org.tables import Base

_CATEGORIES = ", ".join(f"'{c}'" for c in OfficerCategory)
_STATUSES = ", ".join(f"'{s}'" for s in OfficerStatus)
_KINDS = ", ".join(f"'{k}'" for k in PostingKind)


class OfficerRow(Versioned, Base):
    __tablename__ = "officer"
    __table_args__: Any = (
        UniqueConstraint("police_number"),
        CheckConstraint(f"category IN ({_CATEGORIES})", name="category"),
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        Index("ix_officer_name", "name", "id"),
        Index(
            "ix_officer_search",
            "name",
            "police_number",
            "initials",
            postgresql_using="gin",
            postgresql_ops=dict.fromkeys(("name", "police_number", "initials"), "gin_trgm_ops"),
        ),
    )

    police_number: Mapped[str]
    name: Mapped[str]
    initials: Mapped[str] = mapped_column(default="")
    category: Mapped[str]
    status: Mapped[str]
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))


class PostingRow(Versioned, Base):
    """From `valid_from` to `valid_to`, both inclusive."""

    __tablename__ = "posting"
    __table_args__: Any = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        CheckConstraint("NOT is_primary OR kind = 'regular'", name="primary_regular"),
        CheckConstraint("role_coefficient > 0", name="role_coefficient"),
        Index("ix_posting_officer_id", "officer_id", "valid_from"),
        Index("ix_posting_unit_id", "unit_id", postgresql_where=text("NOT deleted")),
        # One open-ended primary posting an officer; overlaps of dated ones are refused under a lock on the officer.
        Index(
            "uq_posting_primary_open",
            "officer_id",
            unique=True,
            postgresql_where=text("is_primary AND valid_to IS NULL AND NOT deleted"),
        ),
    )

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    post: Mapped[str]
    kind: Mapped[str]
    role_coefficient: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    is_primary: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool] = mapped_column(default=False)
