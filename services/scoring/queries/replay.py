"""What the event logs, as this service recorded them, and the ledger say of each subject, indicator and period."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts import submissions, targets
from services.scoring.queries.told import Sources

PAGE = 2000
_LATEST = (
    "SELECT DISTINCT ON (order_key) body::jsonb AS b FROM bus.inbox "
    "WHERE consumer = 'scoring' AND type = '{type}' AND state = 'applied' "
    "ORDER BY order_key, (body::jsonb->>'version')::bigint DESC"
)
# The database sorts and joins, on its disk if need be; what comes here is one row a key.
_KEYS = """
    WITH work AS (
      SELECT subject_id, indicator_id, period_id, array_agg(accepted_quantity ORDER BY event_date, id) AS quantities
      FROM ({work}) AS s
      WHERE status = ANY(:counted) AND accepted_quantity::numeric > 0
        AND (CAST(:period AS uuid) IS NULL OR period_id = :period)
      GROUP BY 1, 2, 3
    ), goal AS (
      SELECT DISTINCT ON (1, 2, 3) subject_id, indicator_id, period_id, quantity AS target
      FROM ({goals}) AS t
      WHERE status = ANY(:live) AND (CAST(:period AS uuid) IS NULL OR period_id = :period)
      ORDER BY 1, 2, 3, id
    ), posted AS (
      SELECT subject_id, indicator_id, period_id, sum(points_milli)::bigint AS posted
      FROM ledger_entry WHERE indicator_id IS NOT NULL
        AND (CAST(:period AS uuid) IS NULL OR period_id = :period)
      GROUP BY 1, 2, 3
    )
    SELECT subject_id, indicator_id, period_id, work.quantities, goal.target,
      coalesce(posted.posted, 0) AS posted, period_id IN (SELECT s.period_id FROM shortfall s) AS closed
    FROM work FULL JOIN posted USING (subject_id, indicator_id, period_id)
    FULL JOIN goal USING (subject_id, indicator_id, period_id)
    WHERE work.quantities IS NOT NULL OR posted.posted IS NOT NULL OR period_id IN (SELECT s.period_id FROM shortfall s)
    """
_RULES = text(
    f"SELECT (b->>'id')::uuid AS id, b->'rule' AS rule FROM ({_LATEST.format(type=targets.Indicator.type)}) AS i"  # noqa: S608 -- constants
)
_SUBMISSIONS = text(
    "SELECT count(DISTINCT order_key) FROM bus.inbox WHERE consumer = 'scoring' AND state = 'applied' AND type = :type"
)
_WAITING = text(
    "SELECT count(*) FROM bus.inbox WHERE consumer = 'scoring' AND state IN ('recorded', 'retry', 'parked')"
)


_STOPPED = text(
    "SELECT (SELECT count(*) FROM bus.cursor WHERE consumer = 'scoring' AND mode <> 'live') "
    "+ (SELECT count(*) FROM bus.ghost WHERE consumer = 'scoring' AND state IN ('open', 'refused'))"
)


async def keys(
    session: AsyncSession,
    sources: Sources,
    *,
    counted: Sequence[str],
    live: Sequence[str],
    period_id: UUID | None = None,
) -> AsyncIterator[Sequence[Any]]:
    """One row for each that has accepted work or entries, by pages; the memory needed does not grow with their number."""
    facts = {"counted": list(counted), "live": list(live), "period": period_id}
    query = text(_KEYS.format(work=sources.work, goals=sources.goals))
    found = await session.stream(query, facts, execution_options={"yield_per": PAGE})
    async for page in found.partitions():
        yield page


_GOALS_OF = text(
    f"""
    SELECT DISTINCT ON (b->>'subject_id', b->>'indicator_id')
      b->>'subject_kind' AS subject_kind, (b->>'subject_id')::uuid AS subject_id, i.code, (b->>'quantity')::numeric AS quantity
    FROM ({_LATEST.format(type=targets.Target.type)}) AS t JOIN indicator i ON i.id = (b->>'indicator_id')::uuid
    WHERE (b->>'period_id')::uuid = :period AND b->>'status' = ANY(:live)
    ORDER BY b->>'subject_id', b->>'indicator_id', (b->>'id')::uuid
    """  # noqa: S608 -- constants
)
_WORK_OF = text(
    f"""
    SELECT (b->>'id')::uuid AS id, b->>'subject_kind' AS subject_kind, (b->>'subject_id')::uuid AS subject_id,
      (b->>'unit_id')::uuid AS unit_id, i.code, (b->>'accepted_quantity')::numeric AS quantity, (b->>'event_date')::date AS day
    FROM ({_LATEST.format(type=submissions.Submission.type)}) AS s JOIN indicator i ON i.id = (b->>'indicator_id')::uuid
    WHERE ((b->>'period_id')::uuid = :period OR ((b->>'scheme_id')::uuid = :scheme
        AND (b->>'event_date')::date >= :since AND (b->>'event_date')::date < :start))
      AND b->>'status' = ANY(:counted) AND (b->>'accepted_quantity')::numeric > 0
    ORDER BY 3, 5, 7, 1
    """  # noqa: S608 -- constants
)


async def goals_of(session: AsyncSession, period_id: UUID, *, live: Sequence[str]) -> Sequence[Row[Any]]:
    """Live targets of a period, one a subject and indicator."""
    return (await session.execute(_GOALS_OF, {"period": period_id, "live": list(live)})).all()


async def work_of(
    session: AsyncSession,
    period_id: UUID,
    *,
    counted: Sequence[str],
    scheme_id: UUID,
    since: date,
    start: date,
) -> Sequence[Row[Any]]:
    """Accepted work of a period, and of the scheme from `since` to its `start`, in an order that does not depend on arrival."""
    named = {
        "period": period_id,
        "counted": list(counted),
        "scheme": scheme_id,
        "since": since,
        "start": start,
    }
    return (await session.execute(_WORK_OF, named)).all()


async def rules_in_force(session: AsyncSession) -> dict[Any, Any]:
    """Indicator → the newest revision of its rule."""
    return {row.id: row.rule for row in (await session.execute(_RULES)).all()}


async def submissions_heard(session: AsyncSession) -> int:
    return int(await session.scalar(_SUBMISSIONS, {"type": submissions.Submission.type}) or 0)


async def waiting(session: AsyncSession) -> int:
    """Events that have come and are not applied: what they say is not in the ledger yet."""
    return int(await session.scalar(_WAITING) or 0)


async def stopped(session: AsyncSession) -> int:
    """Streams that are not heard any more, because their history forked or their bytes were not what they said."""
    return int(await session.scalar(_STOPPED) or 0)
