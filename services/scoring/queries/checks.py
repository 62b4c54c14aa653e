"""Outcomes of checks, and the files of periods that are being closed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from kernel.db.patience import take_time
from services.scoring.domain.checks import FileState
from services.scoring.domain.closing import ClosingState
from services.scoring.models import CheckRunRow, ClosingFileRow, ClosingRow
from services.scoring.queries import told

# The files of the last state of each submission of a period; what is known of a file already stays.
_LIST = text(
    f"""
    INSERT INTO closing_file (period_id, sha256, state)
    SELECT DISTINCT CAST(:period AS uuid), f->>'sha256', 'waiting'
    FROM ({told.sources().work}) AS w, json_array_elements(coalesce(w.evidence, '[]')) AS f
    WHERE w.period_id = :period
    ON CONFLICT (period_id, sha256) DO NOTHING
    """  # noqa: S608 -- constants
)
# Of what `told.read` has read: what is about to be sealed.
_UNSOUND = text(
    """
    SELECT count(DISTINCT f.sha256) FROM pg_temp.told_work w CROSS JOIN unnest(w.files) AS f(sha256)
    WHERE NOT EXISTS (SELECT FROM closing_file c
      WHERE c.period_id = :period AND c.sha256 = f.sha256 AND c.state = 'sound' AND c.checked_at >= :since)
    """
)


async def latest_runs(session: AsyncSession) -> Sequence[CheckRunRow]:
    """The last outcome of each check, by name."""
    query = (
        select(CheckRunRow)
        .ext(distinct_on(CheckRunRow.name))
        .order_by(CheckRunRow.name, CheckRunRow.id.desc())
    )
    return (await session.scalars(query)).all()


async def runs(
    session: AsyncSession, page: PageRequest, name: str | None
) -> tuple[list[CheckRunRow], str | None]:
    """The latest first."""
    query = select(CheckRunRow)
    if name is not None:
        query = query.where(CheckRunRow.name == name)
    return await fetch_page(session, query, [CheckRunRow.id], page, key=lambda row: [row.id], descending=True)


async def being_closed(session: AsyncSession) -> Sequence[ClosingRow]:
    under_way = ClosingRow.status.in_([ClosingState.CHECKING, ClosingState.PUBLIC])
    return (await session.scalars(select(ClosingRow).where(under_way).order_by(ClosingRow.id))).all()


async def list_files(session: AsyncSession, period_id: UUID) -> None:
    """Write down which files the period has, from the events."""
    await take_time(session)
    await session.execute(_LIST, {"period": period_id})


async def files_due(
    session: AsyncSession, period_id: UUID, since: datetime, again_before: datetime, count: int
) -> Sequence[ClosingFileRow]:
    """Locked: files that were not looked at `since`, and such as were not sound and may have been mended."""
    unsound = (ClosingFileRow.state != FileState.SOUND) & (ClosingFileRow.checked_at < again_before)
    query = select(ClosingFileRow).where(
        ClosingFileRow.period_id == period_id,
        or_(ClosingFileRow.checked_at.is_(None), ClosingFileRow.checked_at < since, unsound),
    )
    query = query.order_by(ClosingFileRow.sha256).limit(count)
    return (await session.scalars(query)).all()


async def unsound(session: AsyncSession, period_id: UUID, since: datetime) -> int:
    """Listed files that were not found sound since then."""
    query = select(func.count()).where(
        ClosingFileRow.period_id == period_id,
        or_(
            ClosingFileRow.state != FileState.SOUND,
            ClosingFileRow.checked_at < since,
        ),
    )
    return int(await session.scalar(query) or 0)


async def unsound_of_the_seal(session: AsyncSession, period_id: UUID, since: datetime) -> int:
    """Of the very files that are being sealed, listed or not. After `told.read`, in its transaction."""
    return int(await session.scalar(_UNSOUND, {"period": period_id, "since": since}) or 0)


async def files(
    session: AsyncSession, page: PageRequest, period_id: UUID, state: FileState | None
) -> tuple[list[ClosingFileRow], str | None]:
    query = select(ClosingFileRow).where(ClosingFileRow.period_id == period_id)
    if state is not None:
        query = query.where(ClosingFileRow.state == state)
    return await fetch_page(session, query, [ClosingFileRow.sha256], page, key=lambda row: [row.sha256])
