"""The office's own Word template: tried when it is uploaded, every version kept, an earlier one brought back as a new one."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.delivery.transaction import Transaction
from kernel.errors import Finding, Findings, Forbidden, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.reporting.documents.word import TemplateFinding
from services.reporting.models import BulletinTemplateRow
from services.reporting.queries import bulletins as queries
from services.reporting.replicas import UnitReplica

#: The number of the one that ships.
SHIPPED = 0


class TemplateMissing(NotFound):
    code = "template-not-found"
    zh = "没有第 {number} 版模板"
    en = "There is no template number {number}"


async def receive(
    tx: Transaction, *, name: str, content: bytes, findings: Sequence[TemplateFinding], by: Principal
) -> BulletinTemplateRow:
    """The next version, which counts from now on. Raises Findings if one of them is fatal."""
    if any(found.fatal for found in findings):
        raise Findings([Finding("template", f.code, f.zh, f.en) for f in findings])
    kept = [{"code": f.code, "zh": f.zh, "en": f.en} for f in findings]
    return await _append(tx, name, content, kept, by)


async def restore(tx: Transaction, number: int, *, shipped: bytes, by: Principal) -> BulletinTemplateRow:
    """An earlier one, or the one that ships, becomes the newest. Raises TemplateMissing."""
    if number == SHIPPED:
        return await _append(tx, "国标模板.docx", shipped, [], by)
    row = await template(tx.session, number)
    return await _append(tx, row.name, row.content, row.findings, by)


async def template(session: AsyncSession, number: int) -> BulletinTemplateRow:
    row = await session.scalar(select(BulletinTemplateRow).where(BulletinTemplateRow.number == number))
    if row is None:
        raise TemplateMissing(number=number)
    return row


async def _append(
    tx: Transaction, name: str, content: bytes, findings: list[dict[str, str]], by: Principal
) -> BulletinTemplateRow:
    roots = await tx.session.scalars(select(UnitReplica.path).where(UnitReplica.parent_id.is_(None)))
    if not any(by.covers("reporting:bulletin", path) for path in roots):
        raise Forbidden
    await tx.lock("bulletin-template")
    last = await queries.template(tx.session)
    row = BulletinTemplateRow(
        id=new_id(), number=last.number + 1 if last else SHIPPED + 1, name=name, content=content,
        sha256=hashlib.sha256(content).hexdigest(), findings=findings, account_id=by.account_id, actor=by.name,
        at=await tx.now(),
    )  # fmt: skip
    tx.session.add(row)
    return row
