"""Appeals against any ledger entry: filed, decided by somebody else, taken to a second instance. (复议、复核)"""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from contracts.scoring import EntryKind
from contracts.submissions import SubmissionStatus
from kernel.delivery.recusals import free_of
from kernel.delivery.transaction import Transaction
from kernel.errors import Forbidden
from kernel.identity import Principal
from kernel.recusal import About
from services.scoring import messages
from services.scoring.actions import adding_up, evaluating, planning
from services.scoring.actions.posting import Draft, lock_ledger, post
from services.scoring.domain import appeals as rules
from services.scoring.domain.appeals import (
    AppealDecided,
    AppealRunning,
    AppealState,
    AppealTheWork,
    FilingOver,
    NotImpartial,
    NotTheAppellant,
    NotYourEntry,
)
from services.scoring.domain.ledger import PeriodClosed, node_of
from services.scoring.models import ClosingRow, EntryAppealRow, EntryRow
from services.scoring.queries import appeals as queries
from services.scoring.queries import facts, lists, subjects
from services.scoring.replicas import SubmissionReplica

#: Decisions that the submission's own appeal may still change.
_APPEALABLE = frozenset({SubmissionStatus.ACCEPTED, SubmissionStatus.REFUSED, SubmissionStatus.UNDER_APPEAL})


class DecideNowhere(Forbidden):
    code = "entry-appeal-outside"
    zh = "不在您的裁决范围内"
    en = "This is outside the scope of your role"


async def file(tx: Transaction, entry_id: UUID, *, grounds: str, by: Principal) -> EntryAppealRow:
    """An officer about his own entries; a unit's leader about the unit and everybody below it."""
    entry = await lists.entry(tx.session, entry_id, by)
    period = await facts.period(tx.session, entry.period_id)
    subject = await subjects.subject(tx.session, entry.subject_kind, entry.subject_id, period.ends_on)
    own = entry.subject_kind == "officer" and entry.subject_id == by.officer_id
    if not own and not by.covers("scoring:appeal", subject.path):
        raise NotYourEntry
    await _refuse_late_filing(tx, entry, period.status, period.code)
    await _refuse_again(tx, entry)
    row = EntryAppealRow(
        entry_id=entry.id, scheme_id=entry.scheme_id, period_id=entry.period_id, subject_kind=entry.subject_kind,
        subject_id=entry.subject_id, unit_id=subject.unit_id, module=entry.module, indicator_id=entry.indicator_id,
        entry_milli=entry.points_milli, grounds=grounds, filed_by=by.account_id, filed_at=await tx.now(),
        status=AppealState.FILED,
    )  # fmt: skip
    tx.session.add(row)
    return await _tell(tx, row)


async def decide(
    tx: Transaction,
    appeal_id: UUID,
    *,
    points_milli: int | None,
    reason: str,
    days: int,
    today: date,
    by: Principal,
) -> EntryAppealRow:
    """`points_milli`: what the entry should have been; None: it stands. `days` in which the second instance may be asked for."""
    await lock_ledger(tx)
    row = await queries.appeal(tx.session, appeal_id, by, lock=True)
    second = row.status == AppealState.SECOND
    upheld, changed = (
        (AppealState.FINAL_UPHELD, AppealState.FINAL_CHANGED)
        if second
        else (AppealState.UPHELD, AppealState.CHANGED)
    )
    status = rules.move(row.status, upheld if points_milli is None else changed)
    entry = await tx.session.get_one(EntryRow, row.entry_id)
    by = await _refuse_partial(tx, row, entry, by, today)
    await _refuse_sealed(tx, row)
    now = await tx.now()
    if points_milli is not None:
        current = row.wanted_milli if row.wanted_milli is not None else row.entry_milli
        wanted = rules.wanted(row.entry_milli, current, points_milli)
        row.wanted_milli = wanted
        await tx.session.flush()
        if node_of(entry.rule_key) is None:
            await _post(tx, row, entry, wanted - current, reason, second=second, by=by)
        else:
            await _into_the_plan(tx, row, entry, by=by)
    row.status = status
    if second:
        row.final_by, row.final_at, row.final_reason = by.account_id, now, reason
        row.final_for = by.acts_for_account
    else:
        row.decided_by, row.decided_at, row.decision_reason = by.account_id, now, reason
        row.decided_for = by.acts_for_account
        row.second_until = now + timedelta(days=days)
    tx.act(f"entry_appeal_{status}", "entry_appeal", row.id, by=by, reason=reason)
    return await _tell(tx, row)


async def ask_again(tx: Transaction, appeal_id: UUID, *, grounds: str, by: Principal) -> EntryAppealRow:
    """The second instance (复核), once, in time, by the appellant."""
    row = await _own(tx, appeal_id, by)
    status = rules.move(row.status, AppealState.SECOND)
    await _refuse_sealed(tx, row)
    now = await tx.now()
    rules.refuse_late(now, row.second_until)
    row.status, row.second_grounds, row.second_filed_at = status, grounds, now
    return await _tell(tx, row)


async def withdraw(tx: Transaction, appeal_id: UUID, *, by: Principal) -> EntryAppealRow:
    """The appellant gives up; what was decided so far stands."""
    row = await _own(tx, appeal_id, by)
    row.status = rules.move(row.status, AppealState.WITHDRAWN)
    return await _tell(tx, row)


async def _tell(tx: Transaction, row: EntryAppealRow) -> EntryAppealRow:
    entry = await tx.session.get_one(EntryRow, row.entry_id)
    hands = sorted(key for key in await queries.scorers(tx.session, entry) if key is not None)
    await tx.publish(messages.entry_appeal_of(hands), row)
    return row


async def _own(tx: Transaction, appeal_id: UUID, by: Principal) -> EntryAppealRow:
    row = await queries.appeal(tx.session, appeal_id, by, lock=True)
    if row.filed_by != by.account_id:
        raise NotTheAppellant
    return row


async def _refuse_late_filing(tx: Transaction, entry: EntryRow, status: str, code: str) -> None:
    if status == facts.SEALED:
        raise PeriodClosed(period=code)
    closing = await tx.session.scalar(select(ClosingRow).where(ClosingRow.period_id == entry.period_id))
    until = closing.objections_until if closing is not None else None
    if until is not None and await tx.now() >= until:
        raise FilingOver(until=until.isoformat())


async def _refuse_again(tx: Transaction, entry: EntryRow) -> None:
    """One appeal an entry, none against its outcome; and what a reviewer decided about work is appealed there."""
    if entry.kind == EntryKind.APPEAL and entry.submission_id is None:
        raise AppealDecided
    for other in await queries.against(tx.session, entry.id):
        raise AppealRunning if AppealState(other.status).is_open else AppealDecided
    if entry.submission_id is not None:
        work = await tx.session.get(SubmissionReplica, entry.submission_id, populate_existing=True)
        if work is not None and work.status in _APPEALABLE:
            raise AppealTheWork(submission_id=str(entry.submission_id))


async def _refuse_sealed(tx: Transaction, row: EntryAppealRow) -> None:
    period = await facts.period(tx.session, row.period_id)
    if period.status == facts.SEALED:
        raise PeriodClosed(period=period.code)


async def _refuse_partial(
    tx: Transaction, row: EntryAppealRow, entry: EntryRow, by: Principal, today: date
) -> Principal:
    """Neither the appellant, nor who scored or decided before, nor anybody of the unit concerned or recused from it."""
    period = await facts.period(tx.session, row.period_id)
    subject = await subjects.subject(tx.session, row.subject_kind, row.subject_id, period.ends_on)
    if not by.covers("scoring:decide_appeals", subject.path):
        raise DecideNowhere
    concerned = await queries.scorers(tx.session, entry) | {row.filed_by, row.decided_by, row.decided_for}
    if row.subject_kind == "officer":
        concerned.add(row.subject_id)
    rules.refuse_partial({key for key in (by.account_id, by.officer_id) if key is not None}, concerned)
    home = by.unit_path
    if home is not None and (
        home == subject.path or (row.subject_kind == "unit" and home.startswith(subject.path))
    ):
        raise NotImpartial
    about = About(row.subject_kind, row.subject_id, subject.path, near=True)
    by = await free_of(tx, "scoring:decide_appeals", about, today=today, by=by)
    if by.acts_for is not None:
        rules.refuse_partial({by.acts_for.account_id}, concerned)
    return by


async def _into_the_plan(tx: Transaction, row: EntryAppealRow, entry: EntryRow, *, by: Principal) -> None:
    """The change is a fact of the plan from now on: everybody whom it moves is moved by the plan itself."""
    why = planning.Why(row.id, EntryKind.APPEAL, entry.occurred_on, entry.submission_id, by.officer_id)
    await planning.due(tx, row.period_id, row.subject_id, why)
    await evaluating.score_at_once(tx, row.period_id, row.subject_id)


async def _post(
    tx: Transaction,
    row: EntryAppealRow,
    entry: EntryRow,
    change: int,
    reason: str,
    *,
    second: bool,
    by: Principal,
) -> None:
    """An entry of its own, outside the rule of the indicator, so that scoring the facts again leaves it alone."""
    draft = Draft(
        scheme_id=row.scheme_id, period_id=row.period_id, subject_kind=row.subject_kind, subject_id=row.subject_id,
        unit_id=entry.unit_id, module=row.module, indicator_id=None, kind=EntryKind.APPEAL, points_milli=change,
        rule_revision=None, rule_key="appeal:second" if second else "appeal:first", source_event_id=row.id,
        submission_id=None, award_id=None, reason_zh=f"复议台账第 {entry.seq} 号:{reason}",
        reason_en=f"appeal against entry {entry.seq}: {reason}", actor_id=by.officer_id, occurred_on=entry.occurred_on,
    )  # fmt: skip
    await post(tx, [draft])
    await adding_up.add_up(tx, row.subject_kind, row.subject_id, entry.unit_id, row.scheme_id, row.period_id)
