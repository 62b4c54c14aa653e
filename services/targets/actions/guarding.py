"""Keeping the list of indicators that must not be used, and signing exceptions from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets.actions.recording import record, seen
from services.targets.domain.guard import checked_words, shipped
from services.targets.domain.scheme import ensure_not_archived, ensure_version
from services.targets.models import GuardExceptionRow, GuardRow
from services.targets.queries import org
from services.targets.queries.guarding import guarded
from services.targets.queries.readiness import scope_of
from services.targets.queries.schemes import get_scheme
from services.targets.queries.visibility import schemes_visible_to


class NotLegalUnit(Forbidden):
    code = "not-legal-unit"
    zh = "只有方案范围内归口“{line}”的法制部门可以签署例外"
    en = "Only the unit that is the authority for “{line}” in the scheme's scope signs exceptions"


class NothingGuarded(Conflict):
    code = "nothing-guarded"
    zh = "该指标没有被此条拦下,或已签署例外"
    en = "The indicator is not stopped by this entry, or an exception is signed already"


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    words: Sequence[Sequence[str]]
    ground: str
    active: bool


async def keep_guard(
    tx: Transaction, guard_id: UUID | None, entry: Entry, *, version: int | None, by: Principal
) -> GuardRow:
    """A new entry of the list, or a changed one; raises GuardInvalid."""
    before: dict[str, Any] = {}
    if guard_id is None:
        row = GuardRow(id=new_id())
        tx.session.add(row)
    else:
        found = await tx.session.get(GuardRow, guard_id, with_for_update=True)
        if found is None:
            raise NotFound
        row, before = found, seen(found)
        ensure_version(row.version, version)
    row.title, row.words = entry.title, checked_words(entry.words)
    row.ground, row.active = entry.ground, entry.active
    await tx.session.flush()
    record(tx, row, by=by, action="change" if guard_id else "add", now=await tx.now(), before=before)
    return row


async def begin_list(tx: Transaction) -> None:
    """The list that ships with the program, on a platform that has none."""
    await tx.lock("guards")
    if await tx.session.scalar(select(func.count()).select_from(GuardRow)):
        return
    tx.session.add_all(GuardRow(id=new_id(), active=True, **entry) for entry in shipped())
    await tx.session.flush()


async def sign_exception(
    tx: Transaction,
    scheme_id: UUID,
    *,
    indicator_id: UUID,
    guard_id: UUID,
    reason: str,
    line: str,
    today: date,
    by: Principal,
) -> GuardExceptionRow:
    """By the legal unit of the scheme's scope; printed with the scheme."""
    scheme = await get_scheme(tx.session, scheme_id, where=schemes_visible_to(by))
    ensure_not_archived(scheme.status)
    scope = await scope_of(tx.session, scheme.scope_unit_id)
    legal = await org.authorities_for(tx.session, scope.path, line, today)
    if not any(by.unit_id == unit.id or by.covers("targets:sign_exception", unit.path) for unit in legal):
        raise NotLegalUnit(line=line)
    open_matches, _ = await guarded(tx.session, scheme.id)
    match = next((m for m in open_matches if (m.indicator.id, m.guard.id) == (indicator_id, guard_id)), None)
    if match is None:
        raise NothingGuarded
    now = await tx.now()
    row = GuardExceptionRow(
        id=new_id(),
        scheme_id=scheme.id,
        indicator_id=indicator_id,
        guard_id=guard_id,
        indicator_name=match.indicator.name,
        reason=reason,
        account_id=by.account_id,
        officer_id=by.officer_id,
        unit_id=by.unit_id,
        actor=by.name,
        at=now,
    )
    tx.session.add(row)
    await tx.session.flush()
    more = {"indicator": match.indicator.code, "guard": match.guard.title}
    record(
        tx, scheme, by=by, action="guard_exception", now=now, before=seen(scheme), reason=reason, more=more
    )
    return row
