"""What the event logs tell of submissions and targets: the last state of each, taken out of the recorded bodies.

Reading a million bodies takes longer than all that is made of them. A trial and a seal therefore `read` them once, into tables
of their transaction; whoever writes nothing (nightly verification, a bundle) names the same selects as sources.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts import submissions, targets
from kernel.db.patience import take_time
from sealing.statements import StreamHead

#: Of a stream that no head is named of.
EVERYTHING: Final = 2**62
# Only what is asked for is taken out of an event, and only that is sorted: the bodies are long.
_LATEST: Final = """
    SELECT DISTINCT ON (i.order_key) {columns}, i.content_hash FROM bus.inbox i, json_to_record(i.body::json) AS f(
      id uuid, version bigint, subject_id uuid, indicator_id uuid, period_id uuid, status text, {more})
    WHERE i.consumer = 'scoring' AND i.type = '{type}' AND i.state = 'applied' AND i.seq <= {head}
    ORDER BY i.order_key, f.version DESC
"""
# Most work has one file or none; the general way costs three times as much.
_FILES: Final = """
    CASE coalesce(json_array_length(f.evidence), 0) WHEN 0 THEN '{}' WHEN 1 THEN ARRAY[f.evidence #>> '{0,sha256}']
      ELSE array(SELECT file->>'sha256' FROM json_array_elements(f.evidence) file ORDER BY 1) END
"""


@dataclass(frozen=True, slots=True)
class Sources:
    """SQL that gives the last states: of submissions as `work`, of targets as `goals`."""

    work: str
    goals: str


#: What `read` has made, to the end of the transaction.
READ: Final = Sources("TABLE pg_temp.told_work", "TABLE pg_temp.told_goal")


def sources(heads: Sequence[StreamHead] = ()) -> Sources:
    """Straight from the recorded events, up to these heads of their streams; what comes behind a head is left out."""
    return _sources(heads, work="f.*", goals="f.*")


def _sources(heads: Sequence[StreamHead], *, work: str, goals: str) -> Sources:
    """With these columns. They are made before the states are sorted, by as many processors as read."""
    at = {head["stream"]: int(head["seq"]) for head in heads}
    works = _LATEST.format(
        columns=work, type=submissions.Submission.type, head=at.get("submissions", EVERYTHING),
        more="accepted_quantity text, event_date text, evidence json",
    )  # fmt: skip
    goal = _LATEST.format(
        columns=goals, type=targets.Target.type, head=at.get("targets", EVERYTHING), more="quantity numeric"
    )
    return Sources(works, goal)


async def read(session: AsyncSession, period_id: UUID, heads: Sequence[StreamHead] = ()) -> Sources:
    """One period's, into tables that end with the transaction, by all processors that the database may use.

    `told_work` has the SHA-256 of the files, in their order, in place of `evidence`.
    """
    await take_time(session)
    about = "f.id, f.version, f.subject_id, f.indicator_id, f.period_id, f.status"
    latest = _sources(
        heads,
        work=f"{about}, f.accepted_quantity, f.event_date, {_FILES} AS files",
        goals=f"{about}, f.quantity",
    )
    only = f"WHERE period_id = '{UUID(str(period_id))}'"
    for statement in (
        "DROP TABLE IF EXISTS pg_temp.told_work, pg_temp.told_goal",
        f"CREATE TEMPORARY TABLE told_work ON COMMIT DROP AS SELECT * FROM ({latest.work}) AS w {only}",  # noqa: S608
        f"CREATE TEMPORARY TABLE told_goal ON COMMIT DROP AS SELECT * FROM ({latest.goals}) AS g {only}",  # noqa: S608
        "CREATE INDEX ON pg_temp.told_work (id)",
        "ANALYZE pg_temp.told_work, pg_temp.told_goal",
    ):
        await session.execute(text(statement))
    return READ
