"""The same target for somebody else."""

from datetime import datetime
from uuid import UUID

from kernel.ids import new_id
from services.targets.domain.target import TargetState
from services.targets.models import TargetRow


def new_target(
    row: TargetRow, kind: str, subject_id: UUID, unit_id: UUID, *, now: datetime, reason: str
) -> TargetRow:
    return TargetRow(
        id=new_id(),
        scheme_id=row.scheme_id,
        indicator_id=row.indicator_id,
        period_id=row.period_id,
        subject_kind=kind,
        subject_id=subject_id,
        quantity=row.quantity,
        parent_id=row.parent_id,
        issuer_unit_id=row.issuer_unit_id,
        unit_id=unit_id,
        status=TargetState.ISSUED.value,
        issued_at=now,
        reason=reason,
    )
