"""Which unit assesses whom, and which is competent for a business line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from services.org import messages
from services.org.actions.recording import record
from services.org.domain.postings import check_dates
from services.org.domain.structure import UnitMissing
from services.org.models import AssessmentOfficeRow, LineAuthorityRow

Row = TypeVar("Row", AssessmentOfficeRow, LineAuthorityRow)


class AuthorityTwice(Conflict):
    code = "line-authority-twice"
    zh = "该范围内此业务条线已有归口单位"
    en = "This business line has a competent unit in this scope already"


@dataclass(frozen=True, slots=True)
class NewAuthority:
    scope_unit_id: UUID
    line: str
    unit_id: UUID
    valid_from: date
    valid_to: date | None


async def add_office(
    tx: Transaction, *, unit_id: UUID, scope_unit_id: UUID, covers: tuple[str, ...], valid_from: date,
    valid_to: date | None, by: Principal,
) -> AssessmentOfficeRow:  # fmt: skip
    check_dates(valid_from, valid_to)
    row = AssessmentOfficeRow(
        unit_id=unit_id,
        scope_unit_id=scope_unit_id,
        covers=list(covers),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    tx.session.add(row)
    with conflicts({f"fk_assessment_office_{c}": UnitMissing for c in ("unit_id", "scope_unit_id")}):
        await tx.publish(messages.assessment_office, row)
    await record(tx, "assessment-office", row.id, "created", by=by, unit_id=unit_id)
    return row


async def add_authorities(
    tx: Transaction, wishes: Sequence[NewAuthority], *, by: Principal
) -> list[LineAuthorityRow]:
    rows = []
    for wish in wishes:
        check_dates(wish.valid_from, wish.valid_to)
        rows.append(
            LineAuthorityRow(
                scope_unit_id=wish.scope_unit_id,
                line=wish.line,
                unit_id=wish.unit_id,
                valid_from=wish.valid_from,
                valid_to=wish.valid_to,
            )
        )
    tx.session.add_all(rows)
    refusals = {
        "uq_line_authority_open": AuthorityTwice,
        "fk_line_authority_unit_id": UnitMissing,
        "fk_line_authority_scope_unit_id": UnitMissing,
    }
    with conflicts(refusals):
        await tx.publish_many(messages.line_authority, rows)
    for row in rows:
        await record(tx, "line-authority", row.id, "created", by=by, line=row.line, unit_id=row.unit_id)
    return rows


async def end_office(tx: Transaction, row_id: UUID, *, on: date, by: Principal) -> AssessmentOfficeRow:
    row = await _end(tx, AssessmentOfficeRow, row_id, on)
    await tx.publish(messages.assessment_office, row)
    await record(tx, "assessment-office", row.id, "ended", by=by, on=on)
    return row


async def end_authority(tx: Transaction, row_id: UUID, *, on: date, by: Principal) -> LineAuthorityRow:
    row = await _end(tx, LineAuthorityRow, row_id, on)
    await tx.publish(messages.line_authority, row)
    await record(tx, "line-authority", row.id, "ended", by=by, on=on)
    return row


async def _end(tx: Transaction, kind: type[Row], row_id: UUID, on: date) -> Row:
    row = await tx.session.get(kind, row_id, with_for_update=True)
    if row is None or row.deleted:
        raise NotFound
    check_dates(row.valid_from, on)
    row.valid_to = on
    return row
