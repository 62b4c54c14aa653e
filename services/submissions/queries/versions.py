"""Every version that a submission ever had, put together from its timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.models import HistoryRow


@dataclass(frozen=True, slots=True)
class VersionOf:
    """`content`: the watched fields as they stood from this version on; evidence as hashes."""

    version: int
    at: datetime
    actor: str
    action: str
    content: Mapping[str, Any]


async def versions_of(session: AsyncSession, submission_id: UUID) -> list[VersionOf]:
    """Oldest first. Steps from before versions were written down, and those of appeals, are not among them."""
    statement = select(HistoryRow).where(
        HistoryRow.submission_id == submission_id, HistoryRow.appeal_id.is_(None)
    )
    content: dict[str, Any] = {}
    found = []
    for row in (await session.scalars(statement.order_by(HistoryRow.id))).all():
        content = content | row.after
        if row.version is not None:
            found.append(VersionOf(row.version, row.at, row.actor, row.action, content))
    return found
