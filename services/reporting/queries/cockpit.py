"""What a chief looks at in the morning: five figures of a branch, the months before, and what is out of the ordinary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.domain.figures import Month

#: From so many days without work on a unit is silent; reviews that have waited longer are late. A week; three days.
SILENT_DAYS = 7
LATE_DAYS = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """Of the targets that nobody has handed further down: how many there are, and for how many enough was accepted."""

    targets: int
    fulfilled: int


@dataclass(frozen=True, slots=True)
class Decided:
    """Appeals against work of the period that have been decided, and those that changed the decision."""

    appeals: int
    changed: int


@dataclass(frozen=True, slots=True)
class Average:
    """Of the officers' totals of one month, thousandths; None: nobody has a figure."""

    month: Month
    mean_milli: int | None
    subjects: int


@dataclass(frozen=True, slots=True)
class Silent:
    """A unit whose officers have targets and from which nothing has come for `days` days."""

    unit_id: UUID
    name: str
    targets: int
    days: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    unit_id: UUID
    name: str
    notes: int


_REACH = text(
    """
    SELECT count(*) AS targets, count(*) FILTER (WHERE coalesce(s.done, 0) >= t.quantity) AS fulfilled
    FROM target t
    JOIN unit u ON u.id = t.unit_id AND starts_with(u.path, :path)
    LEFT JOIN (SELECT target_id, sum(accepted_quantity) AS done FROM submission
               WHERE period_id = :period AND status IN ('accepted', 'under_appeal', 'upheld', 'changed', 'sealed')
               GROUP BY target_id) s ON s.target_id = t.id
    WHERE t.period_id = :period AND t.status IN ('issued', 'acknowledged', 'revised')
      AND NOT EXISTS (SELECT 1 FROM target c WHERE c.parent_id = t.id AND c.status IN ('issued', 'acknowledged', 'revised'))
    """
)
_APPEALS = text(
    """
    SELECT count(*) AS appeals, count(*) FILTER (WHERE a.status IN ('changed', 'partly')) AS changed
    FROM appeal a JOIN submission s ON s.id = a.submission_id JOIN unit u ON u.id = s.unit_id
    WHERE s.period_id = :period AND a.status IN ('upheld', 'changed', 'partly') AND starts_with(u.path, :path)
    """
)
_AVERAGES = text(
    """
    SELECT s.period_id, round(avg(s.total_milli)) AS mean, count(*) AS subjects
    FROM statement s JOIN unit u ON u.id = s.unit_id
    WHERE s.subject_kind = 'officer' AND s.period_id = ANY(CAST(:periods AS uuid[])) AND starts_with(u.path, :path)
    GROUP BY s.period_id
    """
)
_SILENT = text(
    """
    WITH wanted AS (
      SELECT t.unit_id, count(*) AS targets, min(t.issued_at) AS since FROM target t
      WHERE t.period_id = :period AND t.subject_kind = 'officer' AND t.status IN ('issued', 'acknowledged', 'revised')
      GROUP BY t.unit_id),
    sent AS (
      SELECT unit_id, max(submitted_at) AS last FROM submission
      WHERE submitted_at IS NOT NULL AND status NOT IN ('draft', 'withdrawn') GROUP BY unit_id)
    SELECT u.id, u.name, w.targets,
           CAST(floor(extract(epoch FROM CAST(:now AS timestamptz) - greatest(sent.last, w.since)) / 86400) AS integer) AS days
    FROM wanted w JOIN unit u ON u.id = w.unit_id AND starts_with(u.path, :path)
    LEFT JOIN sent ON sent.unit_id = w.unit_id
    WHERE CAST(:now AS timestamptz) - greatest(sent.last, w.since) >= make_interval(days => :least)
    ORDER BY days DESC, w.targets DESC, u.code
    LIMIT :most
    """
)
_UNANSWERED = text(
    """
    SELECT u.id, u.name, count(*) AS notes
    FROM supervision_note n JOIN unit u ON u.id = n.addressee_unit_id
    WHERE n.status IN ('issued', 'returned') AND n.answer_due < :now AND starts_with(u.path, :path)
    GROUP BY u.id, u.name ORDER BY notes DESC, u.name LIMIT :most
    """
)


async def reach(session: AsyncSession, period_id: UUID, path: str) -> Reach:
    row = (await session.execute(_REACH, {"period": period_id, "path": path})).one()
    return Reach(row.targets, row.fulfilled)


async def decided(session: AsyncSession, period_id: UUID, path: str) -> Decided:
    row = (await session.execute(_APPEALS, {"period": period_id, "path": path})).one()
    return Decided(row.appeals, row.changed)


async def averages(session: AsyncSession, months: Sequence[Month], path: str) -> list[Average]:
    """In the order of `months`."""
    rows = await session.execute(_AVERAGES, {"periods": [month.id for month in months], "path": path})
    found = {row.period_id: (int(row.mean), row.subjects) for row in rows}
    return [Average(month, *found.get(month.id, (None, 0))) for month in months]


async def silent(
    session: AsyncSession, period_id: UUID, path: str, now: datetime, *, most: int
) -> list[Silent]:
    """The longest first; counted from the last work sent, or from the day the targets came."""
    facts = {"period": period_id, "path": path, "now": now, "least": SILENT_DAYS, "most": most}
    return [Silent(*row) for row in await session.execute(_SILENT, facts)]


async def unanswered(session: AsyncSession, path: str, now: datetime, *, most: int) -> list[Unanswered]:
    """Units that owe an answer to a supervision note whose day has passed."""
    facts = {"path": path, "now": now, "most": most}
    return [Unanswered(*row) for row in await session.execute(_UNANSWERED, facts)]
