"""Reading reminders, supervision notes, digests, and what is overdue."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import NotFound
from kernel.identity import Principal
from services.targets.models import (
    CampaignRow,
    DigestRow,
    IndicatorRow,
    NoteRow,
    PeriodRow,
    ReminderRow,
    SchemeRow,
    TargetRow,
)
from services.targets.queries.due import DUE
from services.targets.queries.visibility import schemes_visible_to, units_inside, visible_to


def reminders_visible_to(by: Principal) -> ColumnElement[bool]:
    """One's own, and those inside the subtrees that one supervises."""
    ways: list[ColumnElement[bool]] = [
        ReminderRow.unit_id.in_(units_inside(scope.path)) for scope in by.scopes("targets:supervise")
    ]
    if by.officer_id is not None:
        ways.append(ReminderRow.recipient_id == by.officer_id)
    return or_(false(), *ways)


def notes_visible_to(by: Principal) -> ColumnElement[bool]:
    """To whoever supervises the unit that it is for (its own leaders included), or the one that sent it."""
    ways = [
        or_(
            NoteRow.addressee_unit_id.in_(units_inside(scope.path)),
            NoteRow.issuer_unit_id.in_(units_inside(scope.path)),
        )
        for scope in by.scopes("targets:supervise")
    ]
    return or_(false(), *ways)


def digests_visible_to(by: Principal) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [
        and_(DigestRow.recipient_kind == "unit", DigestRow.recipient_id.in_(units_inside(scope.path)))
        for scope in by.scopes("targets:supervise")
    ]
    if by.officer_id is not None:
        ways.append(DigestRow.recipient_id == by.officer_id)
    return or_(false(), *ways)


async def get_note(session: AsyncSession, note_id: UUID, *, by: Principal, locked: bool = False) -> NoteRow:
    statement = select(NoteRow).where(NoteRow.id == note_id, notes_visible_to(by))
    row = await session.scalar(statement.with_for_update() if locked else statement)
    if row is None:
        raise NotFound
    return row


async def thing_visible(session: AsyncSession, kind: str, thing_id: UUID, *, by: Principal) -> bool:
    """Whether what a note is about is there, and may be seen; submissions are another service's business."""
    schemes = select(SchemeRow.id).where(schemes_visible_to(by))
    found: dict[str, Any] = {
        "target": select(TargetRow.id).where(TargetRow.id == thing_id, visible_to(by)),
        "period": select(PeriodRow.id).where(PeriodRow.id == thing_id, PeriodRow.scheme_id.in_(schemes)),
        "indicator": select(IndicatorRow.id).where(
            IndicatorRow.id == thing_id, IndicatorRow.scheme_id.in_(schemes)
        ),
        "campaign": select(CampaignRow.id).where(
            CampaignRow.id == thing_id, CampaignRow.scheme_id.in_(schemes)
        ),
    }
    return kind not in found or await session.scalar(found[kind]) is not None


_OVERDUE: Final = f"""
SELECT d.id AS target_id, d.indicator_id, d.subject_kind, d.subject_id, d.unit_id, d.quantity, d.campaign_id,
       d.due_at, d.sent_at, i.name AS indicator_name, n.name AS unit_name,
       coalesce(o.name, n.name) AS subject_name
FROM ({DUE}) d
JOIN indicator i ON i.id = d.indicator_id
JOIN unit n ON n.id = d.unit_id
LEFT JOIN officer o ON o.id = d.subject_id
WHERE starts_with(d.path, :path) AND d.due_at <= :until
  AND (d.sent_at IS NULL OR d.sent_at > d.due_at)
  AND (:all_states OR (d.sent_at IS NULL) = :missing)
  AND (CAST(:after_due AS timestamptz) IS NULL OR (d.due_at, d.id) > (:after_due, CAST(:after_id AS uuid)))
ORDER BY d.due_at, d.id
LIMIT :limit
"""  # noqa: S608 -- a constant of this module


async def overdue(
    session: AsyncSession,
    period_id: UUID,
    path: str,
    *,
    until: datetime,
    missing: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Any]:
    """Targets whose deadline is at most `until`: without work, or with work that came late (`missing` says which)."""
    values = {
        "periods": [period_id],
        "path": path,
        "until": until,
        "all_states": missing is None,
        "missing": bool(missing),
        "after_due": after[0] if after else None,
        "after_id": after[1] if after else None,
        "limit": limit,
    }
    return list((await session.execute(text(_OVERDUE), values)).all())
