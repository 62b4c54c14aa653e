"""Reminders, supervision notes, digests and what is overdue, as the API speaks of them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from contracts.org import SubjectKind
from contracts.supervision import NoteStatus, ReminderCause, Signal
from kernel.web.text import Line, Note
from services.targets.actions.noting import Wanted
from services.targets.api.calendar_schemas import Moment
from services.targets.api.schemas import Body
from services.targets.domain.quantity import trimmed
from services.targets.domain.supervision import CUSTOMARY, WORDS, Reminders, signal_of
from services.targets.domain.supervision import Signal as Colour
from services.targets.models import DigestRow, NoteRow, ReminderRow

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Stage = Annotated[str, Field(pattern=r"^[1-9][0-9]?[dh]$")]


class RemindersBody(Body):
    """`stages`: how long before a deadline, such as 5d, 1d, 2h; nothing is sent in the quiet hours, local time."""

    stages: Annotated[list[Stage], Field(max_length=6)] = list(CUSTOMARY)  # noqa: RUF012 -- pydantic copies it
    quiet_from: Clock = "22:00"
    quiet_until: Clock = "07:00"

    def said(self) -> Reminders:
        return Reminders(
            tuple(self.stages), time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        )


class RemindersOut(BaseModel):
    stages: list[str]
    quiet_from: str
    quiet_until: str

    @classmethod
    def of(cls, said: Reminders) -> Self:
        return cls(
            stages=list(said.stages),
            quiet_from=said.quiet_from.isoformat("minutes"),
            quiet_until=said.quiet_until.isoformat("minutes"),
        )


class RemindBody(Body):
    """To everybody in the subtree of `unit_id` by whom something is missing; to `subjects` only, if any are named."""

    cause: ReminderCause
    period_id: UUID
    unit_id: UUID
    subjects: Annotated[list[UUID], Field(max_length=2000, default_factory=list)]
    note: Note | None = None


class ReminderOut(BaseModel):
    id: UUID
    version: int
    cause: ReminderCause
    stage: str
    recipient_kind: SubjectKind
    recipient_id: UUID
    unit_id: UUID
    scheme_id: UUID
    period_id: UUID
    campaign_id: UUID | None
    due_at: datetime
    missing: int
    target_ids: list[UUID]
    note: str | None
    sent_by: UUID | None
    sent_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, row: ReminderRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class SentOut(BaseModel):
    """How many were reminded."""

    sent: int
    reminders: list[ReminderOut]


class NoteBody(Body):
    """One note for each of `unit_ids`. `about_*`: the thing it is about, on whose timeline it stands."""

    unit_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    subject: Line
    text: Note
    answer_due: Moment
    about_kind: Literal["target", "period", "indicator", "campaign", "submission"] | None = None
    about_id: UUID | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.about_kind is None) != (self.about_id is None):
            raise ValueError("about_kind and about_id go together")
        return self

    def said(self) -> Wanted:
        return Wanted(self.unit_ids, self.subject, self.text, self.answer_due, self.about_kind, self.about_id)


class AnswerBody(Body):
    text: Note


class ReturnBody(Body):
    reason: Note
    answer_due: Moment


class CloseBody(Body):
    reason: Note | None = None


class NoteOut(BaseModel):
    """`signal` is the colour now, `worst_signal` the worst it ever had; the words go with them."""

    id: UUID
    version: int
    number: str
    issuer_unit_id: UUID
    issued_by: UUID | None
    issued_at: datetime
    addressee_unit_id: UUID
    about_kind: str | None
    about_id: UUID | None
    subject: str
    text: str
    answer_due: datetime
    status: NoteStatus
    answer: str | None
    answered_by: UUID | None
    answered_at: datetime | None
    answered_late: bool
    decided_at: datetime | None
    decision_reason: str | None
    escalation: int
    escalated_to: list[UUID]
    signal: Signal
    worst_signal: Signal
    signal_word: dict[str, str]
    worst_signal_word: dict[str, str]

    @classmethod
    def of(cls, row: NoteRow) -> Self:
        words = {"signal_word", "worst_signal_word"}
        return cls(
            **{name: getattr(row, name) for name in set(cls.model_fields) - words},
            signal_word=_words(row.signal),
            worst_signal_word=_words(row.worst_signal),
        )


class NotesOut(BaseModel):
    notes: list[NoteOut]


class DigestOut(BaseModel):
    id: UUID
    recipient_kind: SubjectKind
    recipient_id: UUID
    day: date
    unsent: int
    overdue: int
    unacknowledged: int
    unsplit: int
    notes_open: int
    notes_overdue: int
    next_due_at: datetime | None

    @classmethod
    def of(cls, row: DigestRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class OverdueOut(BaseModel):
    """`caught_up`: work came, but late; then the colour stays yellow for good. `days` overdue, whole ones."""

    target_id: UUID
    indicator_id: UUID
    indicator_name: str
    subject_kind: SubjectKind
    subject_id: UUID
    subject_name: str
    unit_id: UUID
    unit_name: str
    campaign_id: UUID | None
    quantity: Decimal
    due_at: datetime
    days: int
    caught_up: bool
    signal: Signal
    signal_word: dict[str, str]

    @classmethod
    def of(cls, row: Any, now: datetime) -> Self:
        colour = signal_of(row.due_at, now, done_at=row.sent_at)
        told = {"quantity", "days", "caught_up", "signal", "signal_word"}
        return cls(
            **{name: getattr(row, name) for name in set(cls.model_fields) - told},
            quantity=trimmed(row.quantity),
            days=max(0, ((row.sent_at or now) - row.due_at).days),
            caught_up=row.sent_at is not None,
            signal=Signal(colour.value),
            signal_word=_words(colour.value),
        )


def _words(signal: str) -> dict[str, str]:
    zh, en = WORDS[Colour(signal)]
    return {"zh": zh, "en": en}
