from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment, Quantity, Versioned
from kernel.ids import new_id
from services.scoring.domain.attendance import ImportState
from services.scoring.tables import Base

_STATES = ", ".join(f"'{state}'" for state in ImportState)


class AttendanceImportRow(Versioned, Base):
    """An attendance workbook: looked at, then entered, perhaps taken back. The workbook itself is kept."""

    __tablename__ = "attendance_import"
    __table_args__: Any = (
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        Index("ix_attendance_import_account_id", "account_id", "id"),
    )

    file_name: Mapped[str]
    sha256: Mapped[str]
    workbook: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    status: Mapped[str]
    rows: Mapped[int]
    errors: Mapped[JsonList]
    entered: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    applied_at: Mapped[Moment | None]
    undone_at: Mapped[Moment | None]


class AttendanceRow(Base):
    """One kind of attendance of one officer on one day. Append-only: the newest counts, and zero takes it back.

    `before` is the quantity that it replaces, so that an import can be undone.
    """

    __tablename__ = "attendance"
    __table_args__: Any = (
        CheckConstraint("quantity >= 0", name="quantity"),
        Index("ix_attendance_key", "officer_id", "day", "kind", "id"),
        Index("ix_attendance_day", "day"),
        Index("ix_attendance_import_id", "import_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_id: Mapped[UUID]
    officer_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    day: Mapped[date]
    kind: Mapped[str]
    quantity: Mapped[Quantity]
    before: Mapped[Quantity]
    note: Mapped[str]
    account_id: Mapped[UUID]
    at: Mapped[Moment]
