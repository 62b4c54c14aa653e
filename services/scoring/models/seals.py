from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Moment
from services.scoring.tables import Base


class SealRow(Base):
    """One sealing act: an entry of the seal log. Append-only; a period has one main seal, corrections are supplements."""

    __tablename__ = "seal"
    __table_args__: Any = (
        UniqueConstraint("log_index"),
        CheckConstraint("kind IN ('main', 'supplement')", name="kind"),
        CheckConstraint("(kind = 'supplement') = (supplements IS NOT NULL)", name="supplements"),
        CheckConstraint("approved_by <> sealed_by", name="two_people"),
        Index("uq_seal_main_period_id", "period_id", unique=True, postgresql_where="kind = 'main'"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[UUID]
    kind: Mapped[str]
    supplements: Mapped[int | None]
    statement: Mapped[str]  # canonical JSON, `oa/seal/1`
    statement_sha256: Mapped[str]  # its leaf hash in the seal log
    root_sha256: Mapped[str]
    root_sm3: Mapped[str]
    tree_size: Mapped[int]
    log_index: Mapped[int]
    checkpoint: Mapped[str]  # C2SP checkpoint of the log that ends with this seal, without signatures
    approved_by: Mapped[UUID]
    sealed_by: Mapped[UUID]
    sealed_at: Mapped[Moment]


class SealLeafRow(Base):
    """A statement as it was sealed, in the order of the tree. Append-only."""

    __tablename__ = "seal_leaf"
    __table_args__: Any = (
        UniqueConstraint("seal_number", "kind", "subject"),
        CheckConstraint("kind IN ('officer', 'system', 'unit')", name="kind"),
    )

    seal_number: Mapped[int] = mapped_column(primary_key=True)
    idx: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    leaf: Mapped[str]  # canonical JSON, salt included
    hash_sha256: Mapped[str]
    hash_sm3: Mapped[str]


class SealRecordRow(Base):
    """What the digest in a system leaf is over, one text a line: for the bundle, because copies change later. Append-only."""

    __tablename__ = "seal_record"

    seal_number: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class SealSignatureRow(Base):
    """A signature line under the checkpoint of a seal: the system's, and those of witnesses. Append-only."""

    __tablename__ = "seal_signature"

    seal_number: Mapped[int] = mapped_column(primary_key=True)
    key_name: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(primary_key=True)
    algorithm: Mapped[str]
    role: Mapped[str]
    line: Mapped[str]
    signed_at: Mapped[Moment]
