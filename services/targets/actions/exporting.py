"""The targets of a period as a workbook, by the visibility of the list: an errand, page by page, however many there are."""

import asyncio
from typing import Final
from uuid import UUID

from sqlalchemy import select

from kernel.db.paging import PageRequest
from kernel.delivery.transaction import Transaction
from kernel.errands.asking import Produced, ask
from kernel.errands.running import Running
from kernel.errors import NotFound
from kernel.identity import Principal
from services.targets.actions.lists_workbook import XLSX, Made, target_line, targets_lines
from services.targets.models import PeriodRow
from services.targets.queries.exports import targets_for_export
from services.targets.queries.schemes import get_scheme
from services.targets.queries.visibility import schemes_visible_to

EXPORT: Final = "export-targets"
PAGE: Final = 5_000


async def start(
    tx: Transaction, scheme_id: UUID, period_id: UUID, under: UUID | None, *, by: Principal
) -> UUID:
    """Raises NotFound at once where there is no such scheme or period to be seen."""
    scheme = await get_scheme(tx.session, scheme_id, where=schemes_visible_to(by))
    wanted = select(PeriodRow).where(PeriodRow.id == period_id, PeriodRow.scheme_id == scheme_id)
    period = await tx.session.scalar(wanted)
    if period is None:
        raise NotFound
    asked = {
        "scheme": scheme_id, "period": period_id, "under": under, "of": f"{scheme.name} {period.code}",
        "scope": scheme.code, "name": f"目标-{period.code}.xlsx",
    }  # fmt: skip
    return await ask(tx, EXPORT, asked, by=by)


async def run(running: Running) -> None:
    """The errand `export-targets`."""
    asked, runtime = running.asked, running.runtime
    made = Made(
        f"{asked['of']} 目标", asked["scope"], running.by.name, runtime.clock.now().astimezone(runtime.zone)
    )
    lines, after, count = targets_lines(made), None, 0
    scheme, period = UUID(asked["scheme"]), UUID(asked["period"])
    under = UUID(asked["under"]) if asked["under"] else None
    async with runtime.db.snapshot() as session:
        while True:
            page = PageRequest(PAGE, after)
            rows, after = await targets_for_export(session, scheme, period, under, page, by=running.by)
            await asyncio.to_thread(lines.add, [target_line(row, made) for row in rows])
            count += len(rows)
            await running.progress("reading", count)
            if after is None:
                break
    content = await asyncio.to_thread(lines.whole)
    async with runtime.db.transaction() as tx:
        tx.act("exported", "list", "targets", by=running.by, after={"rows": count, "period_id": str(period)})
        await running.finish(tx, {"rows": count}, file=Produced(asked["name"], XLSX, content))
