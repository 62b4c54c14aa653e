"""Which to-dos follow from what `scoring` says that somebody must sign, answer or decide."""

from collections.abc import Iterator

from contracts.deciding import (
    Award,
    AwardStatus,
    Correction,
    CorrectionStatus,
    EntryAppeal,
    Objection,
    ObjectionStatus,
)
from contracts.org import SubjectKind
from contracts.scoring import Closing, ClosingStatus
from services.reporting.domain.todos import Action, Audience, Done, Follow, Open, Thing


def award(event: Award, before: str | None) -> Iterator[Follow]:
    """A deed of several waits where the first of them serves; whoever signs has the right over all of them."""
    del before
    if event.status is not AwardStatus.PENDING:
        yield Done(Action.CONFIRM_AWARD, event.id, event.confirmed_at, event.confirmed_by)
        return
    first = event.shares[0]
    thing = Thing(
        "award", event.id, event.period_id, None, first.subject_id,
        {
            "kind": event.kind, "category": event.category, "points_milli": event.points_milli, "reason": event.reason,
            "number": event.document_number, "participants": len(event.shares),
        },
    )  # fmt: skip
    people = [share.subject_id for share in event.shares if share.subject_kind is SubjectKind.OFFICER]
    never = (event.entered_by, *([event.entered_for] if event.entered_for else []), *people)
    audience = Audience(permission="scoring:confirm_award", unit_id=first.unit_id, never=never, judges=True)
    yield Open(Action.CONFIRM_AWARD, thing, audience, event.entered_at)


def objection(event: Objection, before: str | None) -> Iterator[Follow]:
    del before
    if event.status is not ObjectionStatus.OPEN:
        yield Done(Action.ANSWER_OBJECTION, event.id, event.decided_at, event.decided_by)
        return
    thing = Thing("objection", event.id, event.period_id, None, event.subject_id, {"text": event.text[:200]})
    never = (event.raised_by, event.subject_id)
    audience = Audience(permission="scoring:close", unit_id=event.scope_unit_id, never=never)
    yield Open(Action.ANSWER_OBJECTION, thing, audience, event.raised_at)


def closing(event: Closing) -> Iterator[Follow]:
    """Signed once and not yet by a second person. A signature is void when the figures are looked at again."""
    signed_once = event.status is ClosingStatus.PUBLIC and event.approved_by is not None
    if not signed_once or event.approved_at is None or event.approved_by is None:
        yield Done(Action.SIGN_SEAL, event.id, event.sealed_at)
        return
    thing = Thing("closing", event.id, event.period_id, facts={"trial_number": event.trial_number})
    audience = Audience(permission="scoring:seal", unit_id=event.scope_unit_id, never=(event.approved_by,))
    yield Open(Action.SIGN_SEAL, thing, audience, event.approved_at)


def correction(event: Correction, before: str | None) -> Iterator[Follow]:
    del before
    if event.status is not CorrectionStatus.PROPOSED:
        yield Done(Action.SIGN_CORRECTION, event.id, event.decided_at, event.decided_by)
        return
    thing = Thing(
        "correction", event.id, event.period_id,
        facts={"number": event.document_number, "reason": event.reason, "lines": event.lines},
    )  # fmt: skip
    audience = Audience(permission="scoring:seal", unit_id=event.scope_unit_id, never=(event.proposed_by,))
    yield Open(Action.SIGN_CORRECTION, thing, audience, event.proposed_at)


def entry_appeal(event: EntryAppeal, before: str | None) -> Iterator[Follow]:
    """The second instance waits since it was asked for, and not for who decided in the first."""
    del before
    if not event.status.is_open:
        final = event.final_by is not None
        at, by = (event.final_at, event.final_by) if final else (event.decided_at, event.decided_by)
        yield Done(Action.DECIDE_ENTRY_APPEAL, event.id, at, by)
        return
    thing = Thing(
        "entry_appeal", event.id, event.period_id, event.indicator_id, event.subject_id,
        {"points_milli": event.entry_milli, "grounds": event.grounds[:200], "second": event.decided_by is not None},
    )  # fmt: skip
    parts = {event.filed_by, event.subject_id, event.decided_by, event.decided_for, *event.scorers}
    audience = Audience(
        permission="scoring:decide_appeals", unit_id=event.unit_id,
        never=tuple(sorted(key for key in parts if key is not None)), judges=True,
    )  # fmt: skip
    yield Open(Action.DECIDE_ENTRY_APPEAL, thing, audience, event.second_filed_at or event.filed_at)
