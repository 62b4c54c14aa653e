"""Everybody's figures as they stood at a trial, at the public notice, at the seal. Derived from the scoring log alone."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Moment
from services.reporting.domain.versions import VersionKind
from services.reporting.tables import Base

_KINDS = ", ".join(f"'{kind}'" for kind in VersionKind if kind is not VersionKind.LIVE)


class VersionRow(Base):
    """`log_seq` is the place in the scoring log at which the figures are read; `digest` is SHA-256 over the lines.

    `correction`: reason and document of the supplement seal that made it of the sealed one before.
    """

    __tablename__ = "version"
    __table_args__: Any = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        Index("ix_version_period_id", "period_id", "log_seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    kind: Mapped[str]
    number: Mapped[int]
    at: Mapped[Moment]
    log_seq: Mapped[int]
    root_sha256: Mapped[str | None]
    digest: Mapped[str]
    withdrawn: Mapped[bool]
    correction: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))


class VersionLineRow(Base):
    """A subject's figure with name and series as they were then; later moves change nothing here."""

    __tablename__ = "version_line"

    version_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    series_id: Mapped[UUID | None]
    code: Mapped[str]
    name: Mapped[str]
    total_milli: Mapped[int]
    modules: Mapped[JsonList]
    entries: Mapped[int]
