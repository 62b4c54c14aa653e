"""A sealed period that was corrected: its supplement seal is a further sealed version, beside the first one.

Boards, bulletins and outcomes of sealed figures are of the newest; whatever was made of the first one still is, and says so.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts import scoring
from kernel.delivery.handlers import Delivered, MissingReference
from kernel.delivery.transaction import Transaction
from kernel.ids import derived
from services.reporting.actions.waiting import settle
from services.reporting.domain.todos import Audience, News, Thing, Told
from services.reporting.domain.versions import VersionKind, digest
from services.reporting.models import VersionLineRow, VersionRow


async def supplement_sealed(tx: Transaction, event: scoring.Supplement, delivered: Delivered) -> None:
    """Raises MissingReference until the version that it corrects is there."""
    version_id = derived("version", event.period_id, VersionKind.SEALED, event.seal_number)
    known = await tx.session.get(VersionRow, version_id, populate_existing=True)
    if known is not None:
        known.withdrawn = False
        return
    base = await _corrected(tx.session, event, delivered)
    lines = await _lines(tx.session, base.id)
    changes = {(total.subject_kind.value, total.subject_id): total for total in event.totals}
    if any(key in lines and lines[key].total_milli != total.before_milli for key, total in changes.items()):
        raise MissingReference(what="the version that a supplement corrects")
    rows: list[dict[str, Any]] = []
    for key, line in lines.items():
        changed = changes.get(key)
        rows.append(
            {
                "version_id": version_id, "subject_kind": line.subject_kind, "subject_id": line.subject_id,
                "unit_id": line.unit_id, "series_id": line.series_id, "code": line.code, "name": line.name,
                "total_milli": changed.after_milli if changed else line.total_milli, "modules": line.modules,
                "entries": line.entries,
            }
        )  # fmt: skip
    if rows:
        await tx.session.execute(insert(VersionLineRow), rows)
    correction = {"reason": event.reason, "document_number": event.document_number}
    tx.session.add(
        VersionRow(
            id=version_id, scheme_id=event.scheme_id, period_id=event.period_id, kind=VersionKind.SEALED,
            number=event.seal_number, at=event.sealed_at, log_seq=delivered.seq, root_sha256=None, withdrawn=False,
            digest=digest((r["subject_kind"], r["subject_id"], r["total_milli"]) for r in rows), correction=correction,
        )
    )  # fmt: skip
    thing = Thing("closing", event.id, event.period_id, facts={"status": "corrected", **correction})
    told = Told(
        News.SEALED, thing, Audience(everybody=True), event.sealed_at, f"supplement:{event.seal_number}"
    )
    await settle(tx, [told])


async def supplement_lost(
    tx: Transaction, lost: scoring.Supplement, instead: scoring.Supplement | None, named: Delivered
) -> None:
    """The producer lost it: it was never sealed."""
    del instead
    gone = derived("version", lost.period_id, VersionKind.SEALED, lost.seal_number)
    query = update(VersionRow).where(VersionRow.id == gone, VersionRow.log_seq >= named.seq)
    await tx.session.execute(query.values(withdrawn=True))


async def _corrected(session: AsyncSession, event: scoring.Supplement, delivered: Delivered) -> VersionRow:
    """The newest sealed one before it."""
    query = select(VersionRow).where(
        VersionRow.period_id == event.period_id, VersionRow.kind == VersionKind.SEALED, VersionRow.withdrawn.is_(False),
        VersionRow.number < event.seal_number, VersionRow.log_seq <= delivered.seq,
    )  # fmt: skip
    row = (await session.scalars(query.order_by(VersionRow.number.desc()).limit(1))).first()
    if row is None:
        raise MissingReference(what="the version that a supplement corrects")
    return row


async def _lines(session: AsyncSession, version_id: UUID) -> dict[tuple[str, UUID], VersionLineRow]:
    query = select(VersionLineRow).where(VersionLineRow.version_id == version_id)
    rows = await session.scalars(query.order_by(VersionLineRow.subject_kind, VersionLineRow.subject_id))
    return {(row.subject_kind, row.subject_id): row for row in rows}
