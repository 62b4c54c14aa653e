from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Moment, Versioned
from services.targets.models.schemes import SchemeRow
from services.targets.tables import Base


class ImportRow(Versioned, Base):
    """An indicator workbook that was read: what it would add (`rows`), and what is wrong with it (`errors`).

    `workbook` is the file itself; `fixes` are cells corrected in place ({sheet, row, field, value}); `mapping` says of
    sheets which column is which field where people said it; `notes` explain merged cells and what was passed over.
    """

    __tablename__ = "indicator_import"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    file_name: Mapped[str]
    sha256: Mapped[str]
    status: Mapped[str]
    rows: Mapped[JsonList]
    errors: Mapped[JsonList]
    notes: Mapped[JsonList]
    fixes: Mapped[JsonList]
    mapping: Mapped[Json]
    workbook: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    account_id: Mapped[UUID]
    actor: Mapped[str]
    applied_at: Mapped[Moment | None]

    __table_args__: Any = (
        CheckConstraint("status IN ('previewed', 'applied')", name="status"),
        Index("ix_indicator_import_scheme_id", "scheme_id", "id"),
    )
