"""Views of the analysis that people keep; a definition, never figures: each reader sees his own."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Versioned
from services.reporting.tables import Base


class AnalysisViewRow(Versioned, Base):
    __tablename__ = "analysis_view"
    __table_args__: Any = (Index("ix_analysis_view_account_id", "account_id"),)

    account_id: Mapped[UUID]
    owner: Mapped[str]
    name: Mapped[str]
    definition: Mapped[Json] = mapped_column()
    shared: Mapped[bool]
