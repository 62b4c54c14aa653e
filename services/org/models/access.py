from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import GrantStatus
from kernel.db.columns import Json, JsonList, Moment, Versioned
from services.org.domain.roles import RoleClass
from services.org.tables import Base

_STATUSES = ", ".join(f"'{s}'" for s in GrantStatus)
_CLASSES = ", ".join(f"'{c}'" for c in RoleClass)


class AccountRow(Versioned, Base):
    """Somebody, or an administrator, who can sign in."""

    __tablename__ = "account"
    __table_args__: Any = (
        UniqueConstraint("username"),
        UniqueConstraint("officer_id"),
        CheckConstraint("status IN ('open', 'closed')", name="status"),
        Index("ix_account_name", "name", "id"),
    )

    username: Mapped[str]
    name: Mapped[str]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    status: Mapped[str] = mapped_column(default="open")
    password_hash: Mapped[str]
    former_hashes: Mapped[JsonList] = mapped_column(default=list)
    password_changed_at: Mapped[Moment]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    one_time_until: Mapped[Moment | None]
    confirmed_at: Mapped[Moment | None]
    totp_secret: Mapped[str | None]
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    totp_step: Mapped[int] = mapped_column(default=0)
    preferences: Mapped[Json] = mapped_column(default=dict)


class SignInFailureRow(Base):
    """Wrong passwords by name, whether or not there is such an account: the door behaves alike for both."""

    __tablename__ = "sign_in_failure"
    __table_args__: Any = (Index("ix_sign_in_failure_at", "at"),)

    username: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    locked_until: Mapped[Moment | None]
    at: Mapped[Moment]


class SessionRow(Versioned, Base):
    """The server's side of a sign-in; only the SHA-256 of the cookie's secret is kept."""

    __tablename__ = "session"
    __table_args__: Any = (
        UniqueConstraint("secret_hash"),
        Index("ix_session_former_hash", "former_hash"),
        Index("ix_session_account_id", "account_id", postgresql_where=text("revoked_at IS NULL")),
        Index("ix_session_revoked_at", "revoked_at", postgresql_where=text("revoked_at IS NOT NULL")),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    secret_hash: Mapped[str]
    former_hash: Mapped[str | None]
    rotated_at: Mapped[Moment]
    csrf: Mapped[str]
    started_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    idle_until: Mapped[Moment]
    ends_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    client: Mapped[str]
    address: Mapped[str] = mapped_column(default="")


class GrantRow(Versioned, Base):
    """A role in a scope. The trigger `grant_separation` refuses two role classes in one account."""

    __tablename__ = "role_grant"
    __table_args__: Any = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint(f"role_class IN ({_CLASSES})", name="role_class"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        CheckConstraint("status <> 'approved' OR decided_by IS DISTINCT FROM proposed_by", name="two_people"),
        Index(
            "ix_role_grant_account_id",
            "account_id",
            postgresql_where=text("status IN ('proposed', 'approved')"),
        ),
        Index("ix_role_grant_status", "status", "id"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    role_class: Mapped[str]
    scope_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    lines: Mapped[JsonList] = mapped_column(default=list)
    status: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[Moment | None]
    noticed_at: Mapped[Moment | None]
