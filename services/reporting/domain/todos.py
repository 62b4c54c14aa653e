"""What waits for whom: one to-do per object and action, and what people are told. Pure: the state of a thing in, to-dos out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Action(StrEnum):
    """What is to be done."""

    SUBMIT = "submit"
    ACKNOWLEDGE = "acknowledge"
    REPAIR = "repair"
    REVIEW = "review"
    DECIDE_APPEAL = "decide_appeal"
    APPROVE_GRANT = "approve_grant"
    ANSWER_NOTE = "answer_note"
    ACCEPT_ANSWER = "accept_answer"
    DECIDE_LATE = "decide_late"
    CONFIRM_AWARD = "confirm_award"
    ANSWER_OBJECTION = "answer_objection"
    SIGN_SEAL = "sign_seal"
    SIGN_CORRECTION = "sign_correction"
    DECIDE_ENTRY_APPEAL = "decide_entry_appeal"
    SIGN_BULLETIN = "sign_bulletin"
    ACKNOWLEDGE_BULLETIN = "acknowledge_bulletin"


class News(StrEnum):
    """Of what people are told."""

    RETURNED = "returned"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    APPEAL_DECIDED = "appeal_decided"
    PUBLIC = "public"
    SEALED = "sealed"
    TARGET_CHANGED = "target_changed"
    REMINDER = "reminder"
    SUPERVISION = "supervision"
    BULLETIN = "bulletin"
    GRANT_ENDS = "grant_ends"


#: Nobody can mute these (退回, 复议结果, 公示).
OBLIGATORY = frozenset({News.RETURNED, News.REFUSED, News.APPEAL_DECIDED, News.PUBLIC})


@dataclass(frozen=True, slots=True)
class Audience:
    """One officer; or whoever holds `permission` over `unit_id` (and serves in `via_unit_id`, where it was routed to).

    `never` are officers and accounts whom it must not be given to: nobody judges own work, signs twice, or decides an
    appeal against himself.
    `everybody`: all who may read. A to-do for judges is not for people of the unit that it is about.
    """

    officer_id: UUID | None = None
    permission: str | None = None
    unit_id: UUID | None = None
    via_unit_id: UUID | None = None
    never: tuple[UUID, ...] = ()
    judges: bool = False
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """What it is about; `facts` are shown with it."""

    kind: str
    id: UUID
    period_id: UUID | None = None
    indicator_id: UUID | None = None
    subject_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Open:
    """It waits since `since`."""

    action: Action
    thing: Thing
    audience: Audience
    since: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """If it waited, it does not any more. `by`: the officer or the account that did it, where it is known."""

    action: Action
    thing_id: UUID
    at: datetime | None
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """`key` names the occasion: the same occasion is told once, however often its event comes."""

    news: News
    thing: Thing
    audience: Audience
    at: datetime
    key: str


Follow = Open | Done | Told
