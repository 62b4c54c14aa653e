"""What waits for the jobs of this service."""

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.scoring.models import PlanDueRow, RescoreDueRow, RollUpDueRow
from services.scoring.queries import shortfalls


async def due(session: AsyncSession) -> int:
    """How many roll-ups, changes under a plan or a revised rule, and periods whose shortfalls are to be posted."""
    rows = [
        select(func.count()).select_from(row).scalar_subquery()
        for row in (RollUpDueRow, PlanDueRow, RescoreDueRow)
    ]
    waiting = (*rows, shortfalls.in_closing().scalar_subquery())
    return int(await session.scalar(select(sum(waiting, literal(0)))) or 0)
