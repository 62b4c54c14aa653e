from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import SubjectKind
from contracts.scoring import EntryKind
from services.scoring.domain.ledger import node_of
from services.scoring.tables import Base

_KINDS = ", ".join(f"'{kind}'" for kind in EntryKind)
_SUBJECTS = ", ".join(f"'{kind}'" for kind in SubjectKind)


class EntryRow(Base):
    """One line of the ledger. Append-only and chained; `seq` has no holes."""

    __tablename__ = "ledger_entry"
    __table_args__: Any = (
        UniqueConstraint("source_event_id", "rule_key", "line_no"),
        UniqueConstraint("seq"),
        UniqueConstraint("hash"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
        CheckConstraint("points_milli <> 0", name="points"),
        Index("ix_ledger_entry_subject_id", "subject_id", "period_id", "seq"),
        Index("ix_ledger_entry_key", "subject_id", "indicator_id", "period_id"),
        Index("ix_ledger_entry_period_id", "period_id", "seq"),
        Index("ix_ledger_entry_submission_id", "submission_id"),
        Index("ix_ledger_entry_unit_id", "unit_id", "seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    module: Mapped[str]
    indicator_id: Mapped[UUID | None]
    kind: Mapped[str]
    points_milli: Mapped[int] = mapped_column(BigInteger)
    rule_revision: Mapped[int | None]
    rule_key: Mapped[str]
    line_no: Mapped[int]
    source_event_id: Mapped[UUID]
    submission_id: Mapped[UUID | None]
    award_id: Mapped[UUID | None]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    actor_id: Mapped[UUID | None]
    occurred_on: Mapped[date]
    prev_hash: Mapped[str]
    hash: Mapped[str]

    @property
    def node(self) -> str | None:
        """The node of the plan that it was posted for; None outside plans."""
        return node_of(self.rule_key)


class RescoreDueRow(Base):
    """A revised rule on its way over all subjects of a period, some hundred at a time; `after`: the last one that is done."""

    __tablename__ = "rescore_due"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    indicator_id: Mapped[UUID]
    period_id: Mapped[UUID]
    event_id: Mapped[UUID]
    after: Mapped[UUID | None]


class LedgerHeadRow(Base):
    """The end of the chain; its row lock puts postings in line."""

    __tablename__ = "ledger_head"
    __table_args__: Any = (CheckConstraint("one", name="one"),)

    one: Mapped[bool] = mapped_column(Boolean, primary_key=True, default=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]
