"""征求意见: a draft is shown to everybody in its scope, comments are taken and answered."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Invalid, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.drafting import scheme_for_change
from services.targets.actions.recording import record, seen
from services.targets.domain.scheme import SchemeState, move
from services.targets.models import CommentRow, SchemeRow
from services.targets.queries.schemes import get_comment, get_scheme, indicators_of
from services.targets.queries.visibility import schemes_visible_to


class NotInConsultation(Conflict):
    code = "not-in-consultation"
    zh = "该方案不在征求意见期间"
    en = "The scheme is not open for comments"


class ConsultationDayInvalid(Invalid):
    code = "consultation-day-invalid"
    zh = "征求意见截止日应在今天或之后"
    en = "The last day for comments must be today or later"


class IndicatorUnknown(Invalid):
    code = "indicator-unknown"
    zh = "方案中没有该指标"
    en = "The scheme has no such indicator"


async def consult(
    tx: Transaction, scheme_id: UUID, *, until: date, by: Principal, zone: ZoneInfo
) -> SchemeRow:
    """Open for comments until that day, inclusive; again with a later day, if it is open already."""
    row = await scheme_for_change(tx, scheme_id, by=by)
    now = await tx.now()
    if until < now.astimezone(zone).date():
        raise ConsultationDayInvalid
    before = seen(row)
    if row.status != SchemeState.CONSULTATION:
        row.status = move(SchemeState(row.status), SchemeState.CONSULTATION).value
    row.consult_until = until
    await tx.publish(messages.scheme, row)
    record(tx, row, by=by, action="consult", now=now, before=before)
    return row


async def end_consultation(tx: Transaction, scheme_id: UUID, *, by: Principal) -> SchemeRow:
    """A draft again, with its comments."""
    row = await scheme_for_change(tx, scheme_id, by=by)
    if row.status != SchemeState.CONSULTATION:
        raise NotInConsultation
    before = seen(row)
    row.status, row.consult_until = SchemeState.DRAFT.value, None
    await tx.publish(messages.scheme, row)
    record(tx, row, by=by, action="end_consultation", now=await tx.now(), before=before)
    return row


async def comment(
    tx: Transaction, scheme_id: UUID, *, indicator_id: UUID | None, text: str, by: Principal, zone: ZoneInfo
) -> CommentRow:
    scheme = await get_scheme(tx.session, scheme_id, where=schemes_visible_to(by))
    now = await tx.now()
    ended = scheme.consult_until is None or now.astimezone(zone).date() > scheme.consult_until
    if scheme.status != SchemeState.CONSULTATION or ended:
        raise NotInConsultation
    if indicator_id is not None and indicator_id not in {
        i.id for i in await indicators_of(tx.session, scheme.id)
    }:
        raise IndicatorUnknown
    row = CommentRow(
        id=new_id(),
        scheme_id=scheme.id,
        indicator_id=indicator_id,
        account_id=by.account_id,
        officer_id=by.officer_id,
        unit_id=by.unit_id,
        author=by.name,
        at=now,
        text=text,
    )
    tx.session.add(row)
    await tx.session.flush()
    tx.act("comment", "scheme", scheme.id, by=by, after={"comment": str(row.id)}, at=now)
    return row


async def answer_comment(
    tx: Transaction, comment_id: UUID, *, answer: str, adopted: bool, by: Principal
) -> CommentRow:
    """Whether it was adopted, and why; an answer can be bettered as long as the scheme is not published."""
    row, found = await get_comment(tx.session, comment_id, where=schemes_visible_to(by))
    scheme = await scheme_for_change(tx, found.id, by=by)
    if scheme.status not in {SchemeState.DRAFT, SchemeState.CONSULTATION}:
        raise NotInConsultation
    if row is None:
        raise NotFound
    row.answer, row.adopted = answer, adopted
    row.answered_by, row.answered_at = by.name, await tx.now()
    await tx.session.flush()
    more = {"comment": str(row.id), "adopted": adopted}
    record(
        tx,
        scheme,
        by=by,
        action="comment_answer",
        now=row.answered_at,
        before=seen(scheme),
        reason=answer,
        more=more,
    )
    return row
