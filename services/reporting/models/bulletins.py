"""Bulletins as people made them: own state, kept through a rebuild. Templates and receipts are append-only."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Moment, Versioned
from services.reporting.domain.bulletin import BulletinState
from services.reporting.domain.report import BulletinKind
from services.reporting.tables import Base

_STATES = ", ".join(f"'{state}'" for state in BulletinState)
_KINDS = ", ".join(f"'{kind}'" for kind in BulletinKind)


class BulletinRow(Versioned, Base):
    """`content` is the whole report; `version_ids` the frozen figures it was made of, `data_digest` those of its tables.

    `basis` is all that it was read from, with the setting of that day (None in bulletins of before it was kept).
    `occasion`: what the calendar made it for.
    """

    __tablename__ = "bulletin"
    __table_args__: Any = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("signed_by IS NULL OR signed_by IS DISTINCT FROM sent_by", name="two_people"),
        UniqueConstraint("word", "year", "number"),
        Index("ix_bulletin_period_id", "period_id", "kind"),
        UniqueConstraint("scheme_id", "occasion"),
    )

    kind: Mapped[str]
    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    figures: Mapped[str]
    version_ids: Mapped[JsonList]
    unit_id: Mapped[UUID]
    unit_path: Mapped[str]
    title: Mapped[str]
    content: Mapped[Json]
    data_digest: Mapped[str]
    state: Mapped[str]
    word: Mapped[str]
    year: Mapped[int]
    number: Mapped[int | None]
    drafted_by: Mapped[UUID | None]
    sent_by: Mapped[UUID | None]
    signed_by: Mapped[UUID | None]
    signer: Mapped[str | None]
    issued_on: Mapped[date | None]
    recall_reason: Mapped[str | None]
    week_of: Mapped[date | None]
    campaign_id: Mapped[UUID | None]
    basis: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    occasion: Mapped[str | None]
    initials: Mapped[str] = mapped_column(server_default="")


class BulletinStepRow(Base):
    """What was done to a bulletin, by whom. Append-only. Without an account it was the calendar."""

    __tablename__ = "bulletin_step"
    __table_args__: Any = (Index("ix_bulletin_step_bulletin_id", "bulletin_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bulletin_id: Mapped[UUID]
    at: Mapped[Moment]
    account_id: Mapped[UUID | None]
    actor: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str | None]
    data_digest: Mapped[str]


class BulletinReceiptRow(Base):
    """签收: somebody acknowledged an issued bulletin for himself and his unit. Append-only."""

    __tablename__ = "bulletin_receipt"

    bulletin_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit_id: Mapped[UUID | None]
    at: Mapped[Moment]


class BulletinTemplateRow(Base):
    """The office's own Word template; the newest counts. Append-only."""

    __tablename__ = "bulletin_template"
    __table_args__: Any = (UniqueConstraint("number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    name: Mapped[str]
    content: Mapped[bytes]
    sha256: Mapped[str]
    findings: Mapped[JsonList]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    at: Mapped[Moment]
