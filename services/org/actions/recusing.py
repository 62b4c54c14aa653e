"""Who must not decide about whom: declared by himself, or asked for and decided."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.identity import Principal
from services.org import messages
from services.org.actions.recording import record
from services.org.models import RecusalRow
from services.org.queries import people, structure


class RecusalState(Conflict):
    code = "recusal-state"
    zh = "回避申请当前状态为 {state},不能如此处理"
    en = "The recusal is {state}; this cannot be done"


class RecusalNotYours(Forbidden):
    code = "recusal-not-yours"
    zh = "不得决定涉及本人的回避;只能决定本辖区人员的回避"
    en = "Nobody decides on a recusal that concerns himself, or somebody outside of his scope"


class RecusalNobody(Conflict):
    code = "recusal-nobody"
    zh = "只有关联警号的账号可以申报或申请回避,且不能是本人对本人"
    en = "Only somebody with a police number declares or asks for a recusal, and not between himself and himself"


async def declare(
    tx: Transaction, *, officer_id: UUID, relation: str, valid_from: date, by: Principal
) -> RecusalRow:
    """A relative serves here. In force at once, both ways; the relation itself is seen by nobody else, in no log either."""
    if by.officer_id is None or by.officer_id == officer_id:
        raise RecusalNobody
    await people.officer(tx.session, officer_id)
    mine = _declared(by.officer_id, officer_id, valid_from, by)
    mine.relation = relation
    tx.session.add(mine)
    await tx.session.flush()
    theirs = _declared(officer_id, by.officer_id, valid_from, by)
    theirs.mirrors = mine.id
    tx.session.add(theirs)
    await tx.publish_many(messages.recusal, [mine, theirs])
    await record(tx, "recusal", mine.id, "declared", by=by)
    return mine


def _declared(officer_id: UUID, subject_id: UUID, valid_from: date, by: Principal) -> RecusalRow:
    return RecusalRow(
        officer_id=officer_id, subject_kind="officer", subject_id=subject_id, ground="declared", reason="",
        status="granted", valid_from=valid_from, asked_by=by.account_id,
    )  # fmt: skip


async def withdraw(tx: Transaction, recusal_id: UUID, *, by: Principal) -> RecusalRow:
    """One's own declaration or request, with its mirror."""
    row = await _own(tx, recusal_id, by)
    both = [row, *(await tx.session.scalars(select(RecusalRow).where(RecusalRow.mirrors == row.id))).all()]
    for found in both:
        found.status = "ended"
    await tx.publish_many(messages.recusal, both)
    await record(tx, "recusal", row.id, "withdrawn", by=by)
    return row


async def _own(tx: Transaction, recusal_id: UUID, by: Principal) -> RecusalRow:
    row = await tx.session.get(RecusalRow, recusal_id, with_for_update=True)
    if row is None or row.asked_by != by.account_id or row.mirrors is not None:
        raise NotFound
    if row.status not in {"requested", "granted"}:
        raise RecusalState(state=row.status)
    return row


async def request(
    tx: Transaction, *, officer_id: UUID, subject_kind: str, subject_id: UUID, reason: str, valid_from: date,
    by: Principal,
) -> RecusalRow:  # fmt: skip
    """That somebody is not to decide about oneself, or about one's own unit."""
    if by.officer_id is None or officer_id == subject_id:
        raise RecusalNobody
    if subject_id not in {by.officer_id, by.unit_id}:
        raise RecusalNotYours
    await people.officer(tx.session, officer_id)
    row = RecusalRow(
        officer_id=officer_id, subject_kind=subject_kind, subject_id=subject_id, ground="requested", reason=reason,
        status="requested", valid_from=valid_from, asked_by=by.account_id,
    )  # fmt: skip
    tx.session.add(row)
    await tx.publish(messages.recusal, row)
    await record(tx, "recusal", row.id, "requested", by=by, officer_id=officer_id)
    return row


async def decide(
    tx: Transaction, recusal_id: UUID, *, granted: bool, decision: str, by: Principal
) -> RecusalRow:
    """By the assessment office or chief in whose scope the officer serves; never by the officer, nor by who asked."""
    row = await tx.session.get(RecusalRow, recusal_id, with_for_update=True)
    if row is None or row.ground != "requested":
        raise NotFound
    if row.status != "requested":
        raise RecusalState(state=row.status)
    now = await tx.now()
    unit = await people.primary_unit(tx.session, row.officer_id, now.date()) or await structure.root(
        tx.session
    )
    covers = unit is not None and by.covers("org:recusals_decide", unit.path)
    if not covers or by.account_id == row.asked_by or by.officer_id in {row.officer_id, row.subject_id}:
        raise RecusalNotYours
    row.status = "granted" if granted else "refused"
    row.decided_by, row.decided_at, row.decision = by.account_id, now, decision
    await tx.publish(messages.recusal, row)
    await record(tx, "recusal", row.id, row.status, by=by, decision=decision)
    return row
