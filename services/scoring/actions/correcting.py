"""Corrections after the seal (更正): proposed by one, sealed as a supplement by another, counted in the open period."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from contracts.scoring import EntryKind
from kernel.delivery.recusals import free_of
from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.recusal import About
from services.scoring import messages
from services.scoring.actions import adding_up
from services.scoring.actions.closing import step
from services.scoring.actions.posting import Draft, lock_ledger, post
from services.scoring.actions.sealing import Sealer, ready
from services.scoring.actions.supplementing import Approved, supplement
from services.scoring.domain.closing import ClosingState
from services.scoring.domain.corrections import (
    CorrectionRunning,
    CorrectionSecond,
    CorrectionState,
    CorrectionSubject,
    Line,
    move,
)
from services.scoring.models import CorrectionRow, EntryRow
from services.scoring.queries import closing as closings
from services.scoring.queries import corrections as queries
from services.scoring.queries import subjects
from services.scoring.queries.sealed import NotSealed
from services.scoring.replicas import PeriodReplica

PERMISSION = "scoring:seal"


async def propose(
    tx: Transaction,
    period_id: UUID,
    *,
    lines: Sequence[Line],
    reason: str,
    document: str | None,
    today: date,
    by: Principal,
) -> CorrectionRow:
    """Nothing is changed yet. Raises NotSealed, CorrectionRunning, CorrectionSubject."""
    await lock_ledger(tx)
    period = await closings.covered(tx.session, period_id, by, PERMISSION)
    if period.status != ClosingState.SEALED:
        raise NotSealed
    if await queries.waiting(tx.session, period_id):
        raise CorrectionRunning
    for number, line in enumerate(lines, 1):
        await _refuse_strange(tx, period_id, number, line)
    await _refuse_recused(tx, lines, today=today, by=by)
    row = CorrectionRow(
        scheme_id=period.scheme_id, period_id=period_id, status=CorrectionState.PROPOSED, reason=reason,
        document_number=document, lines=[line.told() for line in lines], proposed_by=by.account_id, proposer=by.name,
        proposed_at=await tx.now(), totals=[],
    )  # fmt: skip
    tx.session.add(row)
    await _tell(tx, row)
    step(tx, period_id, "correct", by=by, now=row.proposed_at, reason=reason)
    return row


async def approve(
    tx: Transaction, correction_id: UUID, *, sealer: Sealer | None, today: date, by: Principal
) -> CorrectionRow:
    """The second person: seals the supplement, and posts the points where they still count."""
    await lock_ledger(tx)
    row = await queries.correction(tx.session, correction_id, lock=True)
    period = await closings.covered(tx.session, row.period_id, by, PERMISSION)
    row.status = move(row.status, CorrectionState.SEALED)
    if by.account_id == row.proposed_by:
        raise CorrectionSecond
    await _refuse_recused(tx, [Line.of(line) for line in row.lines], today=today, by=by)
    sealer = ready(sealer)
    now = await tx.now()
    row.decided_by, row.decider, row.decided_at = by.account_id, by.name, now
    approved = Approved(row, period, sealer, now)
    row.seal_number, row.totals = await supplement(tx, approved)
    row.settled_period_id = await _settle(tx, row, period, by)
    await tx.publish(messages.supplement, row)
    await _tell(tx, row)
    step(tx, row.period_id, "supplement", by=by, now=now, reason=row.reason)
    return row


async def withdraw(tx: Transaction, correction_id: UUID, *, by: Principal) -> CorrectionRow:
    row = await queries.correction(tx.session, correction_id, lock=True)
    await closings.covered(tx.session, row.period_id, by, PERMISSION)
    row.status = move(row.status, CorrectionState.WITHDRAWN)
    row.decided_by, row.decider, row.decided_at = by.account_id, by.name, await tx.now()
    await _tell(tx, row)
    step(tx, row.period_id, "correction-withdrawn", by=by, now=row.decided_at, reason=row.reason)
    return row


async def _tell(tx: Transaction, row: CorrectionRow) -> None:
    scheme = await subjects.scheme(tx.session, row.scheme_id)
    await tx.publish(messages.correction_in(scheme.scope_unit_id), row)


async def _refuse_recused(tx: Transaction, lines: Sequence[Line], *, today: date, by: Principal) -> None:
    abouts = [
        About(line.subject_kind, line.subject_id, await subjects.unit_path(tx.session, line.unit_id))
        for line in lines
    ]
    await free_of(tx, PERMISSION, *abouts, today=today, by=by)


async def _refuse_strange(tx: Transaction, period_id: UUID, number: int, line: Line) -> None:
    leaf = await queries.newest_leaf(tx.session, period_id, line.subject_kind, str(line.subject_id))
    entry = await tx.session.get(EntryRow, line.entry_id) if line.entry_id else None
    foreign = line.entry_id is not None and (
        entry is None or (entry.subject_id, entry.period_id) != (line.subject_id, period_id)
    )
    if leaf is None or foreign:
        raise CorrectionSubject(line=number)


async def _settle(tx: Transaction, row: CorrectionRow, period: PeriodReplica, by: Principal) -> UUID | None:
    """Adjustments in the first period of the scheme that is still open; None when the year is over."""
    into = await queries.next_open(tx.session, period, ClosingState.SEALED)
    if into is None:
        return None
    drafts = [
        Draft(
            scheme_id=row.scheme_id, period_id=into.id, subject_kind=line.subject_kind, subject_id=line.subject_id,
            unit_id=line.unit_id, module=line.module, indicator_id=None, kind=EntryKind.ADJUSTMENT,
            points_milli=line.points_milli, rule_revision=None, rule_key="correction", source_event_id=row.id,
            submission_id=None, award_id=None, reason_zh=f"更正 {period.code}(补充封存 {row.seal_number} 号):{row.reason}",
            reason_en=f"correction of {period.code} (supplement seal {row.seal_number}): {row.reason}",
            actor_id=by.officer_id, occurred_on=into.starts_on, line_no=number,
        )
        for number, line in enumerate(map(Line.of, row.lines))
    ]  # fmt: skip
    await post(tx, drafts)
    for draft in drafts:
        await adding_up.add_up(
            tx, draft.subject_kind, draft.subject_id, draft.unit_id, draft.scheme_id, draft.period_id
        )
    return into.id
