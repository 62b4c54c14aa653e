"""Lists as workbooks, under the filters of the list and its visibility; an errand, page by page."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import xlsxwriter

from kernel.db.paging import PageRequest
from kernel.delivery.transaction import Transaction
from kernel.errands.asking import Produced, ask
from kernel.errands.running import Running
from kernel.identity import Principal
from services.org.actions.roster.marking import XLSX
from services.org.queries import people, structure

EXPORT = "export-list"
PAGE = 2_000
_OFFICERS = ("警号", "姓名", "人员类别", "状态", "单位代码", "单位", "职务", "岗位系数", "任职起")
_UNITS = ("单位代码", "单位名称", "级别", "类别", "路径", "业务条线", "自", "至")


async def start(tx: Transaction, what: str, filters: Mapping[str, Any], *, by: Principal) -> UUID:
    """`what`: officers or units; `filters` as the list has them."""
    kept = {name: value for name, value in filters.items() if value is not None}
    return await ask(tx, EXPORT, {"what": what, "filters": kept}, by=by)


async def run(running: Running) -> None:
    """The errand `export-list`."""
    what, filters = running.asked["what"], dict(running.asked["filters"])
    now = running.runtime.clock.now().astimezone(running.runtime.zone)
    pages = _officers(running, filters) if what == "officers" else _units(running, filters)
    rows: list[Sequence[Any]] = []
    async for page in pages:
        rows += page
        await running.progress("reading", len(rows))
    head, name = (_OFFICERS, "人员") if what == "officers" else (_UNITS, "单位")
    said = f"导出人:{running.by.name} 时间:{now:%Y-%m-%d %H:%M} 筛选:{filters or '无'}"
    content = await asyncio.to_thread(_workbook, name, said, head, rows)
    async with running.runtime.db.transaction() as tx:
        tx.act("exported", "list", what, by=running.by, after={"rows": len(rows), "filters": filters})
        file = Produced(f"{name}-{now:%Y%m%d}.xlsx", XLSX, content)
        await running.finish(tx, {"rows": len(rows)}, file=file)


async def _officers(running: Running, filters: dict[str, Any]) -> AsyncIterator[list[Sequence[Any]]]:
    day, after = running.runtime.clock.now().astimezone(running.runtime.zone).date(), None
    async with running.runtime.db.snapshot() as session:
        while True:
            page = PageRequest(PAGE, after)
            found, after = await people.officers(session, page, day=day, **filters)
            names = await structure.names(session, {p.unit_id for _, p in found if p is not None})
            yield [
                (o.police_number, o.name, o.category, o.status, *(names[p.unit_id] if p else ("", "")),
                 *((p.post, float(p.role_coefficient), p.valid_from.isoformat()) if p else ("", "", "")))
                for o, p in found
            ]  # fmt: skip
            if after is None:
                return


async def _units(running: Running, filters: dict[str, Any]) -> AsyncIterator[list[Sequence[Any]]]:
    after = None
    async with running.runtime.db.snapshot() as session:
        while True:
            found, after = await structure.units(session, PageRequest(PAGE, after), **filters)
            yield [
                (u.code, u.name, u.level, u.kind, u.path, "、".join(u.lines), u.valid_from.isoformat(),
                 u.valid_to.isoformat() if u.valid_to else "")
                for u in found
            ]  # fmt: skip
            if after is None:
                return


def _workbook(name: str, said: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Texts stay texts: a name that begins with "=" is no formula."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True, "bg_color": "#DDE7F3"})
        sheet.set_column(0, len(head), 16)
        sheet.write(0, 0, said)
        sheet.write_row(1, 0, head, bold)
        for number, row in enumerate(rows, 2):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(2, 0)
    return out.getvalue()
