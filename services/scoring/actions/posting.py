"""Writing to the ledger: always behind its head's lock, always the difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from contracts.scoring import EntryKind
from kernel.delivery.transaction import Cause, Transaction
from kernel.ids import derived
from services.scoring import messages
from services.scoring.domain.ledger import GENESIS, entry_hash
from services.scoring.models import EntryRow, LedgerHeadRow

ENTRIES = Counter("kaohe_score_entries", "Ledger entries", ["module", "kind"])


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its number. `rule_key` and `line_no` tell apart the entries of one source event."""

    scheme_id: UUID
    period_id: UUID
    subject_kind: str
    subject_id: UUID
    unit_id: UUID
    module: str
    indicator_id: UUID | None
    kind: EntryKind
    points_milli: int
    rule_revision: int | None
    rule_key: str
    source_event_id: UUID
    submission_id: UUID | None
    award_id: UUID | None
    reason_zh: str
    reason_en: str
    actor_id: UUID | None
    occurred_on: date
    line_no: int = 0


async def lock_ledger(tx: Transaction) -> LedgerHeadRow:
    """First of all locks in every transaction that posts: so postings stand in one line and cannot deadlock."""
    query = select(LedgerHeadRow).with_for_update().execution_options(populate_existing=True)
    head = await tx.session.scalar(query)
    if head is None:  # the very first posting
        await tx.session.execute(
            insert(LedgerHeadRow).values(one=True, seq=0, hash=GENESIS).on_conflict_do_nothing()
        )
        head = await tx.session.scalar(query)
    if head is None:
        raise LookupError("the ledger has no head")
    return head


async def post(tx: Transaction, drafts: Sequence[Draft]) -> list[EntryRow]:
    """Append, chain and publish. The caller holds the ledger's lock."""
    rows = await _append(tx, drafts)
    await tx.publish_many(messages.entry, rows)
    return rows


async def post_each(tx: Transaction, drafts: Sequence[tuple[Cause, Draft]]) -> None:
    """The same where each entry comes from an event of its own."""
    rows = await _append(tx, [draft for _, draft in drafts])
    causes = [cause for cause, _ in drafts]
    await tx.publish_each(messages.entry, list(zip(causes, rows, strict=True)))


async def _append(tx: Transaction, drafts: Sequence[Draft]) -> list[EntryRow]:
    head = await lock_ledger(tx)
    rows = []
    for draft in drafts:
        facts = facts_of_draft(draft)
        head.seq += 1
        prev, head.hash = head.hash, entry_hash(head.hash, head.seq, facts)
        row = EntryRow(id=entry_id(draft), seq=head.seq, prev_hash=prev, hash=head.hash, **_columns(draft))
        rows.append(row)
        ENTRIES.labels(draft.module, draft.kind.value).inc()
    tx.session.add_all(rows)
    return rows


def entry_id(draft: Draft) -> UUID:
    """The same at every re-run of the event that caused it."""
    return derived("entry", draft.source_event_id, draft.rule_key, draft.line_no)


def _columns(draft: Draft) -> dict[str, Any]:
    columns = {name: getattr(draft, name) for name in Draft.__slots__}
    return columns | {"kind": draft.kind.value}


def facts_of_draft(draft: Draft) -> dict[str, Any]:
    """What is hashed: everything that has a meaning, as text and integers."""
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in _columns(draft).items()
    } | {"id": str(entry_id(draft))}


def facts_of_row(row: Any) -> dict[str, Any]:
    """The hashed facts of an entry as it stands in the ledger; `row` has its columns as attributes."""
    facts = {}
    for name in Draft.__slots__:
        value = getattr(row, name)
        facts[name] = value if value is None or isinstance(value, int) else str(value)
    return facts | {"id": str(row.id)}
