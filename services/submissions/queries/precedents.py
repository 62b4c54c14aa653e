"""How like appeals ended, and what members think of this one; like work that waits to be looked at again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.models import AppealRow, OpinionRow, RecheckRow, SubmissionRow
from services.submissions.queries.cases import Case, select_cases
from services.submissions.replicas import IndicatorReplica

ENDED = ("upheld", "changed", "partly")


async def precedents_of(session: AsyncSession, appeal: AppealRow, *, limit: int = 20) -> Sequence[Any]:
    """Decided appeals under the same clause, the latest first: outcomes and reasons, no names."""
    statement = (
        select(
            AppealRow.number, AppealRow.status, AppealRow.level, AppealRow.decided_at, AppealRow.decision_reason,
            AppealRow.before_quantity, AppealRow.accepted_quantity, AppealRow.clause_wrong,
            SubmissionRow.quantity.label("claimed"), IndicatorReplica.code.label("indicator_code"),
            IndicatorReplica.name.label("indicator_name"),
        )
        .join(SubmissionRow, SubmissionRow.id == AppealRow.submission_id)
        .join(IndicatorReplica, IndicatorReplica.id == SubmissionRow.indicator_id)
        .where(AppealRow.clause == appeal.clause, AppealRow.id != appeal.id, AppealRow.status.in_(ENDED))
        .order_by(AppealRow.decided_at.desc(), AppealRow.id)
        .limit(limit)
    )  # fmt: skip
    return (await session.execute(statement)).all()


async def opinions_of(session: AsyncSession, appeal_id: UUID) -> list[OpinionRow]:
    """The last of each member, in the order in which they were given."""
    statement = select(OpinionRow).where(OpinionRow.appeal_id == appeal_id).order_by(OpinionRow.id)
    last = {row.officer_id: row for row in (await session.scalars(statement)).all()}
    return sorted(last.values(), key=lambda row: row.id)


async def open_rechecks(
    session: AsyncSession, *conditions: ColumnElement[bool], limit: int = 200
) -> list[tuple[RecheckRow, Case]]:
    statement = (
        select_cases(RecheckRow)
        .join(RecheckRow, RecheckRow.submission_id == SubmissionRow.id)
        .where(RecheckRow.state.in_(["open", "sealed"]), *conditions)
        .order_by(RecheckRow.id)
        .limit(limit)
    )
    return [(row[-1], Case(*row[:-1])) for row in (await session.execute(statement)).all()]
