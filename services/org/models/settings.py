from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment, Versioned
from kernel.ids import new_id
from services.org.tables import Base


class ParameterRow(Versioned, Base):
    """A value of a system parameter, proposed by one and approved by another, from a day on."""

    __tablename__ = "parameter"
    __table_args__: Any = (
        CheckConstraint("status IN ('proposed', 'approved', 'refused', 'withdrawn')", name="status"),
        CheckConstraint("status <> 'approved' OR decided_by IS DISTINCT FROM proposed_by", name="two_people"),
        Index("ix_parameter_key", "key", "effective_on"),
        Index(
            "uq_parameter_proposed",
            "key",
            "effective_on",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
    )

    key: Mapped[str]
    value: Mapped[str]
    effective_on: Mapped[date]
    reason: Mapped[str]
    status: Mapped[str]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[Moment | None]


class TermRow(Versioned, Base):
    __tablename__ = "term"
    __table_args__: Any = (
        UniqueConstraint("dictionary", "code"),
        Index("ix_term_position", "dictionary", "position"),
    )

    dictionary: Mapped[str]
    code: Mapped[str]
    zh: Mapped[str]
    en: Mapped[str]
    position: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)


class MachineRow(Versioned, Base):
    """Another system that reports figures; only the SHA-256 of its key is kept."""

    __tablename__ = "machine"
    __table_args__: Any = (
        UniqueConstraint("name"),
        CheckConstraint("status IN ('proposed', 'approved', 'refused', 'revoked')", name="status"),
        CheckConstraint("status <> 'approved' OR decided_by IS DISTINCT FROM proposed_by", name="two_people"),
    )

    name: Mapped[str]
    purpose: Mapped[str]
    scope_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    lines: Mapped[JsonList] = mapped_column(default=list)
    status: Mapped[str]
    expires_on: Mapped[date]
    key_hash: Mapped[str | None]
    key_made_at: Mapped[Moment | None]
    seen_at: Mapped[Moment | None]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[Moment | None]


class SignInRow(Base):
    """Somebody came to the door of an account. Append-only; ids sort by time."""

    __tablename__ = "sign_in"
    __table_args__: Any = (Index("ix_sign_in_account_id", "account_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID]
    at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())
    outcome: Mapped[str]
    client: Mapped[str]
    address: Mapped[str]


class RosterReportRow(Versioned, Base):
    """Somebody says that the data about him are wrong: for the roster administrator to put right or to answer."""

    __tablename__ = "roster_report"
    __table_args__: Any = (
        CheckConstraint("status IN ('open', 'settled')", name="status"),
        Index("ix_roster_report_status", "status", "id"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    note: Mapped[str]
    status: Mapped[str] = mapped_column(default="open")
    answer: Mapped[str | None]
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[Moment | None]
