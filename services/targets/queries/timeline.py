"""The timeline of a target: what was done with it, and the reminders that named it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, Text, Uuid, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.audit.reading import StepNotFound
from kernel.db.paging import PageRequest, cut, keyset
from services.targets.models import HistoryRow, ReminderRow

_COLUMNS = ("id", "at", "actor", "account_id", "officer_id", "action", "reason", "before", "after")


async def timeline_of_target(
    session: AsyncSession, target_id: UUID, page: PageRequest
) -> tuple[list[Any], str | None]:
    """In order of time: ids of steps and of reminders sort by it."""
    both = _steps(target_id)
    rows = (await session.execute(keyset(select(both), [both.c.id], page))).all()
    return cut(rows, page, lambda row: [row.id])


async def step_of_target(session: AsyncSession, target_id: UUID, step_id: UUID) -> Any:
    """Raises StepNotFound."""
    both = _steps(target_id)
    row = (await session.execute(select(both).where(both.c.id == step_id))).first()
    if row is None:
        raise StepNotFound
    return row


def _steps(target_id: UUID) -> Subquery:
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
    return union_all(steps, reminders).subquery()
