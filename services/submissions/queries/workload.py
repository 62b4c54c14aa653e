"""What reviewers have before them and behind them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.models import SubmissionRow
from services.submissions.replicas import OfficerReplica, PeriodReplica, UnitReplica


async def waiting_by_unit(session: AsyncSession, paths: Sequence[str], *, now: datetime) -> Sequence[Any]:
    """Per competent unit: waiting, claimed, suspicious, behind the review date, since when the oldest waits."""
    authority = UnitReplica
    statement = (
        select(
            authority.id.label("unit_id"),
            authority.name.label("unit_name"),
            func.count().label("waiting"),
            func.count().filter(SubmissionRow.status == "in_review").label("claimed"),
            func.count().filter(PeriodReplica.review_until < now).label("overdue"),
            func.min(SubmissionRow.submitted_at).label("oldest"),
        )
        .join(authority, authority.id == SubmissionRow.authority_unit_id)
        .join(PeriodReplica, PeriodReplica.id == SubmissionRow.period_id)
        .where(SubmissionRow.status.in_(["submitted", "in_review"]), _inside(paths))
        .group_by(authority.id, authority.name)
        .order_by(func.count().desc(), authority.name)
    )
    return (await session.execute(statement)).all()


async def decided_by_officer(
    session: AsyncSession, paths: Sequence[str], *, since: datetime
) -> Sequence[Any]:
    """Per reviewer of these units since then: decided, accepted in full, reduced, refused, returned, median hours taken."""
    hours = func.extract("epoch", SubmissionRow.decided_at - SubmissionRow.submitted_at) / 3600
    full = SubmissionRow.accepted_quantity == SubmissionRow.quantity
    authority = UnitReplica
    statement = (
        select(
            OfficerReplica.id.label("officer_id"),
            OfficerReplica.name.label("name"),
            func.count().label("decided"),
            func.count().filter(SubmissionRow.status == "returned").label("returned"),
            func.count().filter(SubmissionRow.accepted_quantity == 0).label("refused"),
            func.count().filter(SubmissionRow.accepted_quantity > 0, ~full).label("reduced"),
            func.percentile_cont(0.5).within_group(hours).label("median_hours"),
        )
        .join(OfficerReplica, OfficerReplica.id == SubmissionRow.decided_by)
        .join(authority, authority.id == SubmissionRow.authority_unit_id)
        .where(SubmissionRow.decided_at >= since, _inside(paths))
        .group_by(OfficerReplica.id, OfficerReplica.name)
        .order_by(func.count().desc(), OfficerReplica.name)
        .limit(500)
    )
    return (await session.execute(statement)).all()


def _inside(paths: Sequence[str]) -> Any:
    return or_(false(), *(func.starts_with(UnitReplica.path, path) for path in paths))
