"""Which to-dos and messages follow from the newest state of a thing; `before` is the status that it had, None if it is new."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from contracts import org, submissions, supervision, targets
from contracts.deadlines import LateApplication, LateStatus
from contracts.org import GrantStatus, SubjectKind
from contracts.submissions import AppealStatus, SubmissionStatus
from contracts.supervision import NoteStatus
from contracts.targets import TargetStatus
from services.reporting.domain.todos import Action, Audience, Done, Follow, News, Open, Thing, Told

_WAITING = {SubmissionStatus.SUBMITTED, SubmissionStatus.IN_REVIEW}
_DECIDED = {
    SubmissionStatus.ACCEPTED: News.ACCEPTED,
    SubmissionStatus.RETURNED: News.RETURNED,
    SubmissionStatus.REFUSED: News.REFUSED,
    SubmissionStatus.UPHELD: News.APPEAL_DECIDED,
    SubmissionStatus.CHANGED: News.APPEAL_DECIDED,
}
_SENT = {TargetStatus.ISSUED, TargetStatus.ACKNOWLEDGED, TargetStatus.REVISED}


def submission(event: submissions.Submission, before: str | None) -> Iterator[Follow]:
    thing = Thing(
        "submission", event.id, event.period_id, event.indicator_id, event.subject_id,
        {"number": event.number, "quantity": str(event.quantity), "summary": event.summary, "status": event.status},
    )  # fmt: skip
    own = _owner(event)
    if event.status in _WAITING and event.submitted_at is not None:
        audience = Audience(
            permission="submissions:review", unit_id=event.unit_id, via_unit_id=event.authority_unit_id,
            never=tuple({who for who in (event.submitted_by, event.subject_id) if who}), judges=True,
        )  # fmt: skip
        yield Open(Action.REVIEW, thing, audience, event.submitted_at)
    else:
        yield Done(Action.REVIEW, event.id, event.decided_at, event.decided_by)
    if event.status is SubmissionStatus.RETURNED and event.decided_at is not None:
        yield Open(Action.REPAIR, thing, own, event.decided_at)
    else:
        yield Done(Action.REPAIR, event.id, event.submitted_at, event.submitted_by)
    news = _DECIDED.get(event.status)
    if news is not None and event.status != before and event.decided_at is not None:
        yield Told(news, _decided(thing, event), own, event.decided_at, f"{event.status}:{event.version}")


def _owner(event: submissions.Submission) -> Audience:
    if event.subject_kind is SubjectKind.OFFICER:
        return Audience(officer_id=event.subject_id)
    return Audience(permission="targets:cascade", unit_id=event.unit_id)


def _decided(thing: Thing, event: submissions.Submission) -> Thing:
    facts = {**thing.facts, "reason": event.decision_reason, "clause": event.decision_clause}
    accepted = None if event.accepted_quantity is None else str(event.accepted_quantity)
    facts |= {"accepted_quantity": accepted, "notice_number": event.notice_number}
    return Thing(thing.kind, thing.id, thing.period_id, thing.indicator_id, thing.subject_id, facts)


def appeal(event: submissions.Appeal, about: Any) -> Iterator[Follow]:
    """`about` is the copy of the submission."""
    if event.status in {AppealStatus.FILED, AppealStatus.ADMITTED}:
        thing = Thing(
            "appeal", event.id, about.period_id, about.indicator_id, about.subject_id,
            {"number": event.number, "submission_id": str(event.submission_id), "grounds": event.grounds[:200]},
        )  # fmt: skip
        never = {
            who
            for who in (about.first_decided_by, about.decided_by, event.appellant_id, about.subject_id)
            if who
        }
        audience = Audience(
            permission="submissions:decide_appeals",
            unit_id=about.unit_id,
            never=tuple(sorted(never)),
            judges=True,
        )
        yield Open(Action.DECIDE_APPEAL, thing, audience, event.filed_at, event.decide_until)
    else:
        yield Done(Action.DECIDE_APPEAL, event.id, event.decided_at, event.decided_by)


def target(event: targets.Target, before: str | None) -> Iterator[Follow]:
    thing = Thing(
        "target",
        event.id,
        event.period_id,
        event.indicator_id,
        event.subject_id,
        {"quantity": str(event.quantity)},
    )
    officer = event.subject_kind is SubjectKind.OFFICER
    whose = (
        Audience(officer_id=event.subject_id)
        if officer
        else Audience(permission="targets:acknowledge", unit_id=event.unit_id)
    )
    if event.status is TargetStatus.ISSUED and event.issued_at is not None:
        yield Open(Action.ACKNOWLEDGE, thing, whose, event.issued_at)
    else:
        yield Done(Action.ACKNOWLEDGE, event.id, event.acknowledged_at, event.acknowledged_by)
    changed = {TargetStatus.REVISED, TargetStatus.WITHDRAWN}
    if event.status in changed and event.issued_at is not None:
        facts = {**thing.facts, "status": event.status, "reason": event.reason}
        facts |= {
            "previous_quantity": None if event.previous_quantity is None else str(event.previous_quantity)
        }
        about = Thing("target", event.id, event.period_id, event.indicator_id, event.subject_id, facts)
        if event.status != before or event.reason:
            yield Told(News.TARGET_CHANGED, about, whose, event.issued_at, f"{event.status}:{event.version}")


def is_sent(event: targets.Target) -> bool:
    """Whether work can be submitted for it."""
    return event.status in _SENT and event.subject_kind is SubjectKind.OFFICER


def grant(event: org.Grant, at: datetime) -> Iterator[Follow]:
    if event.status is GrantStatus.PROPOSED:
        thing = Thing("grant", event.id, subject_id=event.officer_id, facts={"role": event.role})
        audience = Audience(permission="org:grants_approve", unit_id=event.scope_unit_id)
        yield Open(Action.APPROVE_GRANT, thing, audience, at)
    else:
        yield Done(Action.APPROVE_GRANT, event.id, at)
    if event.status is GrantStatus.APPROVED and event.noticed_at is not None and event.valid_to is not None:
        yield from _ends(event, event.noticed_at, event.valid_to)


def _ends(event: org.Grant, at: datetime, last_day: date) -> Iterator[Told]:
    """To the holder, if he is an officer, and to both administrators, who are to propose and approve a longer one."""
    thing = Thing(
        "grant",
        event.id,
        subject_id=event.officer_id,
        facts={"role": event.role, "valid_to": last_day.isoformat()},
    )
    if event.officer_id is not None:
        yield Told(News.GRANT_ENDS, thing, Audience(officer_id=event.officer_id), at, f"{last_day}:holder")
    for permission in ("org:grants_propose", "org:grants_approve"):
        audience = Audience(permission=permission, unit_id=event.scope_unit_id)
        yield Told(News.GRANT_ENDS, thing, audience, at, f"{last_day}:{permission}")


def note(event: supervision.SupervisionNote, before: str | None) -> Iterator[Follow]:
    thing = Thing("supervision_note", event.id, facts={"number": event.number, "subject": event.subject})
    addressee = Audience(permission="targets:cascade", unit_id=event.addressee_unit_id)
    if event.status in {NoteStatus.ISSUED, NoteStatus.RETURNED}:
        yield Open(
            Action.ANSWER_NOTE, thing, addressee, event.decided_at or event.issued_at, event.answer_due
        )
    else:
        yield Done(Action.ANSWER_NOTE, event.id, event.answered_at, event.answered_by)
    if event.status is NoteStatus.ANSWERED and event.answered_at is not None:
        issuer = Audience(permission="targets:supervise", unit_id=event.issuer_unit_id)
        yield Open(Action.ACCEPT_ANSWER, thing, issuer, event.answered_at)
    else:
        yield Done(Action.ACCEPT_ANSWER, event.id, event.decided_at)
    if event.status is NoteStatus.ISSUED and event.status != before:
        yield Told(News.SUPERVISION, thing, addressee, event.issued_at, "issued")


def late(event: LateApplication) -> Iterator[Follow]:
    thing = Thing(
        "late_application", event.id, event.period_id, None, event.subject_id,
        {"reason": event.reason, "target_id": str(event.target_id)},
    )  # fmt: skip
    if event.status is LateStatus.ASKED:
        audience = Audience(permission="targets:calendar", unit_id=event.deciding_unit_id)
        yield Open(Action.DECIDE_LATE, thing, audience, event.asked_at)
    else:
        yield Done(Action.DECIDE_LATE, event.id, event.decided_at, event.decided_by)


def reminder(event: supervision.Reminder) -> Iterator[Follow]:
    """Over when it is settled; but it was said."""
    facts = {
        "cause": event.cause, "stage": event.stage, "missing": event.missing, "due_at": event.due_at.isoformat(),
        "note": event.note,
    }  # fmt: skip
    thing = Thing("reminder", event.id, event.period_id, facts=facts)
    whose = (
        Audience(officer_id=event.recipient_id)
        if event.recipient_kind is SubjectKind.OFFICER
        else Audience(permission="targets:cascade", unit_id=event.recipient_id)
    )
    yield Told(News.REMINDER, thing, whose, event.sent_at, "sent")
