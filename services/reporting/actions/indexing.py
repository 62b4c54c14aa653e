"""The search index follows from events, so that no request has to build it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import text

from contracts import org, submissions, targets
from contracts.envelope import Event
from kernel.bus.canonical import plain
from kernel.delivery.replicas import Replica, keep_replicas
from kernel.delivery.transaction import Transaction
from kernel.pinyin import initials
from services.reporting.domain.search import BEGINNING, Found, grams
from services.reporting.replicas import IndicatorReplica, OfficerReplica, UnitReplica

_KEEP = text(
    """
    INSERT INTO search_item AS kept SELECT * FROM jsonb_populate_recordset(CAST(NULL AS search_item), CAST(:rows AS jsonb))
    ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, code = excluded.code, title = excluded.title,
      haystack = excluded.haystack, grams = excluded.grams
    WHERE kept.version < excluded.version
    """
)


async def units_moved(tx: Transaction, events: Sequence[org.Unit]) -> None:
    await keep_replicas(tx, UnitReplica, events)
    await _keep(tx, Found.UNIT, ((e, e.code, e.name, _named(e.code, e.name)) for e in events))


async def officers_moved(tx: Transaction, events: Sequence[org.Officer]) -> None:
    await keep_replicas(tx, OfficerReplica, events)
    await _keep(
        tx, Found.OFFICER, ((e, e.police_number, e.name, _named(e.police_number, e.name)) for e in events)
    )


async def indicators_moved(tx: Transaction, events: Sequence[targets.Indicator]) -> None:
    await keep_replicas(tx, IndicatorReplica, events)
    await _keep(tx, Found.INDICATOR, ((e, e.code, e.name, _named(e.code, e.name)) for e in events))


async def submissions_kept(tx: Transaction, events: Sequence[submissions.Submission]) -> None:
    """By number, by the number of the case, and by how the summary begins; drafts are nobody else's business."""
    sent = [e for e in events if e.status is not submissions.SubmissionStatus.DRAFT]
    await _keep(tx, Found.SUBMISSION, ((e, e.number, e.summary[:BEGINNING], _work(e)) for e in sent))


def _named(code: str, name: str) -> str:
    return f"{code} {name} {initials(name)}".lower()


def _work(event: submissions.Submission) -> str:
    return f"{event.number} {event.case_number or ''} {event.summary[:BEGINNING]}".lower()


async def _keep(tx: Transaction, kind: Found, found: Iterator[tuple[Event, str, str, str]]) -> None:
    rows: dict[Any, dict[str, Any]] = {}
    for event, code, title, haystack in found:
        known = rows.get(event.id)
        if known is None or known["version"] < event.version:
            rows[event.id] = {
                "kind": kind, "id": event.id, "version": event.version, "code": code, "title": title,
                "haystack": haystack, "grams": grams(haystack),
            }  # fmt: skip
    if rows:
        await tx.session.execute(_KEEP, {"rows": json.dumps(plain(list(rows.values())))})


#: Copies that are kept by the functions above.
INDEXED: tuple[type[Replica], ...] = (UnitReplica, OfficerReplica, IndicatorReplica)
