"""Bonuses and penalties: entered for one or for several together, signed, refused, reversed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from contracts.scoring import EntryKind
from kernel.delivery.recusals import free_of
from kernel.delivery.transaction import Transaction
from kernel.errors import Invalid, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.recusal import About
from services.scoring import messages
from services.scoring.actions import adding_up, planning, weighing
from services.scoring.actions.posting import lock_ledger, post
from services.scoring.domain import awards as rules
from services.scoring.domain.awards import AwardState, NotInThePlan
from services.scoring.domain.ledger import PeriodClosed
from services.scoring.models import AwardRow
from services.scoring.queries import facts, planned, subjects
from services.scoring.queries.gathering import award_of
from services.scoring.replicas import PeriodReplica


class NoPeriod(Invalid):
    code = "award-no-period"
    zh = "发生日期不在该方案的任何考核周期内"
    en = "The day lies in no period of the scheme"


class FutureDay(Invalid):
    code = "award-in-future"
    zh = "发生日期不能晚于今天"
    en = "The day must not be in the future"


@dataclass(frozen=True, slots=True)
class Participant:
    """`part`: the subject's part of the deed, beside the parts of the others, such as 3 of 3 : 2 : 1."""

    subject_kind: str
    subject_id: UUID
    part: int = 1


@dataclass(frozen=True, slots=True)
class NewAward:
    """`points` are those of the whole deed. `cause`: what it has in common with others, of which the highest counts."""

    scheme_id: UUID
    kind: str
    points: Decimal
    category: str
    level: str
    document_number: str
    occurred_on: date
    reason: str
    cause: str | None = None


async def enter(
    tx: Transaction, wish: NewAward, participants: Sequence[Participant], *, today: date, by: Principal
) -> list[AwardRow]:
    """A row for each participant, in their order. Posts at once, or waits for a second signature above the threshold."""
    await lock_ledger(tx)
    if wish.occurred_on > today:
        raise FutureDay
    rules.refuse_twice([each.subject_id for each in participants])
    scheme = await subjects.scheme(tx.session, wish.scheme_id)
    found = [
        await _subject(tx, each.subject_kind, each.subject_id, wish.occurred_on, "scoring:award", by)
        for each in participants
    ]
    abouts = [
        About(each.subject_kind, each.subject_id, subject.path)
        for each, subject in zip(participants, found, strict=True)
    ]
    by = await free_of(tx, "scoring:award", *abouts, today=today, by=by)
    period = await facts.period_of(tx.session, wish.scheme_id, wish.occurred_on)
    if period is None:
        raise NoPeriod
    if period.status != "open":
        raise PeriodClosed(period=period.code)
    state = rules.first_state(wish.points, scheme.second_signature_above)
    shares = rules.shares(wish.points, [each.part for each in participants])
    deed_id, now = new_id(), await tx.now()
    rows = [
        AwardRow(
            **{name: getattr(wish, name) for name in NewAward.__slots__ if name != "points"},
            id=deed_id if index == 0 else new_id(), deed_id=deed_id, subject_kind=each.subject_kind,
            subject_id=each.subject_id, deed_points=wish.points, points=shares[index], part=each.part,
            parts=sum(other.part for other in participants), period_id=period.id, unit_id=subject.unit_id,
            status=state, entered_by=by.account_id, entered_for=by.acts_for_account, entered_at=now,
        )
        for index, (each, subject) in enumerate(zip(participants, found, strict=True))
    ]  # fmt: skip
    await _refuse_unmarked(tx, rows[0])
    tx.session.add_all(rows)
    await tx.session.flush()
    await tx.publish(messages.award, rows)
    tx.act("award_entered", "award", deed_id, by=by, after={"status": state}, reason=wish.reason)
    if state is AwardState.POSTED:
        await _settle(tx, rows, period, actor=by.officer_id)
    return rows


async def confirm(tx: Transaction, award_id: UUID, *, today: date, by: Principal) -> AwardRow:
    """The second signature for the whole deed, by another person with the right in every participant's scope."""
    await lock_ledger(tx)
    rows, period, by = await _lock(tx, award_id, "scoring:confirm_award", by, today)
    now = await tx.now()
    for row in rows:
        rules.refuse_same({row.entered_by, row.entered_for}, by.account_id)
        row.status = rules.move(AwardState(row.status), AwardState.POSTED)
        row.confirmed_by, row.confirmed_at = by.account_id, now
    await tx.publish(messages.award, rows)
    tx.act("award_confirmed", "award", rows[0].deed_id, by=by)
    await _settle(tx, rows, period, actor=by.officer_id)
    return _named(rows, award_id)


async def refuse(tx: Transaction, award_id: UUID, *, reason: str, today: date, by: Principal) -> AwardRow:
    rows, _, by = await _lock(tx, award_id, "scoring:confirm_award", by, today)
    now = await tx.now()
    for row in rows:
        rules.refuse_same({row.entered_by, row.entered_for}, by.account_id)
        row.status = rules.move(AwardState(row.status), AwardState.REFUSED)
        row.confirmed_by, row.confirmed_at, row.reversal_reason = by.account_id, now, reason
    await tx.publish(messages.award, rows)
    tx.act("award_refused", "award", rows[0].deed_id, by=by, reason=reason)
    return _named(rows, award_id)


async def reverse(tx: Transaction, award_id: UUID, *, reason: str, today: date, by: Principal) -> AwardRow:
    """New entries that take the whole deed back; the old ones stay, and what it had outdone counts again."""
    await lock_ledger(tx)
    rows, period, by = await _lock(tx, award_id, "scoring:award", by, today)
    for row in rows:
        row.status = rules.move(AwardState(row.status), AwardState.REVERSED)
        row.reversed_by, row.reversal_reason = by.account_id, reason
    await tx.publish(messages.award, rows)
    tx.act("award_reversed", "award", rows[0].deed_id, by=by, reason=reason)
    await _settle(tx, rows, period, actor=by.officer_id, reason=reason)
    return _named(rows, award_id)


async def _subject(
    tx: Transaction, kind: str, subject_id: UUID, day: date, permission: str, by: Principal
) -> subjects.Subject:
    """Raises NotFound outside the scope of the role, OwnAward for oneself or one's own unit."""
    subject = await subjects.subject(tx.session, kind, subject_id, day)
    if not by.covers(permission, subject.path):
        raise NotFound
    rules.refuse_partial(
        actor_officer=by.officer_id,
        actor_path=by.unit_path,
        subject_officer=subject_id if kind == "officer" else None,
        subject_path=subject.path,
    )
    return subject


async def _lock(
    tx: Transaction, award_id: UUID, permission: str, by: Principal, today: date
) -> tuple[list[AwardRow], PeriodReplica, Principal]:
    """All rows of the deed, in the order of entry; its period, which must be open; who acts, and in whose place."""
    deed = select(AwardRow.deed_id).where(AwardRow.id == award_id).scalar_subquery()
    query = select(AwardRow).where(AwardRow.deed_id == deed).order_by(AwardRow.id).with_for_update()
    rows = list((await tx.session.scalars(query)).all())
    if not rows:
        raise NotFound
    abouts = []
    for row in rows:
        subject = await _subject(tx, row.subject_kind, row.subject_id, row.occurred_on, permission, by)
        abouts.append(About(row.subject_kind, row.subject_id, subject.path))
    by = await free_of(tx, permission, *abouts, today=today, by=by)
    period = await facts.period(tx.session, rows[0].period_id)
    if period.status != "open":
        raise PeriodClosed(period=period.code)
    return rows, period, by


def _named(rows: Sequence[AwardRow], award_id: UUID) -> AwardRow:
    return next(row for row in rows if row.id == award_id)


async def _refuse_unmarked(tx: Transaction, row: AwardRow) -> None:
    """Where a plan takes such awards as facts, one that it cannot mark is refused now, not silently nothing later."""
    binding = await planned.binding_of(tx.session, row.scheme_id)
    if binding is None or not binding.takes(row.kind):
        return
    why = binding.refuses(row.kind, award_of(row).deed)
    if why is not None:
        raise NotInThePlan(why=why.zh, why_en=why.en)


async def _settle(
    tx: Transaction, rows: Sequence[AwardRow], period: PeriodReplica, *, actor: UUID | None, reason: str = ""
) -> None:
    """The ledger gets the differences; under a plan that takes such awards, the participants become due."""
    await tx.session.flush()
    first, people = rows[0], {row.subject_id for row in rows}
    kind = EntryKind(first.kind)
    if first.status == AwardState.REVERSED:
        kind = EntryKind.REVERSAL
    binding = await planned.binding_of(tx.session, period.scheme_id)
    found = await weighing.differences(tx.session, period.id, binding, people)
    await post(tx, weighing.drafts(found, kind.value, first.deed_id, own=kind, actor=actor, reason=reason))
    for row in {award.subject_id: award for award, _, _ in found}.values():
        await adding_up.add_up(
            tx, row.subject_kind, row.subject_id, row.unit_id, row.scheme_id, row.period_id
        )
    if binding is not None and binding.takes(first.kind):
        for row in rows:
            why = planning.Why(row.deed_id, kind, row.occurred_on, actor_id=actor)
            await planning.deed_due(tx, period, row.subject_id, why)
