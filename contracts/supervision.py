"""What `targets` tells of supervision (督办): reminders, notes from superior to inferior, daily digests."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from contracts.envelope import Event
from contracts.org import SubjectKind
from contracts.targets import STREAM


class ReminderCause(StrEnum):
    UNSENT = "unsent"  # targets for which nothing was sent, and the cut-off is near
    UNACKNOWLEDGED = "unacknowledged"  # targets that wait for acknowledgement
    UNSPLIT = "unsplit"  # targets of a unit that were not handed down


class Signal(StrEnum):
    """三级预警. What was once coloured keeps its colour on record (`worst_signal`) when it is made good."""

    NONE = "none"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class NoteStatus(StrEnum):
    ISSUED = "issued"
    ANSWERED = "answered"  # waits for the issuer to accept the answer
    RETURNED = "returned"  # the answer was not enough, another is due
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Reminder(Event):
    """催办: to an officer, or to the leaders of a unit, that something is missing. It is over once `settled_at` is set.

    `stage` is how long before `due_at` it was sent ("T-5d", "T-1d", "T-2h"), or "hand" when somebody sent it. `target_ids`
    lists the first 50 of `missing`.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.reminder.v1"

    cause: ReminderCause
    stage: str
    recipient_kind: SubjectKind
    recipient_id: UUID
    unit_id: UUID  # the recipient, or the officer's unit
    scheme_id: UUID
    period_id: UUID
    campaign_id: UUID | None
    due_at: datetime
    missing: int
    target_ids: tuple[UUID, ...]
    note: str | None
    sent_by: UUID | None  # officer; None: the calendar
    sent_at: datetime
    settled_at: datetime | None


class SupervisionNote(Event):
    """督办单: a superior unit asks an inferior one for an answer by `answer_due`.

    Unanswered, it goes up level by level: `escalation` counts the steps, `escalated_to` are the units that were told, in
    order. `signal` is the state now, `worst_signal` the worst it ever was. `about_*` is what it is about, if anything.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.supervision_note.v1"

    number: str
    issuer_unit_id: UUID
    issued_by: UUID | None  # officer
    issued_at: datetime
    addressee_unit_id: UUID
    about_kind: str | None  # "target" | "period" | "indicator" | "campaign" | "submission"
    about_id: UUID | None
    subject: str
    text: str
    answer_due: datetime
    status: NoteStatus
    answer: str | None
    answered_by: UUID | None  # officer
    answered_at: datetime | None
    answered_late: bool
    decided_at: datetime | None
    decision_reason: str | None
    escalation: int
    escalated_to: tuple[UUID, ...]
    signal: Signal
    worst_signal: Signal


class Digest(Event):
    """每日摘要 of an officer or a unit, made in the morning where anything waits; counts only, the lists are in the service."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.digest.v1"

    recipient_kind: SubjectKind
    recipient_id: UUID
    day: date
    unsent: int  # targets without work, whose cut-off lies ahead
    overdue: int  # targets without work, whose cut-off is past
    unacknowledged: int
    unsplit: int
    notes_open: int  # supervision notes that wait for this unit's answer
    notes_overdue: int
    next_due_at: datetime | None
