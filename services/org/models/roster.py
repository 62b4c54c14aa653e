from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Versioned
from services.org.tables import Base


class RosterImportRow(Versioned, Base):
    """An uploaded roster: the workbook itself, what was understood, what is wrong with it."""

    __tablename__ = "roster_import"
    __table_args__: Any = (CheckConstraint("status IN ('previewed', 'applied')", name="status"),)

    file_name: Mapped[str]
    workbook: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str]
    mapping: Mapped[Json]
    counts: Mapped[Json]
    errors: Mapped[JsonList]
    created_by: Mapped[UUID]
