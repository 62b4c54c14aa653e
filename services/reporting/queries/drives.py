"""What weekly, zero-drive and campaign bulletins are made of: work within days, not ranks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import NotFound
from services.reporting.queries import zero
from services.reporting.queries.comparisons import branches
from services.reporting.queries.zero import Nothing, Reason
from services.reporting.replicas import CampaignReplica, PeriodReplica, UnitReplica

WEEK = timedelta(days=7)


class CampaignMissing(NotFound):
    code = "campaign-not-found"
    zh = "该方案没有这个专项行动"
    en = "The scheme has no such campaign"


@dataclass(frozen=True, slots=True)
class UnitWork:
    """What a unit and all below it sent within days, by where it stands now; and its people."""

    unit: UnitReplica
    sent: int
    accepted: int
    returned: int
    refused: int
    waiting: int
    people: int
    nothing: tuple[Nothing, ...]

    def count(self, *reasons: Reason) -> int:
        return sum(one.reason in reasons for one in self.nothing)

    @property
    def zero(self) -> int:
        return sum(one.reason.zero for one in self.nothing)

    @property
    def exempt(self) -> int:
        return sum(one.reason.exempt for one in self.nothing)


_SENT = text(
    """
    SELECT u.path, s.status, count(*) AS n
    FROM submission s JOIN unit u ON u.id = s.unit_id AND starts_with(u.path, :path)
    WHERE s.submitted_at >= :since AND s.submitted_at < :until AND s.status NOT IN ('draft', 'withdrawn')
      AND s.period_id IN (SELECT id FROM period WHERE scheme_id = :scheme)
    GROUP BY u.path, s.status
    """
)
_PEOPLE = text(
    """
    SELECT u.path, count(*) AS n FROM posting p
    JOIN officer o ON o.id = p.officer_id AND o.status IN ('in_service', 'probation')
    JOIN unit u ON u.id = p.unit_id AND starts_with(u.path, :path)
    WHERE p.is_primary AND NOT p.deleted AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day)
    GROUP BY u.path
    """
)
_ACCEPTED = {"accepted", "under_appeal", "upheld", "changed", "sealed"}


def window(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From Monday's midnight to the next one's, in the bureau's zone."""
    begin, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (monday, monday + WEEK))
    return begin, end


async def week(
    session: AsyncSession, scope: UUID, period: PeriodReplica, monday: date, zone: ZoneInfo
) -> list[UnitWork]:
    """Each unit directly below the scope, in the order of their codes."""
    top, units = await branches(session, scope)
    since, until = window(monday, zone)
    facts = {"path": top.path, "since": since, "until": until, "scheme": period.scheme_id}
    sent = (await session.execute(_SENT, facts)).all()
    people = (await session.execute(_PEOPLE, {"path": top.path, "day": period.ends_on})).all()
    nothing, _ = await zero.nothing(session, period, top.path, since=since, until=until)
    return [
        UnitWork(
            unit, _sum(sent, unit, None), _sum(sent, unit, _ACCEPTED), _sum(sent, unit, {"returned"}),
            _sum(sent, unit, {"refused"}), _sum(sent, unit, {"submitted", "in_review"}),
            sum(row.n for row in people if row.path.startswith(unit.path)),
            tuple(one for one in nothing if one.unit_path.startswith(unit.path)),
        )
        for unit in units
    ]  # fmt: skip


def _sum(rows: Sequence[Any], unit: UnitReplica, statuses: set[str] | None) -> int:
    return sum(
        row.n
        for row in rows
        if row.path.startswith(unit.path) and (statuses is None or row.status in statuses)
    )


async def zero_by_week(
    session: AsyncSession, scope: UUID, period: PeriodReplica, monday: date, zone: ZoneInfo
) -> list[tuple[date, int]]:
    """(Monday, officers without accepted work) of each week of the period up to this one."""
    top, _ = await branches(session, scope)
    first = period.starts_on - timedelta(days=period.starts_on.weekday())
    found = []
    for number in range((monday - first) // WEEK + 1):
        day = first + number * WEEK
        if day + WEEK > period.starts_on + timedelta(days=1):
            since, until = window(day, zone)
            nothing, _ = await zero.nothing(session, period, top.path, since=since, until=until)
            found.append((day, sum(one.reason.zero for one in nothing)))
    return found


@dataclass(frozen=True, slots=True)
class Achieved:
    """What was to be done in a campaign and what was accepted; `people` have targets, `open` of them nothing accepted."""

    name: str
    target: Decimal
    accepted: Decimal
    people: int
    open: int

    @property
    def percent(self) -> str | None:
        """With one decimal, half up; None without a target."""
        if not self.target:
            return None
        return format((self.accepted * 100 / self.target).quantize(Decimal("0.1"), "ROUND_HALF_UP"), "f")


_CAMPAIGN = text(
    """
    SELECT u.path, g.indicator_id, g.quantity, coalesce(s.accepted, 0) AS accepted
    FROM target g JOIN unit u ON u.id = g.unit_id
    LEFT JOIN (SELECT target_id, sum(accepted_quantity) AS accepted FROM submission
               WHERE period_id = :period AND status IN ('accepted', 'under_appeal', 'upheld', 'changed', 'sealed')
               GROUP BY target_id) s ON s.target_id = g.id
    WHERE g.period_id = :period AND g.subject_kind = 'officer' AND g.status IN ('issued', 'acknowledged', 'revised')
      AND g.indicator_id = ANY(CAST(:indicators AS uuid[]))
    """
)
_INDICATORS = text("SELECT id, name FROM indicator WHERE id = ANY(CAST(:indicators AS uuid[])) ORDER BY code")


async def campaign_of(session: AsyncSession, scheme_id: UUID, campaign_id: UUID) -> CampaignReplica:
    row = await session.get(CampaignReplica, campaign_id)
    if row is None or row.scheme_id != scheme_id:
        raise CampaignMissing
    return row


async def campaign(
    session: AsyncSession, scope: UUID, row: CampaignReplica
) -> tuple[list[Achieved], list[Achieved]]:
    """(by unit that takes part, by indicator)."""
    _, units = await branches(session, scope)
    if row.unit_ids:
        wanted = [UUID(found) for found in row.unit_ids]
        units = [(await branches(session, found))[0] for found in wanted]
    facts = {"period": row.period_id, "indicators": row.indicator_ids}
    rows = (await session.execute(_CAMPAIGN, facts)).all()
    names = (await session.execute(_INDICATORS, facts)).all()
    taking_part = [r for r in rows if any(r.path.startswith(unit.path) for unit in units)]
    by_unit = [_achieved(u.name, [r for r in rows if r.path.startswith(u.path)]) for u in units]
    by_indicator = [_achieved(n.name, [r for r in taking_part if r.indicator_id == n.id]) for n in names]
    return by_unit, by_indicator


def _achieved(name: str, rows: Sequence[Any]) -> Achieved:
    zero_ = Decimal(0)
    return Achieved(
        name, sum((r.quantity for r in rows), zero_), sum((r.accepted for r in rows), zero_), len(rows),
        sum(not r.accepted for r in rows),
    )  # fmt: skip
