from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment, Versioned
from services.targets.models.schemes import SchemeRow
from services.targets.tables import Base


class ImportRow(Versioned, Base):
    """An indicator workbook that was read: what it would add (`rows`), and what is wrong with it (`errors`)."""

    __tablename__ = "indicator_import"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    file_name: Mapped[str]
    sha256: Mapped[str]
    status: Mapped[str]
    rows: Mapped[JsonList]
    errors: Mapped[JsonList]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    applied_at: Mapped[Moment | None]

    __table_args__: Any = (
        CheckConstraint("status IN ('previewed', 'applied')", name="status"),
        Index("ix_indicator_import_scheme_id", "scheme_id", "id"),
    )
