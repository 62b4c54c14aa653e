"""What was checked, by night or on demand, and the files of periods that are being closed."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Moment
from services.scoring.domain.checks import FileState
from services.scoring.tables import Base

_STATES = ", ".join(f"'{state}'" for state in FileState)


class CheckRunRow(Base):
    """The outcome of a check of this service. Append-only: what failed last night stays written."""

    __tablename__ = "check_run"
    __table_args__: Any = (Index("ix_check_run_name_id", "name", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    ended_at: Mapped[Moment]
    looked_at: Mapped[int]
    failures: Mapped[int]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # the first hundred


class ClosingFileRow(Base):
    """A file that work of a period refers to, as it was found since the closing began."""

    __tablename__ = "closing_file"
    __table_args__: Any = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("(state = 'waiting') = (checked_at IS NULL)", name="checked"),
    )

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default=FileState.WAITING.value)
    checked_at: Mapped[Moment | None]
