"""Drafting, publishing and archiving schemes."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.recording import moved, record, seen
from services.targets.domain.scheme import (
    SchemeState,
    SumCheck,
    ensure_draft,
    ensure_modules,
    ensure_roll_up,
    ensure_version,
)
from services.targets.domain.target import OutsideScope
from services.targets.models import SchemeRow
from services.targets.queries.readiness import scope_of
from services.targets.queries.schemes import get_scheme
from services.targets.queries.visibility import schemes_visible_to


class SchemeCodeTaken(Conflict):
    code = "scheme-code-taken"
    zh = "该范围内已有此编码的方案"
    en = "The scope already has a scheme of this code"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a scheme says besides its calendar and indicators; `modules` and `roll_up` as JSON, decimals as text."""

    name: str
    year: int
    modules: list[dict[str, Any]]
    module_combination: str
    total_decimals: int
    roll_up: dict[str, Any]
    bonus_cap: Decimal | None
    deduction_cap: Decimal | None
    second_signature_above: Decimal | None
    split_check: SumCheck


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    start_day: int
    year_start: tuple[int, int]
    cutoff_day: int
    cutoff_time: time
    review_days: int
    appeal_working_days: int
    review_unit: str = "calendar_days"
    rest_day: str = "stays"


def _ensure_consistent(draft: Draft) -> None:
    ensure_roll_up(Decimal(draft.roll_up["own_weight"]), Decimal(draft.roll_up["members_weight"]))
    ensure_modules([(m["code"], _number(m["cap"]), _number(m["floor"])) for m in draft.modules])


async def create_scheme(
    tx: Transaction, draft: Draft, *, code: str, scope_unit_id: UUID, by: Principal
) -> SchemeRow:
    scope = await scope_of(tx.session, scope_unit_id)
    if not by.covers("targets:scheme", scope.path):
        raise OutsideScope
    _ensure_consistent(draft)
    row = SchemeRow(
        id=new_id(),
        code=code,
        scope_unit_id=scope_unit_id,
        status=SchemeState.DRAFT.value,
        revision=1,
        **_fields(draft),
    )
    tx.session.add(row)
    with conflicts({"uq_scheme_scope_unit_id_code": SchemeCodeTaken}):
        await tx.publish(messages.scheme, row)
    record(tx, row, by=by, action="draft", now=await tx.now(), before={})
    return row


async def change_scheme(
    tx: Transaction, scheme_id: UUID, changes: dict[str, Any], *, version: int, by: Principal
) -> SchemeRow:
    """Change a draft; `changes` are fields of `Draft`."""
    row = await draft_for_change(tx, scheme_id, by=by)
    ensure_version(row.version, version)
    before = seen(row)
    for name, value in changes.items():
        setattr(row, name, value)
    _ensure_consistent(_draft_of(row))
    await tx.publish_many(messages.scheme, moved(tx, [row]))
    record(tx, row, by=by, action="change", now=await tx.now(), before=before)
    return row


async def scheme_for_change(tx: Transaction, scheme_id: UUID, *, by: Principal) -> SchemeRow:
    """The scheme, locked, if the principal drafts schemes in its scope; raises NotFound or OutsideScope."""
    row = await get_scheme(tx.session, scheme_id, where=schemes_visible_to(by), locked=True)
    scope = await scope_of(tx.session, row.scope_unit_id)
    if not by.covers("targets:scheme", scope.path):
        raise OutsideScope
    return row


async def draft_for_change(tx: Transaction, scheme_id: UUID, *, by: Principal) -> SchemeRow:
    row = await scheme_for_change(tx, scheme_id, by=by)
    ensure_draft(row.status)
    return row


def _fields(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in Draft.__slots__} | {"split_check": draft.split_check.value}


def _draft_of(row: SchemeRow) -> Draft:
    fields = {name: getattr(row, name) for name in Draft.__slots__ if name != "split_check"}
    return Draft(**fields, split_check=SumCheck(row.split_check))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
