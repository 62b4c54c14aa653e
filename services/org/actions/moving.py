"""Several officers go to another unit on one day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict
from kernel.identity import Principal
from services.org.actions.recording import record
from services.org.actions.reorganising import transfer_all
from services.org.domain.reorganisation import check_open
from services.org.models import PostingRow
from services.org.queries import structure


class NoMainPosting(Conflict):
    code = "posting-main-missing"
    zh = "{count} 人在此日期没有主要任职,不能调动"
    en = "{count} people have no main posting on that day and cannot be transferred"


async def transfer(
    tx: Transaction, officer_ids: Sequence[UUID], unit_id: UUID, *, on: date, post: str | None, by: Principal
) -> list[PostingRow]:
    """Main postings end on the eve and go on in the unit; all or none."""
    unit = await structure.unit(tx.session, unit_id)
    check_open(closed=unit.deleted or (unit.valid_to is not None and unit.valid_to < on))
    wanted = set(officer_ids)
    query = select(PostingRow).where(
        PostingRow.officer_id.in_(wanted),
        PostingRow.is_primary,
        PostingRow.deleted.is_(False),
        PostingRow.valid_from <= on,
        or_(PostingRow.valid_to.is_(None), PostingRow.valid_to >= on),
    )
    postings = (await tx.session.scalars(query.order_by(PostingRow.officer_id).with_for_update())).all()
    if missing := wanted - {posting.officer_id for posting in postings}:
        raise NoMainPosting(count=len(missing))
    moved = await transfer_all(tx, [p for p in postings if p.unit_id != unit_id], unit_id, on)
    if post is not None:
        for posting in moved:
            posting.post = post
        await tx.session.flush()
    for posting in moved:
        await record(tx, "posting", posting.id, "transferred", by=by, unit_id=unit_id, on=on)
    return moved
