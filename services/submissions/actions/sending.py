"""Everything in one request: for forms filled in offline, and for queues that try again until they are answered."""

from uuid import UUID

from sqlalchemy import select, true

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict
from kernel.identity import Principal
from services.submissions.actions.drafting import Corrections, Work, correct, made_before, write_new
from services.submissions.actions.proving import reuse_evidence
from services.submissions.actions.submitting import Sent, send_case
from services.submissions.domain.submission import EDITABLE
from services.submissions.models import ArrivalRow, SubmissionRow
from services.submissions.queries.cases import get_case, lock_case
from services.submissions.settings import SubmissionSettings


class ClientKeyTaken(Conflict):
    code = "client-key-taken"
    zh = "该表单已作为 {number} 提交,内容与本次不同;如需更正,请先撤回再修改"
    en = "This form was sent before as {number} with other content; recall that one to correct it"


async def send(
    tx: Transaction, work: Work, *, by: Principal, settings: SubmissionSettings
) -> tuple[Sent, bool]:
    """Write down and send. With a key whose work has arrived before: that work, its receipt, and False.

    The key is the form's, made when it was opened; it holds across restarts of the client and new sign-ins. A draft that
    was made under the key takes over what is sent now.
    """
    if work.client_key is None:
        raise ValueError("a form that is sent at once has a key")
    earlier = await made_before(tx, work, by=by)
    if earlier is None:
        case = await write_new(tx, work, by=by, settings=settings)
        return await send_case(tx, case, by=by, settings=settings), True
    case = await lock_case(tx.session, earlier, where=true())
    if case.row.status in EDITABLE:
        await _take_over(tx, earlier, work, by=by, settings=settings)
        case = await get_case(tx.session, earlier, where=true())
        return await send_case(tx, case, by=by, settings=settings), True
    if not _same(case.row, work):
        raise ClientKeyTaken(number=case.row.number)
    return Sent(case, await latest_receipt(tx, earlier) or ""), False


async def latest_receipt(tx: Transaction, submission_id: UUID) -> str | None:
    statement = select(ArrivalRow.note).where(ArrivalRow.submission_id == submission_id)
    return await tx.session.scalar(statement.order_by(ArrivalRow.version.desc()).limit(1))


async def _take_over(
    tx: Transaction, submission_id: UUID, work: Work, *, by: Principal, settings: SubmissionSettings
) -> None:
    changes = Corrections(None, work.event_date, work.quantity, work.summary, work.case_number or "")
    await correct(tx, submission_id, changes, by=by, settings=settings)
    if work.files:
        await reuse_evidence(tx, submission_id, work.files, by=by, settings=settings)


def _same(row: SubmissionRow, work: Work) -> bool:
    has = {file["sha256"] for file in row.evidence}
    return (
        row.target_id == work.target_id
        and row.event_date == work.event_date
        and row.quantity == work.quantity
        and row.summary == work.summary
        and row.case_number == work.case_number
        and set(work.files) <= has
    )
