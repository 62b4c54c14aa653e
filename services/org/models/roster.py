from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Moment, Versioned
from services.org.tables import Base

_STATUSES = "'uploaded', 'unmapped', 'checked', 'applied', 'undone'"


class RosterImportRow(Versioned, Base):
    """An uploaded roster: the workbook itself, what was understood, what it would do or has done."""

    __tablename__ = "roster_import"
    __table_args__: Any = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        Index("ix_roster_import_created_by", "created_by", "id"),
    )

    file_name: Mapped[str]
    workbook: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    status: Mapped[str]
    given: Mapped[Json] = mapped_column(default=dict)
    sheets: Mapped[JsonList] = mapped_column(default=list)
    counts: Mapped[Json] = mapped_column(default=dict)
    units: Mapped[JsonList] = mapped_column(default=list)
    effective_on: Mapped[date | None]
    applied_at: Mapped[Moment | None]
    errand_id: Mapped[UUID | None]
    scope_unit_id: Mapped[UUID]
    created_by: Mapped[UUID]


class RosterLineRow(Base):
    """A row of the workbook about a person, or a bad one about a unit; then, with no sheet, who is missing in it.

    `effect` is None while there are errors among `findings`. `before` is what the effect replaces.
    """

    __tablename__ = "roster_line"
    __table_args__: Any = (
        Index(
            "ix_roster_line_findings", "import_id", "position", postgresql_where=text("findings IS NOT NULL")
        ),
        Index("ix_roster_line_effect", "import_id", "effect", "position"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("roster_import.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str]
    row: Mapped[int]
    kind: Mapped[str]
    number: Mapped[str | None]
    name: Mapped[str | None]
    unit: Mapped[str | None]
    post: Mapped[str | None]
    category: Mapped[str | None]
    series: Mapped[str | None]
    since: Mapped[date | None]
    coefficient: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    unit_id: Mapped[UUID | None]
    officer_id: Mapped[UUID | None]
    posting_id: Mapped[UUID | None]
    cells: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    findings: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    effect: Mapped[str | None]
    before: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)


class RosterPatchRow(Base):
    """A cell put right in the preview; the user's file stays as it is."""

    __tablename__ = "roster_patch"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("roster_import.id"), primary_key=True)
    sheet: Mapped[str] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    account_id: Mapped[UUID]
    at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())


class RosterMappingRow(Base):
    """Which header an office means by which field, for workbooks with exactly these headers."""

    __tablename__ = "roster_mapping"

    scope_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[Json]
