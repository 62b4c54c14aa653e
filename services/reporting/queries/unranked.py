"""Who belongs to a series and stands on no board, and why: without a figure is not zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.domain.figures import Member
from services.reporting.queries.boards import Board
from services.reporting.replicas import PostingReplica

_AWAY = ("leave", "training")
_SERVING = ("in_service", "probation")


class Why(StrEnum):
    """`leave`, `training`: away for the whole stretch, and so exempt; `no_figure`: nothing was decided for them."""

    LEAVE = "leave"
    TRAINING = "training"
    NO_FIGURE = "no_figure"

    @property
    def exempt(self) -> bool:
        return self is not Why.NO_FIGURE


@dataclass(frozen=True, slots=True)
class Unranked:
    member: Member
    why: Why


async def unranked(session: AsyncSession, board: Board) -> list[Unranked]:
    """In the order of their codes."""
    first, last = board.stretch.months[0].starts_on, board.stretch.period.ends_on
    left = [
        member for member in board.ordered.without if _there(board.choice.subject_kind, member, first, last)
    ]
    away: Mapping[UUID, str] = {}
    if board.choice.subject_kind == "officer" and left:
        away = await absent(session, first, last)
    return [
        Unranked(member, Why(away.get(member.id, Why.NO_FIGURE)))
        for member in sorted(left, key=lambda member: member.code)
    ]


def _there(kind: str, member: Member, first: date, last: date) -> bool:
    if kind == "officer":
        return member.status in _SERVING or not member.status
    if member.level == 1 or member.valid_from is None:
        return False
    return member.valid_from <= last and (member.valid_to is None or member.valid_to >= first)


async def absent(session: AsyncSession, first: date, last: date) -> dict[UUID, str]:
    """Officers on leave or in training on every day from first to last."""
    query = select(PostingReplica.officer_id, func.min(PostingReplica.kind)).where(
        PostingReplica.kind.in_(_AWAY),
        PostingReplica.deleted.is_(False),
        PostingReplica.valid_from <= first,
        (PostingReplica.valid_to.is_(None)) | (PostingReplica.valid_to >= last),
    )
    return {row[0]: row[1] for row in await session.execute(query.group_by(PostingReplica.officer_id))}
