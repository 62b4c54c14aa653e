"""Like work of a clause that was wrong: looked at again by its reviewers, or left with a reason."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from services.submissions.actions.rerouting import put_back
from services.submissions.domain.deadlines import ensure_not_sealed
from services.submissions.domain.impartiality import ensure_may_review
from services.submissions.domain.submission import State, move
from services.submissions.models import RecheckRow
from services.submissions.queries.cases import Case, lock_case
from services.submissions.queries.people import judge_of
from services.submissions.queries.visibility import visible_to
from services.submissions.settings import SubmissionSettings


class RecheckNotFound(NotFound):
    code = "recheck-not-found"
    zh = "没有这个复查件"
    en = "There is no such recheck"


class RecheckSettled(Conflict):
    code = "recheck-settled"
    zh = "该复查件已处理"
    en = "This recheck has been settled"


async def recheck(
    tx: Transaction,
    recheck_id: UUID,
    *,
    again: bool,
    reason: str,
    by: Principal,
    settings: SubmissionSettings,
) -> tuple[RecheckRow, Case]:
    """Back into review, however long ago it was decided (`again`), or left as it is; the reason stays with it."""
    found = await tx.session.get(RecheckRow, recheck_id)
    if found is None:
        raise RecheckNotFound
    case = await lock_case(tx.session, found.submission_id, where=visible_to(by))
    statement = select(RecheckRow).where(RecheckRow.id == recheck_id).with_for_update()
    row = (await tx.session.scalars(statement.execution_options(populate_existing=True))).one()
    if row.state not in {"open", "sealed"}:
        raise RecheckSettled
    now = await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    by = by.standing_in_for(ensure_may_review(judge, case.matter))
    if again:
        ensure_not_sealed(case.period_facts)
        state = move(State(case.row.status), State.IN_REVIEW)
        case = await put_back(tx, case, state, reason=reason, by=by, settings=settings, action="recheck")
    else:
        tx.act("recheck_kept", "recheck", row.id, by=by, reason=reason, at=now)
    row.state, row.settled_by, row.settled_at, row.reason = (
        "reopened" if again else "kept",
        by.officer_id,
        now,
        reason,
    )
    return row, case
