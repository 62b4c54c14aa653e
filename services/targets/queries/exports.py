"""Targets with the names that a reader of a workbook needs."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, keyset
from kernel.identity import Principal
from services.targets.models import IndicatorRow, PeriodRow, TargetRow
from services.targets.queries.visibility import units_inside, visible_to
from services.targets.replicas import OfficerReplica, UnitReplica


async def targets_for_export(
    session: AsyncSession,
    scheme_id: UUID,
    period_id: UUID,
    under: UUID | None,
    page: PageRequest,
    *,
    by: Principal,
) -> tuple[list[Any], str | None]:
    """By unit from the top, then in the scheme's order."""
    order = (UnitReplica.path, IndicatorRow.position, TargetRow.id)
    statement: Any = (
        select(
            PeriodRow.code.label("period_code"),
            IndicatorRow.code.label("indicator_code"),
            IndicatorRow.name.label("indicator_name"),
            IndicatorRow.unit_of_measure,
            func.coalesce(OfficerReplica.name, UnitReplica.name).label("subject_name"),
            OfficerReplica.police_number,
            UnitReplica.name.label("unit_name"),
            TargetRow.quantity,
            TargetRow.status,
            TargetRow.issued_at,
            TargetRow.acknowledged_at,
            TargetRow.refusal_reason,
            TargetRow.orphaned_on,
            UnitReplica.path,
            IndicatorRow.position,
            TargetRow.id,
        )
        .join(PeriodRow, PeriodRow.id == TargetRow.period_id)
        .join(IndicatorRow, IndicatorRow.id == TargetRow.indicator_id)
        .join(UnitReplica, UnitReplica.id == TargetRow.unit_id)
        .outerjoin(OfficerReplica, OfficerReplica.id == TargetRow.subject_id)
        .where(TargetRow.scheme_id == scheme_id, TargetRow.period_id == period_id, visible_to(by))
    )
    if under is not None:
        path = await session.scalar(select(UnitReplica.path).where(UnitReplica.id == under))
        statement = statement.where(TargetRow.unit_id.in_(units_inside(path or "-")))
    rows = (await session.execute(keyset(statement, order, page))).mappings().all()
    return cut(rows, page, lambda row: [row["path"], row["position"], row["id"]])
