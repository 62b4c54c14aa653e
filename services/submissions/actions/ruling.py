"""Decisions with a few seconds of grace.

Until a decision is effective nobody is told and nothing is posted, so that undoing it leaves no trace in the ledger, no notice
to annul and no message to call back. It is kept in the database from the first moment: whatever dies, it becomes effective.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from kernel.delivery.recusals import standing_of
from kernel.delivery.transaction import Transaction
from kernel.errors import Forbidden, Problem
from kernel.identity import Principal
from kernel.recusal import Absent
from services.submissions.actions import deciding
from services.submissions.actions.deciding import Verdict
from services.submissions.actions.releasing import put_back
from services.submissions.domain.impartiality import ensure_still_impartial
from services.submissions.domain.reopening import NothingToUndo
from services.submissions.models import RulingRow
from services.submissions.queries.cases import Case
from services.submissions.settings import SubmissionSettings

AT_ONCE = 200
#: Says nothing of who is related to whom.
_WHY_VOID: Final = "决定生效前审核人须回避,未生效,另行审核"


@dataclass(frozen=True, slots=True)
class Ruled:
    """What was decided, and from when it holds; None: it does."""

    case: Case
    effective_at: datetime | None


async def rule(
    tx: Transaction,
    submission_id: UUID,
    kind: str,
    verdict: Verdict,
    *,
    by: Principal,
    settings: SubmissionSettings,
) -> Ruled:
    """Decide, now or after the time of grace. Everything that can be wrong with the decision is said at once."""
    case, by = await deciding.examine(tx, submission_id, kind, verdict, by=by, settings=settings)
    if not settings.undo_seconds:
        await deciding.carry_out(tx, case, kind, verdict, by=by, settings=settings)
        return Ruled(case, None)
    until = await _keep(tx, {case.row.id: by}, kind, verdict, settings=settings)
    return Ruled(case, until)


async def rule_many(
    tx: Transaction, ids: Sequence[UUID], *, by: Principal, settings: SubmissionSettings
) -> tuple[list[deciding.Outcome], datetime | None]:
    """Accept each in full, or tell why not; one moment of effect for all."""
    outcomes = await deciding.examine_batch(tx, ids, by=by, settings=settings)
    good = [(outcome.case, outcome.by) for outcome in outcomes if outcome.case is not None]
    if settings.undo_seconds and good:
        made = {case.row.id: acting for case, acting in good}
        return outcomes, await _keep(tx, made, "accept", Verdict(), settings=settings)
    for case, acting in good:
        await deciding.carry_out(tx, case, "accept", Verdict(), by=acting, settings=settings)
    return outcomes, None


async def undo(tx: Transaction, ids: Sequence[UUID], *, by: Principal) -> int:
    """Take back what is not effective yet; it is claimed as before. Raises NothingToUndo if there is none of them."""
    mine = (RulingRow.submission_id.in_(list(ids)), RulingRow.officer_id == by.officer_id)
    gone = await tx.session.execute(
        delete(RulingRow)
        .where(*mine, RulingRow.effective_at > await tx.now())
        .returning(RulingRow.submission_id)
    )
    count = len(gone.all())
    if not count:
        raise NothingToUndo
    return count


async def take_due(tx: Transaction) -> Sequence[RulingRow]:
    """Some rulings whose time has come, taken out of grace by this transaction."""
    statement = select(RulingRow).where(RulingRow.effective_at <= await tx.now())
    statement = statement.order_by(RulingRow.effective_at).limit(AT_ONCE)
    return (await tx.session.scalars(statement.with_for_update(skip_locked=True))).all()


async def take_effect(tx: Transaction, ruling: RulingRow, *, settings: SubmissionSettings) -> Problem | None:
    """Carry the decision out, unless something has come between; then why not.

    A recusal may: then somebody else decides. Anything else cannot, short of a person at the database.
    """
    by, verdict = _principal(ruling.by), Verdict.read(ruling.verdict)
    await tx.session.execute(delete(RulingRow).where(RulingRow.submission_id == ruling.submission_id))
    try:
        case, by = await deciding.examine(
            tx, ruling.submission_id, ruling.kind, verdict, by=by, settings=settings, settled=True
        )
    except Problem as problem:
        return problem
    today = (await tx.now()).astimezone(ZoneInfo(settings.timezone)).date()
    try:
        ensure_still_impartial(await standing_of(tx.session, by, today=today), case.matter)
    except Forbidden as problem:
        await put_back(tx, case, action="decision_void", now=await tx.now(), reason=_WHY_VOID)
        return problem
    await deciding.carry_out(tx, case, ruling.kind, verdict, by=by, settings=settings)
    return None


async def _keep(
    tx: Transaction,
    made: Mapping[UUID, Principal],
    kind: str,
    verdict: Verdict,
    *,
    settings: SubmissionSettings,
) -> datetime:
    """What each of these is decided by. A second decision within the time of grace replaces the first."""
    now = await tx.now()
    until = now + timedelta(seconds=settings.undo_seconds)
    for submission_id, by in made.items():
        values = {
            "kind": kind, "officer_id": by.officer_id, "by": _plain(by), "verdict": verdict.plain(), "made_at": now,
            "effective_at": until,
        }  # fmt: skip
        statement = insert(RulingRow).values(submission_id=submission_id, **values)
        statement = statement.on_conflict_do_update(index_elements=["submission_id"], set_=values)
        await tx.session.execute(statement)
    return until


def _plain(by: Principal) -> dict[str, Any]:
    return {
        "account_id": str(by.account_id), "session_id": str(by.session_id), "name": by.name,
        "officer_id": str(by.officer_id), "unit_id": str(by.unit_id) if by.unit_id else None, "unit_path": by.unit_path,
        "acts_for": [str(by.acts_for.account_id), by.acts_for.name] if by.acts_for else None,
    }  # fmt: skip


def _principal(kept: dict[str, Any]) -> Principal:
    """Who decided, without the grants of then: what they allow was asked when the decision was made."""
    absent = kept.get("acts_for")
    return Principal(
        account_id=UUID(kept["account_id"]),
        session_id=UUID(kept["session_id"]),
        name=kept["name"],
        officer_id=UUID(kept["officer_id"]),
        unit_id=UUID(kept["unit_id"]) if kept["unit_id"] else None,
        unit_path=kept["unit_path"],
        acts_for=Absent(UUID(absent[0]), absent[1]) if absent else None,
    )
