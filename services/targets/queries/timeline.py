"""The timeline of a target: what was done with it, and the reminders that named it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, keyset
from services.targets.models import HistoryRow, ReminderRow

_COLUMNS = ("id", "at", "actor", "account_id", "officer_id", "action", "reason", "before", "after")


async def timeline_of_target(
    session: AsyncSession, target_id: UUID, page: PageRequest
) -> tuple[list[Any], str | None]:
    """In order of time: ids of steps and of reminders sort by it."""
    steps = select(*(getattr(HistoryRow, name) for name in _COLUMNS)).where(HistoryRow.thing_id == target_id)
    reminders = select(
        ReminderRow.id,
        ReminderRow.sent_at,
        literal("系统", Text),
        literal(UUID(int=0), Uuid),
        ReminderRow.sent_by,
        literal("remind", Text),
        ReminderRow.note,
        literal({}, JSONB),
        func.jsonb_build_object("cause", ReminderRow.cause, "stage", ReminderRow.stage),
    ).where(ReminderRow.target_ids.contains([str(target_id)]))
    both = union_all(steps, reminders).subquery()
    rows = (await session.execute(keyset(select(both), [both.c.id], page))).all()
    return cut(rows, page, lambda row: [row.id])
