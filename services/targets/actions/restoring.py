"""Schemes, indicators, periods and targets that the database lost, written again from the events that others kept."""

from collections.abc import Mapping

from sqlalchemy import func, select

from contracts import targets as said
from contracts.envelope import Event, Headers
from kernel.delivery.offers import Restore
from kernel.delivery.restoring import restore_row, restores
from kernel.delivery.transaction import Transaction
from services.targets.domain.scheme import SumCheck
from services.targets.models import IndicatorRow, PeriodRow, SchemeRow, TargetRow


async def restore_scheme(tx: Transaction, event: said.Scheme, _: Headers) -> None:
    """The calendar's settings are not told; the periods made from them come back by themselves."""
    await restore_row(tx, SchemeRow, event, split_check=SumCheck.BLOCKING.value)


async def restore_indicator(tx: Transaction, event: said.Indicator, _: Headers) -> None:
    """At the end of its scheme's list; the worked example is not told."""
    last = select(func.coalesce(func.max(IndicatorRow.position), 0)).where(
        IndicatorRow.scheme_id == event.scheme_id
    )
    await restore_row(tx, IndicatorRow, event, position=(await tx.session.scalar(last) or 0) + 1)


RESTORES: Mapping[type[Event], Restore] = {
    said.Scheme: restore_scheme,
    said.Indicator: restore_indicator,
    said.Period: restores(PeriodRow),
    said.Target: restores(TargetRow),
}
