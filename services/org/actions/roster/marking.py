"""The user's own workbook back: wrong cells coloured, the reasons in one more column."""

import asyncio
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errands.asking import Produced, ask
from kernel.errands.running import Running
from kernel.identity import Principal
from services.org.actions.roster.receiving import open_import
from services.org.queries import roster as queries

MARK = "roster-marked"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STATES = ("checked", "applied", "undone")


async def start(tx: Transaction, import_id: UUID, *, by: Principal) -> UUID:
    row = await open_import(tx, import_id, *_STATES)
    return await ask(tx, MARK, {"import": row.id}, by=by)


async def run(running: Running) -> None:
    """The errand `roster-marked`."""
    import_id = UUID(running.asked["import"])
    async with running.runtime.db.reading() as session:
        row = await queries.roster_import(session, import_id)
        content = await queries.workbook(session, import_id)
        findings = await queries.all_findings(session, import_id)
    from services.org.actions.roster.painting import mark  # noqa: PLC0415 -- openpyxl takes 30 MB

    marked = await asyncio.to_thread(mark, content, row.sheets, findings)
    name = row.file_name.rsplit(".", 1)[0]
    async with running.runtime.db.transaction() as tx:
        rows = sum(len(found) for found in findings.values())
        file = Produced(f"错误-{name}.xlsx", XLSX, marked)
        await running.finish(tx, {"import": import_id, "rows": rows}, file=file)
