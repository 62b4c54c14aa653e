"""Writing indicators: freely in a draft, as a new revision with a reason once the scheme is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Invalid
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.drafting import draft_for_change
from services.targets.actions.recording import moved, record, seen
from services.targets.domain.initials import initials
from services.targets.domain.quantity import trimmed
from services.targets.domain.rule_check import checked_rule, ensure_example, exact
from services.targets.domain.scheme import UNBOUND, ensure_not_archived, ensure_version
from services.targets.domain.target import OutsideScope
from services.targets.models import IndicatorRevisionRow, IndicatorRow, SchemeRow
from services.targets.queries.readiness import scope_of
from services.targets.queries.schemes import get_indicator, indicators_of
from services.targets.queries.visibility import schemes_visible_to

FIELDS = (
    "code", "name", "module", "line", "subject_kind", "unit_of_measure", "direction", "evidence", "full_marks", "rule",
    "example", "basis", "clause", "active",
)  # fmt: skip


class IndicatorCodeTaken(Conflict):
    code = "indicator-code-taken"
    zh = "方案中已有此编码的指标"
    en = "The scheme already has an indicator of this code"


class ReasonMissing(Invalid):
    code = "reason-missing"
    zh = "方案已发布,修订指标须说明理由"
    en = "The scheme is published: revising an indicator needs a reason"


class CodeFixed(Conflict):
    code = "code-fixed"
    zh = "方案已发布,指标编码和模块不能再改"
    en = "The scheme is published: the code and module of an indicator cannot be changed"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator says; `example` is {"facts", "points"} or None."""

    code: str
    name: str
    module: str
    line: str
    subject_kind: str
    unit_of_measure: str
    direction: str
    evidence: str
    full_marks: Decimal
    rule: dict[str, Any]
    example: dict[str, Any] | None
    basis: str
    clause: str


async def add_indicator(tx: Transaction, scheme_id: UUID, said: Indicator, *, by: Principal) -> IndicatorRow:
    scheme = await draft_for_change(tx, scheme_id, by=by)
    return (await add_indicators(tx, scheme, [said], by=by, action="indicator_add"))[0]


async def add_indicators(
    tx: Transaction, scheme: SchemeRow, said: Sequence[Indicator], *, by: Principal, action: str
) -> list[IndicatorRow]:
    """Behind those that the scheme has; raises RuleInvalid, ExampleInvalid or IndicatorCodeTaken."""
    position, now = len(await indicators_of(tx.session, scheme.id)), await tx.now()
    rows = list[IndicatorRow]()
    for n, one in enumerate(said):
        rule = checked_rule(one.rule)
        if one.example is not None:
            ensure_example(rule, one.example)
        fields = {name: getattr(one, name) for name in Indicator.__slots__}
        fields |= {"rule": rule, "example": exact(one.example)}
        rows.append(
            IndicatorRow(
                id=new_id(),
                scheme_id=scheme.id,
                revision=1,
                active=True,
                position=position + n + 1,
                initials=initials(one.name),
                **fields,
            )
        )
    tx.session.add_all(rows)
    with conflicts({"uq_indicator_scheme_id_code": IndicatorCodeTaken}):
        await tx.publish_many(messages.indicator, rows)
    record(
        tx,
        scheme,
        by=by,
        action=action,
        now=now,
        before=seen(scheme),
        more={"indicators": [row.code for row in rows]},
    )
    return rows


async def change_indicator(
    tx: Transaction,
    indicator_id: UUID,
    changes: dict[str, Any],
    *,
    version: int | None,
    reason: str | None,
    by: Principal,
) -> IndicatorRow:
    """`changes` are fields of `FIELDS`. What was said before is kept as a revision."""
    row, scheme = await get_indicator(tx.session, indicator_id, where=schemes_visible_to(by), locked=True)
    if not by.covers("targets:scheme", (await scope_of(tx.session, scheme.scope_unit_id)).path):
        raise OutsideScope
    ensure_not_archived(scheme.status)
    ensure_version(row.version, version)
    published = scheme.status not in UNBOUND
    if published and any(
        name in changes and changes[name] != getattr(row, name) for name in ("code", "module")
    ):
        raise CodeFixed
    if published and not reason:
        raise ReasonMissing
    for name, value in changes.items():
        setattr(row, name, value)
    row.rule = checked_rule(row.rule)
    row.example = exact(row.example)
    if row.example is not None:
        ensure_example(row.rule, row.example)
    row.initials = initials(row.name)
    if not moved(tx, [row]):
        return row
    now = await tx.now()
    if published:
        row.revision += 1
        tx.session.add(revision_of(row, by=by, now=now, reason=reason or ""))
    with conflicts({"uq_indicator_scheme_id_code": IndicatorCodeTaken}):
        await tx.publish(messages.indicator, row)
    record(
        tx,
        scheme,
        by=by,
        action="indicator_revise" if published else "indicator_change",
        now=now,
        before=seen(scheme),
        reason=reason,
        more={"indicator": row.code, "revision": row.revision},
    )
    return row


def revision_of(row: IndicatorRow, *, by: Principal, now: datetime, reason: str) -> IndicatorRevisionRow:
    """What the indicator says now, to be kept for ever."""
    state = {name: getattr(row, name) for name in FIELDS} | {"full_marks": str(trimmed(row.full_marks))}
    return IndicatorRevisionRow(
        id=new_id(),
        indicator_id=row.id,
        revision=row.revision,
        at=now,
        account_id=by.account_id,
        actor=by.name,
        reason=reason,
        state=state,
    )
