"""What `org` and `submissions` told us and the rules here need."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts import org, submissions
from contracts.envelope import Event
from kernel.db.columns import JsonList, Moment, Quantity
from kernel.delivery.recusals import DelegationCopy, RecusalCopy
from kernel.delivery.replicas import Replica
from services.targets.tables import Base


class UnitReplica(Replica, Base):
    __tablename__ = "unit"
    __table_args__ = (
        Index("ix_unit_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
        Index("ix_unit_parent_id", "parent_id"),
    )
    event: ClassVar[type[Event]] = org.Unit

    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[int]
    kind: Mapped[str]
    parent_id: Mapped[UUID | None]
    path: Mapped[str]
    series_id: Mapped[UUID | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class OfficerReplica(Replica, Base):
    __tablename__ = "officer"
    event: ClassVar[type[Event]] = org.Officer

    police_number: Mapped[str]
    name: Mapped[str]
    status: Mapped[str]
    series_id: Mapped[UUID | None]


class PostingReplica(Replica, Base):
    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_officer_id", "officer_id"), Index("ix_posting_unit_id", "unit_id"))
    event: ClassVar[type[Event]] = org.Posting

    officer_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    kind: Mapped[str]
    is_primary: Mapped[bool]
    role_coefficient: Mapped[Quantity]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class AssessmentOfficeReplica(Replica, Base):
    __tablename__ = "assessment_office"
    event: ClassVar[type[Event]] = org.AssessmentOffice

    unit_id: Mapped[UUID]
    scope_unit_id: Mapped[UUID]
    covers: Mapped[JsonList]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class LineAuthorityReplica(Replica, Base):
    __tablename__ = "line_authority"
    __table_args__ = (Index("ix_line_authority_line", "line"),)
    event: ClassVar[type[Event]] = org.LineAuthority

    scope_unit_id: Mapped[UUID]
    line: Mapped[str]
    unit_id: Mapped[UUID]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class SeriesReplica(Replica, Base):
    __tablename__ = "series"
    event: ClassVar[type[Event]] = org.Series

    code: Mapped[str]
    name: Mapped[str]
    subject_kind: Mapped[str]


class RecusalReplica(RecusalCopy, Base):
    pass


class DelegationReplica(DelegationCopy, Base):
    pass


class SubmissionReplica(Replica, Base):
    """What was sent for a target: all that supervision has to know of it."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_target_id", "target_id"),)
    event: ClassVar[type[Event]] = submissions.Submission

    target_id: Mapped[UUID]
    status: Mapped[str]
    late: Mapped[bool]
    submitted_at: Mapped[Moment | None]


class SessionReplica(Replica, Base):
    __tablename__ = "session"
    event: ClassVar[type[Event]] = org.Session

    account_id: Mapped[UUID]
    revoked_at: Mapped[Moment] = mapped_column(index=True)


REPLICAS: tuple[type[Replica], ...] = (
    UnitReplica,
    OfficerReplica,
    PostingReplica,
    AssessmentOfficeReplica,
    LineAuthorityReplica,
    SeriesReplica,
    RecusalReplica,
    DelegationReplica,
    SubmissionReplica,
    SessionReplica,
)
