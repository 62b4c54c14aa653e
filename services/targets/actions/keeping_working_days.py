"""The official calendar of working days, year by year; the one place from which all services have it."""

from collections.abc import Sequence
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kernel.delivery.transaction import Transaction
from kernel.errors import Invalid
from kernel.identity import Principal
from rules.calendars import CalendarError
from rules.calendars.official import Arrangement, ExceptionalDay, checked_days, official_arrangements
from services.targets import messages
from services.targets.actions.recording import moved, record, seen
from services.targets.actions.scheduling import replan_open_periods
from services.targets.domain.target import OutsideScope
from services.targets.models import WorkingDaysRow
from services.targets.replicas import UnitReplica

_NAMESPACE = UUID("6f2f1d0e-3c1e-5c56-9a30-7d0f3f7b6a11")


class ArrangementInvalid(Invalid):
    code = "arrangement-invalid"
    zh = "工作日历有误:{reason_zh}"
    en = "The arrangement of working days is not valid: {reason_en}"


async def set_year(
    tx: Transaction, year: int, days: Sequence[ExceptionalDay], *, source: str, by: Principal, zone: ZoneInfo
) -> WorkingDaysRow:
    """Replace a year. Deadlines of open periods that lie ahead follow it; what has passed stays."""
    root = await tx.session.scalar(select(UnitReplica.path).where(UnitReplica.level == 1).limit(1))
    if not by.covers("targets:calendar", root or ""):
        raise OutsideScope
    try:
        found = Arrangement(year, source, checked_days(year, days))
    except CalendarError as error:
        raise ArrangementInvalid(reason_zh=error.sentence.zh, reason_en=error.sentence.en) from error
    return await _keep(tx, found, by=by, zone=zone)


async def adopt_official(tx: Transaction) -> None:
    """The arrangements that ship with the program, for years that have none yet."""
    await tx.lock("working-days")
    known = set(await tx.session.scalars(select(WorkingDaysRow.year)))
    for found in official_arrangements():
        if found.year not in known:
            await _keep(tx, found, by=None, zone=None)


async def _keep(
    tx: Transaction, found: Arrangement, *, by: Principal | None, zone: ZoneInfo | None
) -> WorkingDaysRow:
    if by is not None:
        await tx.lock("working-days")
    row = await tx.session.scalar(select(WorkingDaysRow).where(WorkingDaysRow.year == found.year))
    before = seen(row) if row is not None else {}
    if row is None:
        row = WorkingDaysRow(id=uuid5(_NAMESPACE, str(found.year)), year=found.year)
        tx.session.add(row)
    row.days = [{"day": d.day.isoformat(), "working": d.working, "name": d.name} for d in found.days]
    row.source = found.source
    if not moved(tx, [row]):
        return row
    await tx.publish(messages.working_days, row)
    record(tx, row, by=by, action="arrange", now=await tx.now(), before=before)
    if zone is not None:
        await replan_open_periods(tx, found.year, zone=zone)
    return row
