"""What one person does with his own to-dos and messages: put off, read, mute. His own affair, kept through a rebuild."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from kernel.delivery.transaction import Transaction
from kernel.errors import Invalid
from kernel.identity import Principal
from services.reporting.domain.todos import OBLIGATORY, News
from services.reporting.models import InboxRow, MessageMarkRow, TodoMarkRow
from services.reporting.queries import waiting

LONGEST_SNOOZE = timedelta(days=31)


class SnoozeTooLong(Invalid):
    code = "snooze-out-of-range"
    zh = "延后时间应在现在之后、{latest} 之前"
    en = "A to-do can be put off to a moment from now to {latest}"


class KindObligatory(Invalid):
    code = "message-kind-obligatory"
    zh = "退回、不予计分、复议结果和公示的通知不能屏蔽"
    en = "Returns, refusals, outcomes of appeals and public notices cannot be muted"


async def snooze(tx: Transaction, ids: list[UUID], *, until: datetime, today: date, by: Principal) -> int:
    """How many were put off: those that are open and one's own. They come back by themselves."""
    now = await tx.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise SnoozeTooLong(latest=(now + LONGEST_SNOOZE).isoformat())
    mine = await waiting.visible_ids(tx.session, by, ids, today)
    if mine:
        rows = [{"account_id": by.account_id, "todo_id": key, "snoozed_until": until} for key in mine]
        statement = insert(TodoMarkRow).values(rows)
        await tx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["account_id", "todo_id"],
                set_={"snoozed_until": statement.excluded.snoozed_until},
            )
        )
    return len(mine)


async def read(tx: Transaction, ids: list[UUID], *, by: Principal) -> None:
    """Marks on what does not concern the reader are without effect: nobody is shown them."""
    now = await tx.now()
    if ids:
        rows = [{"account_id": by.account_id, "message_id": key, "read_at": now} for key in ids]
        await tx.session.execute(insert(MessageMarkRow).values(rows).on_conflict_do_nothing())


async def read_all(tx: Transaction, *, by: Principal) -> None:
    row = await _inbox(tx, by)
    row.read_to = await tx.now()


async def mute(tx: Transaction, kinds: set[News], *, by: Principal) -> InboxRow:
    if kinds & OBLIGATORY:
        raise KindObligatory
    row = await _inbox(tx, by)
    row.muted = sorted(kinds)
    return row


async def _inbox(tx: Transaction, by: Principal) -> InboxRow:
    row = await tx.session.get(InboxRow, by.account_id, with_for_update=True)
    if row is None:
        row = InboxRow(account_id=by.account_id, read_to=None, muted=[])
        tx.session.add(row)
    return row
