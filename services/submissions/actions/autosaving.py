"""Forms saved while they are filled in: cheap, private, and never in the event log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, TooLarge
from kernel.identity import Principal
from services.submissions.models import AutosaveRow

MOST = 50


class AutosaveConflict(Conflict):
    """Carries what is saved, so that the client can show both."""

    code = "autosave-conflict"
    zh = "该表单已在另一处保存到第 {version} 版({saved_at}),请选择保留哪一份"
    en = "This form was saved elsewhere as version {version} at {saved_at}; choose which one to keep"


class TooManyForms(TooLarge):
    code = "too-many-forms"
    zh = "未提交的表单最多保存 {limit} 份,请先提交或删除一些"
    en = "At most {limit} unfinished forms are kept; send or remove some first"


async def autosave(
    tx: Transaction,
    key: str,
    *,
    version: int,
    target_id: UUID | None,
    content: Mapping[str, Any],
    by: Principal,
) -> tuple[int, datetime]:
    """Save over the version that was seen (0: a new form). The new version and when it was saved; AutosaveConflict."""
    now = await tx.now()
    values = {"version": version + 1, "target_id": target_id, "content": dict(content), "saved_at": now}
    statement = insert(AutosaveRow).values(account_id=by.account_id, key=key, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["account_id", "key"], set_=values, where=AutosaveRow.version == version
    )
    saved = (await tx.session.execute(statement.returning(AutosaveRow.version))).scalar_one_or_none()
    if saved is None:
        there = (await tx.session.execute(select(AutosaveRow).where(*_mine(by, key)))).scalar_one()
        raise AutosaveConflict(
            version=there.version, saved_at=there.saved_at.isoformat(), content=there.content
        )
    if version == 0:
        await _ensure_few(tx, by)
    return saved, now


async def forget(tx: Transaction, key: str, *, by: Principal) -> None:
    """Remove a saved form; one that is not there is removed already."""
    await tx.session.execute(delete(AutosaveRow).where(*_mine(by, key)))


async def _ensure_few(tx: Transaction, by: Principal) -> None:
    keys = select(AutosaveRow.key).where(AutosaveRow.account_id == by.account_id).limit(MOST + 1)
    if len((await tx.session.scalars(keys)).all()) > MOST:
        raise TooManyForms(limit=MOST)


def _mine(by: Principal, key: str) -> tuple[Any, ...]:
    return AutosaveRow.account_id == by.account_id, AutosaveRow.key == key
