"""Lists as workbooks, under the filters of the list and its visibility; an errand, page by page."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import xlsxwriter

from kernel.db.paging import PageRequest
from kernel.delivery.transaction import Transaction
from kernel.errands.asking import Produced, ask
from kernel.errands.running import Running
from kernel.identity import Principal
from services.org.actions.roster.marking import XLSX
from services.org.queries import access, people, structure

EXPORT = "export-list"
PAGE = 2_000
_OFFICERS = ("警号", "姓名", "人员类别", "状态", "单位代码", "单位", "职务", "岗位系数", "任职起")
_UNITS = ("单位代码", "单位名称", "级别", "类别", "路径", "业务条线", "自", "至")
_ACCOUNTS = ("用户名", "姓名", "关联警号", "状态", "须改口令", "口令修改时间", "本人核对时间", "动态口令")
_GRANTS = (
    "用户名", "姓名", "角色", "范围代码", "范围", "业务条线", "状态", "自", "至", "提出人", "决定人", "决定时间", "兼任角色",
)  # fmt: skip


async def start(tx: Transaction, what: str, filters: Mapping[str, Any], *, by: Principal) -> UUID:
    """`what`: officers, units, accounts or grants; `filters` as the list has them."""
    kept = {name: value for name, value in filters.items() if value is not None}
    return await ask(tx, EXPORT, {"what": what, "filters": kept}, by=by)


async def run(running: Running) -> None:
    """The errand `export-list`."""
    what, filters = running.asked["what"], dict(running.asked["filters"])
    now = running.runtime.clock.now().astimezone(running.runtime.zone)
    name, head, pages = _LISTS[what]
    rows: list[Sequence[Any]] = []
    async for page in pages(running, filters):
        rows += page
        await running.progress("reading", len(rows))
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


async def _accounts(running: Running, filters: dict[str, Any]) -> AsyncIterator[list[Sequence[Any]]]:
    after, wanted = None, {"q": None, "status": None} | filters
    async with running.runtime.db.snapshot() as session:
        while True:
            found, after = await access.accounts(session, PageRequest(PAGE, after), **wanted)
            officers = await people.names(session, [a.officer_id for a in found if a.officer_id])
            yield [
                (a.username, a.name, officers[a.officer_id].police_number if a.officer_id else "", a.status, "是" if a.must_change_password else "",
                 _moment(running, a.password_changed_at), _moment(running, a.confirmed_at), "是" if a.totp_confirmed else "")
                for a in found
            ]  # fmt: skip
            if after is None:
                return


async def _grants(running: Running, filters: dict[str, Any]) -> AsyncIterator[list[Sequence[Any]]]:
    after, wanted = None, {"account_id": None, "role": None, "status": None} | filters
    if wanted["account_id"] is not None:
        wanted["account_id"] = UUID(wanted["account_id"])
    async with running.runtime.db.snapshot() as session:
        while True:
            found, after = await access.grant_lines(session, PageRequest(PAGE, after), **wanted)
            yield [
                (one.account.username, one.account.name, one.grant.role, one.scope.code, one.scope.name,
                 "、".join(one.grant.lines), one.grant.status, one.grant.valid_from.isoformat(),
                 one.grant.valid_to.isoformat() if one.grant.valid_to else "", one.proposer or "", one.decider or "",
                 _moment(running, one.grant.decided_at), "、".join(one.others))
                for one in found
            ]  # fmt: skip
            if after is None:
                return


def _moment(running: Running, at: datetime | None) -> str:
    return f"{at.astimezone(running.runtime.zone):%Y-%m-%d %H:%M}" if at else ""


#: What → name of the sheet, heads, pages.
_LISTS: Mapping[str, tuple[str, Sequence[str], Callable[..., AsyncIterator[list[Sequence[Any]]]]]] = {
    "officers": ("人员", _OFFICERS, _officers),
    "units": ("单位", _UNITS, _units),
    "accounts": ("账号", _ACCOUNTS, _accounts),
    "grants": ("授权", _GRANTS, _grants),
}


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
