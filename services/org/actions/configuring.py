"""Parameters, proposed by one administrator and approved by another; words of dictionaries."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from services.org import messages
from services.org.actions.recording import record
from services.org.actions.structuring import refuse_stale
from services.org.domain.parameters import check_value
from services.org.domain.roles import OwnGrant
from services.org.models import ParameterRow, TermRow


class ParameterTwice(Conflict):
    code = "parameter-proposed"
    zh = "该参数在此日期已有待批的变更"
    en = "A change of this parameter for that day waits for approval already"


class ParameterState(Conflict):
    code = "parameter-state"
    zh = "该变更当前状态为 {state},不能如此处理"
    en = "The change is {state}; this cannot be done"


class ParameterPast(Conflict):
    code = "parameter-past"
    zh = "生效日期不能早于今天"
    en = "A parameter does not take effect in the past"


class TermTaken(Conflict):
    code = "term-taken"
    zh = "字典中已有此代码"
    en = "The dictionary has this code already"


async def propose(
    tx: Transaction, *, key: str, value: str, effective_on: date, reason: str, today: date, by: Principal
) -> ParameterRow:
    kept = check_value(key, value)
    if effective_on < today:
        raise ParameterPast
    row = ParameterRow(
        key=key,
        value=kept,
        effective_on=effective_on,
        reason=reason,
        status="proposed",
        proposed_by=by.account_id,
    )
    tx.session.add(row)
    with conflicts({"uq_parameter_proposed": ParameterTwice}):
        await tx.session.flush()
    await record(tx, "parameter", row.id, "proposed", by=by, key=key, value=kept)
    return row


async def decide(tx: Transaction, parameter_id: UUID, to: str, *, today: date, by: Principal) -> ParameterRow:
    """Approved (by another than the proposer, before the day has passed), refused, or withdrawn by the proposer."""
    row = await tx.session.get(ParameterRow, parameter_id, with_for_update=True)
    if row is None or (to == "withdrawn" and row.proposed_by != by.account_id):
        raise NotFound
    if row.status != "proposed":
        raise ParameterState(state=row.status)
    if to == "approved" and row.proposed_by == by.account_id:
        raise OwnGrant
    if to == "approved" and row.effective_on < today:
        raise ParameterPast
    if to == "approved":
        check_value(row.key, row.value)  # there may be another set of parameters since it was proposed
    row.status, row.decided_by, row.decided_at = to, by.account_id, await tx.now()
    if to == "approved":
        await tx.publish(messages.parameter, row)
    await record(tx, "parameter", row.id, to, by=by, key=row.key, value=row.value)
    await tx.session.flush()
    return row


async def add_term(
    tx: Transaction, *, dictionary: str, code: str, zh: str, en: str, position: int, by: Principal
) -> TermRow:
    row = TermRow(dictionary=dictionary, code=code, zh=zh, en=en, position=position)
    tx.session.add(row)
    with conflicts({"uq_term_dictionary_code": TermTaken}):
        await tx.publish(messages.term, row)
    await record(tx, "term", row.id, "added", by=by, dictionary=dictionary, code=code)
    return row


async def change_term(
    tx: Transaction, term_id: UUID, *, version: int, zh: str | None, en: str | None, position: int | None,
    enabled: bool | None, by: Principal,
) -> TermRow:  # fmt: skip
    """Disabled, never deleted: what was said with it stays readable."""
    row = await tx.session.scalar(select(TermRow).where(TermRow.id == term_id).with_for_update())
    if row is None:
        raise NotFound
    refuse_stale(row.version, version)
    wanted = {"zh": zh, "en": en, "position": position, "enabled": enabled}
    changed = {
        name: value for name, value in wanted.items() if value is not None and getattr(row, name) != value
    }
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        await tx.publish(messages.term, row)
        await record(tx, "term", row.id, "changed", by=by, **changed)
    return row
