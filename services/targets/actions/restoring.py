"""Schemes, indicators, periods and targets that the database lost, written again from the events that others kept."""

from collections.abc import Mapping

from sqlalchemy import func, select

from contracts import deadlines, supervision
from contracts import targets as said
from contracts.envelope import Event, Headers
from kernel.delivery.offers import Restore
from kernel.delivery.restoring import restore_row, restores
from kernel.delivery.transaction import Transaction
from services.targets.domain.initials import initials
from services.targets.domain.scheme import SumCheck
from services.targets.models import (
    CampaignRow,
    DigestRow,
    ExtensionRow,
    IndicatorRow,
    LateApplicationRow,
    NoteRow,
    PeriodRow,
    ReminderRow,
    SchemeRow,
    TargetRow,
    WorkingDaysRow,
)


async def restore_scheme(tx: Transaction, event: said.Scheme, _: Headers) -> None:
    """The calendar's settings are not told; the periods made from them come back by themselves."""
    await restore_row(tx, SchemeRow, event, split_check=SumCheck.BLOCKING.value)


async def restore_indicator(tx: Transaction, event: said.Indicator, _: Headers) -> None:
    """At the end of its scheme's list; the worked example is not told."""
    last = select(func.coalesce(func.max(IndicatorRow.position), 0)).where(
        IndicatorRow.scheme_id == event.scheme_id
    )
    await restore_row(
        tx,
        IndicatorRow,
        event,
        position=(await tx.session.scalar(last) or 0) + 1,
        initials=initials(event.name),
    )


async def restore_note(tx: Transaction, event: supervision.SupervisionNote, _: Headers) -> None:
    """When an answer was last asked for is not told: the day of issue stands in for it."""
    await restore_row(tx, NoteRow, event, asked_at=event.issued_at)


RESTORES: Mapping[type[Event], Restore] = {
    said.Scheme: restore_scheme,
    said.Indicator: restore_indicator,
    said.Period: restores(PeriodRow),
    said.Target: restores(TargetRow),
    deadlines.WorkingDays: restores(WorkingDaysRow),
    deadlines.Campaign: restores(CampaignRow),
    deadlines.Extension: restores(ExtensionRow),
    deadlines.LateApplication: restores(LateApplicationRow),
    supervision.Reminder: restores(ReminderRow),
    supervision.SupervisionNote: restore_note,
    supervision.Digest: restores(DigestRow),
}
