"""Bonuses and penalties: entered, signed, refused, reversed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.scoring import EntryKind
from kernel.delivery.transaction import Transaction
from kernel.errors import Invalid, NotFound
from kernel.identity import Principal
from services.scoring.actions import adding_up
from services.scoring.actions.posting import Draft, lock_ledger, post
from services.scoring.domain import awards as rules
from services.scoring.domain.awards import AwardState
from services.scoring.domain.ledger import PeriodClosed, milli
from services.scoring.domain.statements import BONUS, DEDUCTION
from services.scoring.models import AwardRow
from services.scoring.queries import facts, subjects


class NoPeriod(Invalid):
    code = "award-no-period"
    zh = "发生日期不在该方案的任何考核周期内"
    en = "The day lies in no period of the scheme"


class FutureDay(Invalid):
    code = "award-in-future"
    zh = "发生日期不能晚于今天"
    en = "The day must not be in the future"


@dataclass(frozen=True, slots=True)
class NewAward:
    scheme_id: UUID
    subject_kind: str
    subject_id: UUID
    kind: str
    points: Decimal
    category: str
    level: str
    document_number: str
    occurred_on: date
    reason: str


async def enter(tx: Transaction, wish: NewAward, *, today: date, by: Principal) -> AwardRow:
    """Posts at once, or waits for a second signature above the scheme's threshold."""
    await lock_ledger(tx)
    if wish.occurred_on > today:
        raise FutureDay
    scheme = await subjects.scheme(tx.session, wish.scheme_id)
    subject = await subjects.subject(tx.session, wish.subject_kind, wish.subject_id, wish.occurred_on)
    if not by.covers("scoring:award", subject.path):
        raise NotFound
    _refuse_partial(by, wish.subject_kind, wish.subject_id, subject.path)
    period = await facts.period_of(tx.session, wish.scheme_id, wish.occurred_on)
    if period is None:
        raise NoPeriod
    if period.status != "open":
        raise PeriodClosed(period=period.code)
    state = rules.first_state(wish.points, scheme.second_signature_above)
    row = AwardRow(
        **{name: getattr(wish, name) for name in NewAward.__slots__},
        period_id=period.id,
        unit_id=subject.unit_id,
        status=state,
        entered_by=by.account_id,
        entered_at=await tx.now(),
    )
    tx.session.add(row)
    await tx.session.flush()
    if state is AwardState.POSTED:
        await _post(
            tx, row, EntryKind.BONUS if row.kind == "bonus" else EntryKind.PENALTY, actor=by.officer_id
        )
    return row


async def confirm(tx: Transaction, award_id: UUID, *, by: Principal) -> AwardRow:
    """The second signature, by another person with the right in the subject's scope."""
    await lock_ledger(tx)
    row = await _lock(tx, award_id, "scoring:confirm_award", by)
    rules.refuse_same(row.entered_by, by.account_id)
    row.status = rules.move(AwardState(row.status), AwardState.POSTED)
    row.confirmed_by, row.confirmed_at = by.account_id, await tx.now()
    await _post(tx, row, EntryKind.BONUS if row.kind == "bonus" else EntryKind.PENALTY, actor=by.officer_id)
    return row


async def refuse(tx: Transaction, award_id: UUID, *, reason: str, by: Principal) -> AwardRow:
    row = await _lock(tx, award_id, "scoring:confirm_award", by)
    rules.refuse_same(row.entered_by, by.account_id)
    row.status = rules.move(AwardState(row.status), AwardState.REFUSED)
    row.confirmed_by, row.confirmed_at, row.reversal_reason = by.account_id, await tx.now(), reason
    await tx.session.flush()
    return row


async def reverse(tx: Transaction, award_id: UUID, *, reason: str, by: Principal) -> AwardRow:
    """A new entry that takes it back; the old one stays."""
    await lock_ledger(tx)
    row = await _lock(tx, award_id, "scoring:award", by)
    row.status = rules.move(AwardState(row.status), AwardState.REVERSED)
    row.reversed_by, row.reversal_reason = by.account_id, reason
    await _post(tx, row, EntryKind.REVERSAL, actor=by.officer_id, reason=reason)
    return row


async def _lock(tx: Transaction, award_id: UUID, permission: str, by: Principal) -> AwardRow:
    row = await tx.session.get(AwardRow, award_id, with_for_update=True)
    if row is None:
        raise NotFound
    subject = await subjects.subject(tx.session, row.subject_kind, row.subject_id, row.occurred_on)
    if not by.covers(permission, subject.path):
        raise NotFound
    _refuse_partial(by, row.subject_kind, row.subject_id, subject.path)
    period = await facts.period(tx.session, row.period_id)
    if period.status != "open":
        raise PeriodClosed(period=period.code)
    return row


def _refuse_partial(by: Principal, kind: str, subject_id: UUID, path: str) -> None:
    rules.refuse_partial(
        actor_officer=by.officer_id,
        actor_path=by.unit_path,
        subject_officer=subject_id if kind == "officer" else None,
        subject_path=path,
    )


async def _post(
    tx: Transaction, row: AwardRow, kind: EntryKind, *, actor: UUID | None, reason: str = ""
) -> None:
    sign = 1 if row.kind == "bonus" else -1
    if kind is EntryKind.REVERSAL:
        sign = -sign
    draft = Draft(
        scheme_id=row.scheme_id,
        period_id=row.period_id,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        unit_id=row.unit_id,
        module=BONUS if row.kind == "bonus" else DEDUCTION,
        indicator_id=None,
        kind=kind,
        points_milli=sign * milli(row.points),
        rule_revision=None,
        rule_key=f"award:{kind.value}",
        source_event_id=row.id,
        submission_id=None,
        award_id=row.id,
        reason_zh=f"{row.category} {row.document_number}:{reason or row.reason}",
        reason_en=f"{row.kind} {row.document_number}: {reason or row.reason}",
        actor_id=actor,
        occurred_on=row.occurred_on,
    )
    await post(tx, [draft])
    await adding_up.add_up(tx, row.subject_kind, row.subject_id, row.unit_id, row.scheme_id, row.period_id)
