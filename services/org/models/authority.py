from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Versioned
from services.org.tables import Base


class AssessmentOfficeRow(Versioned, Base):
    """`unit_id` assesses the units of the kinds `covers` below `scope_unit_id`."""

    __tablename__ = "assessment_office"
    __table_args__: Any = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),)

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    scope_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    covers: Mapped[JsonList]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool] = mapped_column(default=False)


class LineAuthorityRow(Versioned, Base):
    """归口: who reviews a business line's work inside a scope."""

    __tablename__ = "line_authority"
    __table_args__: Any = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        Index(
            "uq_line_authority_open",
            "scope_unit_id",
            "line",
            unique=True,
            postgresql_where=text("valid_to IS NULL AND NOT deleted"),
        ),
    )

    scope_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    line: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool] = mapped_column(default=False)
