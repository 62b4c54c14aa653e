"""From a total to the evidence: total → module → indicator → entry → submission → files."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import NotFound
from kernel.identity import Principal
from services.reporting.replicas import (
    EntryReplica,
    IndicatorReplica,
    OfficerReplica,
    PostingReplica,
    StatementReplica,
    SubmissionReplica,
    UnitReplica,
)


def visible_to(principal: Principal, row: type[Any]) -> ColumnElement[bool]:
    """Boards are public inside the bureau; what stands behind a figure is one's own, one's units', or in one's scope.

    For rows joined to `UnitReplica`.
    """
    ways: list[ColumnElement[bool]] = []
    if principal.officer_id is not None:
        ways.append(and_(row.subject_kind == "officer", row.subject_id == principal.officer_id))
    if principal.unit_path is not None:
        ways.append(
            and_(row.subject_kind == "unit", literal(principal.unit_path).startswith(UnitReplica.path))
        )
    for scope in principal.scopes("reporting:read"):
        here = UnitReplica.path.startswith(scope.path, autoescape=True)
        if scope.lines and hasattr(row, "indicator_id"):
            lines = select(IndicatorReplica.id).where(IndicatorReplica.line.in_(scope.lines))
            here = and_(here, row.indicator_id.in_(lines))
        ways.append(here)
    return or_(false(), *ways)


async def statement(
    session: AsyncSession, subject_id: UUID, period_id: UUID, principal: Principal
) -> StatementReplica:
    query = (
        select(StatementReplica)
        .join(UnitReplica, UnitReplica.id == StatementReplica.unit_id)
        .where(StatementReplica.subject_id == subject_id, StatementReplica.period_id == period_id)
        .where(visible_to(principal, StatementReplica))
    )
    row = await session.scalar(query)
    if row is None:
        raise NotFound
    return row


async def entries(
    session: AsyncSession, subject_id: UUID, period_id: UUID, principal: Principal
) -> list[tuple[EntryReplica, IndicatorReplica | None]]:
    query = (
        select(EntryReplica, IndicatorReplica)
        .join(UnitReplica, UnitReplica.id == EntryReplica.unit_id)
        .outerjoin(IndicatorReplica, IndicatorReplica.id == EntryReplica.indicator_id)
        .where(EntryReplica.subject_id == subject_id, EntryReplica.period_id == period_id)
        .where(visible_to(principal, EntryReplica))
        .order_by(EntryReplica.seq)
        .limit(5000)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def entry(
    session: AsyncSession, entry_id: UUID, principal: Principal
) -> tuple[EntryReplica, SubmissionReplica | None]:
    query = (
        select(EntryReplica, SubmissionReplica)
        .join(UnitReplica, UnitReplica.id == EntryReplica.unit_id)
        .outerjoin(SubmissionReplica, SubmissionReplica.id == EntryReplica.submission_id)
        .where(EntryReplica.id == entry_id, visible_to(principal, EntryReplica))
    )
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


async def subject_name(session: AsyncSession, kind: str, subject_id: UUID) -> str:
    row: Any = await session.get(UnitReplica if kind == "unit" else OfficerReplica, subject_id)
    return row.name if row else ""


async def may_see(session: AsyncSession, principal: Principal, kind: str, subject_id: UUID) -> bool:
    """Whether the reader sees what stands behind the subject's figures: as `visible_to`, without a row to look at.

    Units' figures are public. An officer belongs to the units that he has a posting in, now or before.
    """
    if kind == "unit" or subject_id == principal.officer_id:
        return True
    query = select(UnitReplica.path).join(PostingReplica, PostingReplica.unit_id == UnitReplica.id)
    paths = await session.scalars(
        query.where(PostingReplica.officer_id == subject_id, PostingReplica.deleted.is_(False))
    )
    return any(principal.covers("reporting:read", path) for path in paths)
