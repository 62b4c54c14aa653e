"""What must hold of a submission whatever happened to it, asked of the database alone (one statement a submission)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_STATE = text(
    """
    SELECT s.*,
      (SELECT array_agg(v ORDER BY v) FROM (
        SELECT aggregate_version AS v FROM bus.outbox WHERE aggregate_id = s.id::text
        UNION ALL SELECT aggregate_version FROM bus.event_log WHERE aggregate_id = s.id::text) AS told) AS told,
      (SELECT array_agg(h.version ORDER BY h.version) FROM history h WHERE h.submission_id = s.id AND h.appeal_id IS NULL)
        AS recorded,
      (SELECT count(*) FROM history h LEFT JOIN audit.record r ON r.id = h.id
        WHERE h.submission_id = s.id AND (r.id IS NULL OR h.actor = '')) AS unaudited,
      (SELECT array_agg(version) FROM arrival WHERE submission_id = s.id) AS receipts,
      (SELECT max(arrived_at) FROM arrival WHERE submission_id = s.id AND version = :first) AS first_arrival,
      (SELECT count(*) FROM submission o WHERE o.client_key = s.client_key) AS same_key,
      (SELECT count(*) FROM appeal a WHERE a.submission_id = s.id AND (a.decided_by = s.first_decided_by
        OR a.accepted_quantity < a.before_quantity)) AS unfair,
      (SELECT max(before_quantity) FROM appeal a WHERE a.submission_id = s.id AND a.status <> 'filed') AS counted_before,
      (SELECT count(*) FROM decision_notice n WHERE n.number = s.notice_number) AS notices
    FROM submission s WHERE s.id = :id
    """
)
_REDUCED = {"accepted", "refused"}


@dataclass
class Known:
    """What the client was told, and what it may rely on. `acknowledged`: version → that it arrived."""

    client_key: str
    subject_id: UUID
    cutoff_at: datetime
    first_version: int = 0
    acknowledged: set[int] = field(default_factory=set)


class Broken(AssertionError):
    """An invariant does not hold."""


def _hold(condition: object, name: str, row: Any) -> None:
    if not condition:
        raise Broken(f"{name}: {dict(row._mapping)}")


async def check(session: AsyncSession, submission_id: UUID, known: Known) -> None:
    """Raises Broken with the invariant's name (as in the design of the bus, and of the seal)."""
    row = (await session.execute(_STATE, {"id": submission_id, "first": known.first_version})).one_or_none()
    if row is None:
        raise Broken("I-ACK: what was acknowledged is not there")
    _hold(row.told == list(range(1, row.version + 1)), "I-ORDER", row)
    _hold(row.recorded == list(range(1, row.version + 1)), "I-AUDIT one step a version", row)
    _hold(row.unaudited == 0, "I-AUDIT every step in the audit log, by somebody", row)
    _hold(row.same_key == 1, "I-UNKNOWN one key, one submission", row)
    _hold(known.acknowledged <= set(row.receipts or ()), "I-ACK every arrival has its receipt", row)
    if row.first_arrival is not None and not row.late:
        _hold(row.first_arrival <= known.cutoff_at, "I-CUT", row)
    people = {known.subject_id, row.created_by, row.submitted_by} - {None}
    _hold(row.decided_by not in people and row.first_decided_by not in people, "I-AUTHZ own work", row)
    _hold(row.unfair == 0, "I-AUTHZ appeal by another, never for the worse", row)
    if row.counted_before is not None and row.status in {"under_appeal", "upheld", "changed"}:
        _hold((row.accepted_quantity or 0) >= row.counted_before, "I-NO-WORSE", row)
    if row.status in _REDUCED and row.accepted_quantity < row.quantity:
        _hold(row.notices == 1, "I-NOTICE against a claim there is a notice", row)
