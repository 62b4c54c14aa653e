"""Zero drive and red line: who has nothing, why, who is exempt; who stands below the line, and what is owed for it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.queries.boards import Board
from services.reporting.queries.unranked import absent
from services.reporting.replicas import PeriodReplica, SupervisionNoteReplica


class Reason(StrEnum):
    """Why nothing counts. `waiting` is not zero: it was sent and is not decided yet."""

    NOT_SUBMITTED = "not_submitted"
    REJECTED = "rejected"
    WAITING = "waiting"
    NOT_APPLICABLE = "not_applicable"
    LEAVE = "leave"
    TRAINING = "training"

    @property
    def zero(self) -> bool:
        return self in {Reason.NOT_SUBMITTED, Reason.REJECTED}

    @property
    def exempt(self) -> bool:
        return self in {Reason.NOT_APPLICABLE, Reason.LEAVE, Reason.TRAINING}


@dataclass(frozen=True, slots=True)
class Nothing:
    """Somebody for whom nothing was accepted of what was sent in the window."""

    officer_id: UUID
    code: str
    name: str
    unit_id: UUID
    unit_name: str
    unit_path: str
    targets: int
    sent: int
    reason: Reason


# Officers by their primary posting at the end of the period, with what they sent between two moments.
_WORK = text(
    """
    SELECT o.id, o.police_number, o.name, u.id AS unit_id, u.name AS unit_name, u.path,
           coalesce(t.n, 0) AS targets, coalesce(s.sent, 0) AS sent, coalesce(s.accepted, 0) AS accepted,
           coalesce(s.waiting, 0) AS waiting
    FROM posting p
    JOIN officer o ON o.id = p.officer_id AND o.status IN ('in_service', 'probation')
    JOIN unit u ON u.id = p.unit_id AND starts_with(u.path, :path)
    LEFT JOIN (SELECT subject_id, count(*) AS n FROM target
               WHERE period_id = :period AND subject_kind = 'officer' AND status IN ('issued', 'acknowledged', 'revised')
               GROUP BY subject_id) t ON t.subject_id = o.id
    LEFT JOIN (SELECT subject_id, count(*) AS sent,
                      count(*) FILTER (WHERE status IN ('accepted', 'under_appeal', 'upheld', 'changed', 'sealed')
                                       AND accepted_quantity > 0) AS accepted,
                      count(*) FILTER (WHERE status IN ('submitted', 'in_review')) AS waiting
               FROM submission
               WHERE period_id = :period AND subject_kind = 'officer' AND submitted_at >= :since AND submitted_at < :until
                 AND status <> 'withdrawn'
               GROUP BY subject_id) s ON s.subject_id = o.id
    WHERE p.is_primary AND NOT p.deleted AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day)
    ORDER BY u.path, o.police_number
    """
)


async def nothing(
    session: AsyncSession, period: PeriodReplica, path: str, *, since: datetime, until: datetime
) -> tuple[list[Nothing], int]:
    """Everybody below the unit without accepted work in the window, with the reason; and how many there are in all."""
    facts = {"path": path, "period": period.id, "since": since, "until": until, "day": period.ends_on}
    rows = (await session.execute(_WORK, facts)).all()
    away = await absent(session, period.starts_on, period.ends_on)
    found = [
        Nothing(
            r.id, r.police_number, r.name, r.unit_id, r.unit_name, r.path, r.targets, r.sent, _reason(r, away)
        )
        for r in rows
        if not r.accepted
    ]
    return found, len(rows)


def _reason(row: Any, away: dict[UUID, str]) -> Reason:
    if row.id in away:
        return Reason(away[row.id])
    if not row.targets:
        return Reason.NOT_APPLICABLE
    if row.waiting:
        return Reason.WAITING
    return Reason.REJECTED if row.sent else Reason.NOT_SUBMITTED


@dataclass(frozen=True, slots=True)
class Below:
    """A subject below its series' red line. `owed`: an explanation is asked for by a supervision note about the period."""

    subject_id: UUID
    milli: int
    rank: int
    note_number: str | None
    owed_by: datetime | None
    received_at: datetime | None
    late: bool


async def below(session: AsyncSession, board: Board, line: Decimal) -> list[Below]:
    """Lowest first. The note is the newest about the period to the unit itself."""
    limit = int(line * 1000)
    low = [rank for rank in reversed(board.ordered.ranks) if board.ordered.milli[rank.subject] < limit]
    query = select(SupervisionNoteReplica).where(
        SupervisionNoteReplica.about_kind == "period",
        SupervisionNoteReplica.about_id == board.stretch.period.id,
        SupervisionNoteReplica.status != "withdrawn",
        SupervisionNoteReplica.addressee_unit_id.in_([rank.subject for rank in low]),
    )
    rows = await session.scalars(query.order_by(SupervisionNoteReplica.issued_at))
    notes = {row.addressee_unit_id: row for row in rows}
    found = []
    for rank in low:
        note = notes.get(rank.subject)
        found.append(
            Below(
                rank.subject, board.ordered.milli[rank.subject], rank.rank, note.number if note else None,
                note.answer_due if note else None, note.answered_at if note else None, bool(note and note.answered_late),
            )
        )  # fmt: skip
    return found
