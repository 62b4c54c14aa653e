"""Systems that report figures by themselves."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment
from kernel.ids import new_id
from services.submissions.tables import Base


class SourceRow(Base):
    """`indicator_codes` it may report for (none: all) in `scope_path`. Its secret follows from `generation` and is not kept."""

    __tablename__ = "fact_source"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    unit_id: Mapped[UUID]
    scope_path: Mapped[str]
    indicator_codes: Mapped[JsonList]
    auto_accept: Mapped[bool]
    active: Mapped[bool]
    generation: Mapped[int]
    created_by: Mapped[UUID]
    created_at: Mapped[Moment]

    __table_args__: Any = (Index("ix_fact_source_scope_path", "scope_path"),)
