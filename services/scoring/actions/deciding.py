"""Decisions about people and units that a plan knows: entered with their document, ended, lifted; never about oneself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.scoring import EntryKind
from kernel.delivery.recusals import free_of
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.recusal import About
from services.scoring.actions import planning
from services.scoring.domain import awards
from services.scoring.domain.awards import OwnAward
from services.scoring.models import CircumstanceRow
from services.scoring.queries import circumstances, planned, subjects
from services.scoring.replicas import PeriodReplica


class CircumstanceUnknown(Invalid):
    code = "circumstance-unknown"
    zh = "没有方案的办法列有情形 {name};已列的有:{known}"
    en = "No plan lists the circumstance {name}; listed are: {known}"


class OwnCircumstance(Forbidden):
    code = "circumstance-own"
    zh = "不得登记、结束有关本人或本单位的情形"
    en = "Nobody enters or ends a decision about himself or his own unit"


class AlreadyEnded(Conflict):
    code = "circumstance-ended"
    zh = "该情形已经结束"
    en = "It has been ended already"


class EndsBefore(Invalid):
    code = "circumstance-days"
    zh = "结束日期不能早于开始日期"
    en = "The last day must not be before the first"


@dataclass(frozen=True, slots=True)
class NewCircumstance:
    subject_kind: str
    subject_id: UUID
    name: str
    document_number: str
    reason: str
    since: date
    until: date | None


async def enter(tx: Transaction, wish: NewCircumstance, *, today: date, by: Principal) -> CircumstanceRow:
    """Its consequences are the plan's; scores and standing of periods that are not sealed follow."""
    if wish.until is not None and wish.until < wish.since:
        raise EndsBefore
    unit_id, by = await _allowed(tx, wish.subject_kind, wish.subject_id, wish.since, by, today)
    names = await _names(tx)
    if wish.name not in names:
        raise CircumstanceUnknown(name=wish.name, known="、".join(sorted(names)) or "-")
    row = CircumstanceRow(
        **{name: getattr(wish, name) for name in NewCircumstance.__slots__}, id=new_id(), unit_id=unit_id, ends=None,
        lifted=False, account_id=by.account_id, actor=by.name, at=await tx.now(),
    )  # fmt: skip
    return await _keep(tx, row, row.since, by=by)


async def end(
    tx: Transaction,
    circumstance_id: UUID,
    *,
    until: date,
    document_number: str,
    reason: str,
    lifted: bool,
    today: date,
    by: Principal,
) -> CircumstanceRow:
    """`lifted`: it was without ground, such as an investigation that found nothing; a grade that was held is filled in."""
    known = await circumstances.one(tx.session, circumstance_id, by)
    if known.ends is not None:
        raise NotFound
    _, by = await _allowed(tx, known.subject_kind, known.subject_id, known.since, by, today)
    if await circumstances.ended(tx.session, circumstance_id):
        raise AlreadyEnded
    if until < known.since:
        raise EndsBefore
    row = CircumstanceRow(
        id=new_id(), subject_kind=known.subject_kind, subject_id=known.subject_id, unit_id=known.unit_id, name=known.name,
        document_number=document_number, reason=reason, since=known.since, until=until, ends=known.id, lifted=lifted,
        account_id=by.account_id, actor=by.name, at=await tx.now(),
    )  # fmt: skip
    return await _keep(tx, row, known.since, by=by)


async def _keep(tx: Transaction, row: CircumstanceRow, since: date, *, by: Principal) -> CircumstanceRow:
    tx.session.add(row)
    action = "circumstance_ended" if row.ends else "circumstance_entered"
    tx.act(action, "circumstance", row.id, by=by, reason=row.reason)
    await tx.session.flush()
    for period in await _touched(tx, since):
        why = planning.Why(row.id, EntryKind.ADJUSTMENT, period.ends_on)
        await planning.subject_due(tx, period, row.subject_id, why)
    return row


async def _allowed(
    tx: Transaction, kind: str, subject_id: UUID, day: date, by: Principal, today: date
) -> tuple[UUID, Principal]:
    """The unit, and who acts with in whose place."""
    subject = await subjects.subject(tx.session, kind, subject_id, day)
    if not by.covers("scoring:award", subject.path):
        raise NotFound
    try:
        awards.refuse_partial(
            actor_officer=by.officer_id, actor_path=by.unit_path,
            subject_officer=subject_id if kind == "officer" else None, subject_path=subject.path,
        )  # fmt: skip
    except OwnAward as own:
        raise OwnCircumstance from own
    about = About(kind, subject_id, subject.path)
    return subject.unit_id, await free_of(tx, "scoring:award", about, today=today, by=by)


async def _names(tx: Transaction) -> set[str]:
    """Every circumstance that some plan knows."""
    found: set[str] = set()
    for scheme_id in {period.scheme_id for period in await planned.periods_by_plan(tx.session)}:
        binding = await planned.binding_of(tx.session, scheme_id)
        found |= set() if binding is None else set(binding.circumstances)
    return found


async def _touched(tx: Transaction, since: date) -> Collection[PeriodReplica]:
    return [period for period in await planned.periods_by_plan(tx.session) if period.ends_on >= since]
