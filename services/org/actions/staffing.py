"""Officers and where they serve."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from kernel.pinyin import initials
from services.org import messages
from services.org.actions.recording import record
from services.org.actions.structuring import SeriesMissing, refuse_stale
from services.org.domain.postings import (
    MainMissing,
    PostingClashes,
    PrimaryTwice,
    check_dates,
    check_primary,
    overlap,
    rivals,
)
from services.org.models import OfficerRow, PostingRow
from services.org.queries import people, structure


class PoliceNumberTaken(Conflict):
    code = "police-number-taken"
    zh = "警号 {police_number} 已存在"
    en = "The police number {police_number} exists already"


@dataclass(frozen=True, slots=True)
class NewPosting:
    officer_id: UUID
    unit_id: UUID
    post: str
    kind: str
    role_coefficient: Decimal
    is_primary: bool
    valid_from: date
    valid_to: date | None


async def create_officer(
    tx: Transaction,
    *,
    police_number: str,
    name: str,
    category: str,
    status: str,
    series_id: UUID | None,
    by: Principal,
) -> OfficerRow:
    row = OfficerRow(
        police_number=police_number,
        name=name,
        initials=initials(name),
        category=category,
        status=status,
        series_id=series_id,
    )
    tx.session.add(row)
    taken = {"uq_officer_police_number": lambda: PoliceNumberTaken(police_number=police_number)}
    with conflicts({**taken, "fk_officer_series_id": SeriesMissing}):
        await tx.publish(messages.officer, row)
    await record(tx, "officer", row.id, "created", by=by)
    return row


async def change_officer(
    tx: Transaction, officer_id: UUID, *, version: int, name: str | None, category: str | None, status: str | None,
    series_id: UUID | None, by: Principal,
) -> OfficerRow:  # fmt: skip
    row = await people.officer(tx.session, officer_id, lock=True)
    refuse_stale(row.version, version)
    wanted = {"name": name, "category": category, "status": status, "series_id": series_id}
    changed = {
        key: value for key, value in wanted.items() if value is not None and getattr(row, key) != value
    }
    if not changed:
        return row
    before = {key: getattr(row, key) for key in changed}
    for key, value in changed.items():
        setattr(row, key, value)
    row.initials = initials(row.name)
    with conflicts({"fk_officer_series_id": SeriesMissing}):
        await tx.publish(messages.officer, row)
    await record(tx, "officer", row.id, "changed", by=by, before=before, after=changed)
    return row


async def post(tx: Transaction, wish: NewPosting, *, by: Principal) -> PostingRow:
    """The officer's row is the lock under which primary postings are kept from overlapping."""
    check_dates(wish.valid_from, wish.valid_to)
    check_primary(wish.kind, primary=wish.is_primary)
    await people.officer(tx.session, wish.officer_id, lock=True)
    await structure.unit(tx.session, wish.unit_id)
    held = await people.postings(tx.session, wish.officer_id)
    main = [(p.valid_from, p.valid_to) for p in held if p.is_primary]
    if wish.is_primary and overlap(wish.valid_from, wish.valid_to, main):
        raise PrimaryTwice
    if not wish.is_primary and not overlap(wish.valid_from, wish.valid_from, main):
        raise MainMissing
    like_it = [(p.valid_from, p.valid_to) for p in held if p.kind in rivals(wish.kind)]
    if overlap(wish.valid_from, wish.valid_to, like_it):
        raise PostingClashes
    row = PostingRow(
        officer_id=wish.officer_id,
        unit_id=wish.unit_id,
        post=wish.post,
        kind=wish.kind,
        role_coefficient=wish.role_coefficient,
        is_primary=wish.is_primary,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
    )
    tx.session.add(row)
    await tx.publish(messages.posting, row)
    await record(tx, "posting", row.id, "created", by=by, unit_id=row.unit_id, post=row.post)
    return row


async def end_posting(tx: Transaction, posting_id: UUID, *, on: date, by: Principal) -> PostingRow:
    """`on` is the last day."""
    row = await tx.session.get(PostingRow, posting_id, with_for_update=True)
    if row is None or row.deleted:
        raise NotFound
    check_dates(row.valid_from, on)
    row.valid_to = on
    await tx.publish(messages.posting, row)
    await record(tx, "posting", row.id, "ended", by=by, on=on)
    return row
