"""Figures that stand still: at a trial, at the public notice, at the seal.

A version is what the scoring log said of the period up to the closing's own place in it. It does not depend on the order in
which copies arrive: a statement whose copy runs ahead, or lags behind, is read from the recorded events themselves.
"""

from uuid import UUID

from sqlalchemy import select, text, update

from contracts import scoring
from contracts.scoring import ClosingStatus
from kernel.delivery.handlers import Delivered
from kernel.delivery.replicas import keep_replica
from kernel.delivery.transaction import Transaction
from kernel.ids import derived
from services.reporting.domain.versions import VersionKind, digest
from services.reporting.models import VersionLineRow, VersionRow
from services.reporting.replicas import ClosingReplica

_KIND = {
    ClosingStatus.CHECKING: VersionKind.TRIAL,
    ClosingStatus.PUBLIC: VersionKind.PUBLIC,
    ClosingStatus.SEALED: VersionKind.SEALED,
}
_STATEMENT = scoring.Statement.type

_LINES = text(
    """
    WITH unsure AS (
      SELECT DISTINCT order_key FROM bus.inbox
      WHERE consumer = 'reporting' AND stream = 'scoring' AND type = :type
        AND ((seq > :seq AND state = 'applied') OR (seq <= :seq AND state IN ('recorded', 'retry', 'parked')))
        AND body LIKE '%' || :period || '%'),
    told AS (
      SELECT DISTINCT ON (i.order_key) CAST(i.body AS jsonb) AS s FROM bus.inbox i JOIN unsure USING (order_key)
      WHERE i.consumer = 'reporting' AND i.stream = 'scoring' AND i.type = :type AND i.seq <= :seq
      ORDER BY i.order_key, i.seq DESC),
    figures AS (
      SELECT subject_kind, subject_id, unit_id, total_milli, modules, entries FROM statement
      WHERE period_id = CAST(:period AS uuid)
        AND 'scoring.statement:' || subject_id || ':' || period_id NOT IN (SELECT order_key FROM unsure)
      UNION ALL
      SELECT s->>'subject_kind', CAST(s->>'subject_id' AS uuid), CAST(s->>'unit_id' AS uuid),
             CAST(s->>'total_milli' AS bigint), s->'modules', CAST(s->>'entries' AS bigint) FROM told)
    INSERT INTO version_line (version_id, subject_kind, subject_id, unit_id, series_id, code, name, total_milli, modules,
                              entries)
    SELECT :version, f.subject_kind, f.subject_id, f.unit_id, coalesce(o.series_id, u.series_id),
           coalesce(o.police_number, u.code, ''), coalesce(o.name, u.name, ''), f.total_milli, f.modules, f.entries
    FROM figures f
    LEFT JOIN officer o ON f.subject_kind = 'officer' AND o.id = f.subject_id
    LEFT JOIN unit u ON f.subject_kind = 'unit' AND u.id = f.subject_id
    ON CONFLICT DO NOTHING
    """
)


async def closing_moved(tx: Transaction, event: scoring.Closing, delivered: Delivered) -> bool:
    """Keep the copy, and the figures of this moment if they are a trial's, public, or sealed. Whether it was new."""
    if not await keep_replica(tx, ClosingReplica, event):
        return False
    if event.status in {ClosingStatus.CHECKING, ClosingStatus.WITHDRAWN}:
        await _withdraw(tx, event.period_id)
    if event.status is not ClosingStatus.WITHDRAWN:
        await _freeze(tx, event, delivered)
    return True


async def closing_lost(
    tx: Transaction, lost: scoring.Closing, instead: scoring.Closing | None, named: Delivered
) -> None:
    """The producer lost this closing: what it froze was never said."""
    del instead
    gone = await tx.session.scalars(
        select(VersionRow.id).where(VersionRow.period_id == lost.period_id, VersionRow.log_seq >= named.seq)
    )
    await tx.session.execute(update(VersionRow).where(VersionRow.id.in_(gone.all())).values(withdrawn=True))


async def _withdraw(tx: Transaction, period_id: UUID) -> None:
    """What was public is no longer, unless it was sealed."""
    await tx.session.execute(
        update(VersionRow)
        .where(VersionRow.period_id == period_id, VersionRow.kind == VersionKind.PUBLIC)
        .values(withdrawn=True)
    )


async def _freeze(tx: Transaction, event: scoring.Closing, delivered: Delivered) -> None:
    kind = _KIND[event.status]
    number = {
        VersionKind.PUBLIC: event.trial_number,
        VersionKind.SEALED: event.seal_number,
    }.get(kind, event.version) or 0
    version_id = derived("version", event.period_id, kind, number)
    known = await tx.session.get(VersionRow, version_id, populate_existing=True)
    if known is not None:
        known.withdrawn = False
        return
    facts = {
        "type": _STATEMENT, "seq": delivered.seq, "period": str(event.period_id), "version": version_id,
    }  # fmt: skip
    await tx.session.execute(_LINES, facts)
    lines = await tx.session.execute(
        select(VersionLineRow.subject_kind, VersionLineRow.subject_id, VersionLineRow.total_milli).where(
            VersionLineRow.version_id == version_id
        )
    )
    at = {VersionKind.PUBLIC: event.public_from, VersionKind.SEALED: event.sealed_at}.get(kind)
    tx.session.add(
        VersionRow(
            id=version_id, scheme_id=event.scheme_id, period_id=event.period_id, kind=kind, number=number,
            at=at or delivered.created_at, log_seq=delivered.seq, root_sha256=event.root_sha256,
            digest=digest((row[0], row[1], row[2]) for row in lines), withdrawn=False,
        )
    )  # fmt: skip
