"""What waits and for how long, how near the deadline work is sent, zero drive and red line."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from kernel.errors import Forbidden, NotFound
from kernel.identity import Principal
from kernel.web.app import App
from kernel.web.problems import problems
from services.reporting.api.access import Reader
from services.reporting.api.board_schemas import points
from services.reporting.api.boards import Chosen, SeriesRequired, chosen_board
from services.reporting.queries import comparisons, periods, supervision, zero
from services.reporting.queries.periods import PeriodMissing, VersionMissing
from services.reporting.queries.standings import red_line_of
from services.reporting.queries.zero import Reason

router = APIRouter(prefix="/api/reporting/v1", tags=["supervision"])


class NotYourUnit(Forbidden):
    code = "unit-out-of-scope"
    zh = "该单位不在您的管辖范围"
    en = "The unit is not in your scope"


class WaitingOut(BaseModel):
    """`ages`: how many have waited, or are overdue, up to 1, 3, 7, 14 days, and longer."""

    action: str
    unit_id: UUID | None
    unit_name: str | None
    ages: list[int]


class OverdueOut(BaseModel):
    bounds: list[int]
    items: list[WaitingOut]


class SentOut(BaseModel):
    """`days_before`: the last day is 0; below zero it was late. `last_hours`: in the two hours before the cut-off."""

    days_before: int
    submissions: int
    last_hours: int


class TimingOut(BaseModel):
    cutoff_at: datetime
    items: list[SentOut]


class NothingOut(BaseModel):
    officer_id: UUID
    code: str
    name: str
    unit_id: UUID
    unit_name: str
    targets: int
    sent: int
    reason: Reason


class ZeroUnit(BaseModel):
    """A direct sub-unit with everybody below it: how many have nothing that counts, and how many are exempt."""

    unit_id: UUID
    name: str
    zero_officers: int
    exempt_officers: int


class ZeroOut(BaseModel):
    """`officers` without accepted work in the window, by reason; `counts` by reason of all of them."""

    since: date
    until: date
    officers_in_all: int
    counts: dict[Reason, int]
    units: list[ZeroUnit]
    officers: list[NothingOut]


class BelowOut(BaseModel):
    """`note_number`: the supervision note that asks for an explanation; null: none was sent yet."""

    subject_id: UUID
    name: str
    total: Decimal
    rank: int
    note_number: str | None
    owed_by: datetime | None
    received_at: datetime | None
    late: bool


class RedLineOut(BaseModel):
    """`red_line` is null where the series has none."""

    series_id: UUID | None
    series_name: str
    red_line: Decimal | None
    items: list[BelowOut]


def covered(me: Principal, path: str) -> None:
    """Raises NotYourUnit unless the branch is one's own unit or in the scope of one's roles."""
    own = me.unit_path is not None and me.unit_path.startswith(path) and me.unit_path == path
    if not me.covers("reporting:read", path) and not own:
        raise NotYourUnit


@router.get("/overdue", responses=problems(NotFound, NotYourUnit), summary="逾期与积压 / What waits, by age")
async def overdue(me: Reader, app: App, unit_id: UUID, period_id: UUID | None = None) -> OverdueOut:
    async with app.db.reading() as session:
        top, _ = await comparisons.branches(session, unit_id)
        covered(me, top.path)
        found = await supervision.by_age(session, top.path, period_id, app.clock.now())
    items = [
        WaitingOut(action=w.action, unit_id=w.unit_id, unit_name=w.unit_name, ages=list(w.ages))
        for w in found
    ]
    return OverdueOut(bounds=list(supervision.AGES), items=items)


@router.get(
    "/timing",
    responses=problems(NotFound, PeriodMissing),
    summary="提交时效 / How near the deadline work is sent",
)
async def timing(_: Reader, app: App, scheme_id: UUID, period_id: UUID, unit_id: UUID) -> TimingOut:
    async with app.db.reading() as session:
        period, _scheme = await periods.period_of(session, scheme_id, period_id)
        top, _units = await comparisons.branches(session, unit_id)
        found = await supervision.timing(session, top.path, period_id, app.settings.timezone)
    return TimingOut(
        cutoff_at=period.cutoff_at,
        items=[
            SentOut(days_before=s.days_before, submissions=s.submissions, last_hours=s.last_hours)
            for s in found
        ],
    )


@router.get(
    "/zero", responses=problems(NotFound, PeriodMissing, NotYourUnit), summary="清零行动 / Zero drive"
)
async def zero_drive(
    me: Reader,
    app: App,
    scheme_id: UUID,
    period_id: UUID,
    unit_id: UUID,
    *,
    since: date | None = None,
    days: Annotated[int, Query(ge=1, le=400)] = 7,
) -> ZeroOut:
    """Of a week, or of so many days from `since`; without it, of the days up to today, or to the end of the period."""
    async with app.db.reading() as session:
        period, _ = await periods.period_of(session, scheme_id, period_id)
        top, units = await comparisons.branches(session, unit_id)
        covered(me, top.path)
        today = app.clock.now().astimezone(app.zone).date()
        first = since or min(today, period.cutoff_at.astimezone(app.zone).date()) - timedelta(days=days - 1)
        start = datetime.combine(first, time(), app.zone).astimezone(UTC)
        end = datetime.combine(first + timedelta(days=days), time(), app.zone).astimezone(UTC)
        found, people = await zero.nothing(session, period, top.path, since=start, until=end)
    counts = {reason: sum(one.reason is reason for one in found) for reason in Reason}
    below = [
        ZeroUnit(
            unit_id=unit.id,
            name=unit.name,
            zero_officers=sum(n.unit_path.startswith(unit.path) and n.reason.zero for n in found),
            exempt_officers=sum(n.unit_path.startswith(unit.path) and n.reason.exempt for n in found),
        )
        for unit in units
    ]
    listed = [
        NothingOut(
            officer_id=n.officer_id, code=n.code, name=n.name, unit_id=n.unit_id, unit_name=n.unit_name,
            targets=n.targets, sent=n.sent, reason=n.reason,
        )
        for n in found
    ]  # fmt: skip
    return ZeroOut(
        since=first, until=first + timedelta(days=days - 1), officers_in_all=people, counts=counts, units=below,
        officers=listed,
    )  # fmt: skip


@router.get(
    "/red-line",
    responses=problems(SeriesRequired, PeriodMissing, VersionMissing),
    summary="红线 / Units below the red line",
)
async def red_line(_: Reader, app: App, choice: Chosen) -> RedLineOut:
    """Of units. What is owed is the answer to a supervision note about the period."""
    if choice.subject_kind != "unit":
        raise SeriesRequired
    async with app.db.reading() as session:
        board = await chosen_board(session, choice)
        line = await red_line_of(session, board.stretch.scheme.id, board.choice.series_id)
        found = [] if line is None else await zero.below(session, board, line)
    return RedLineOut(
        series_id=board.choice.series_id,
        series_name=board.series_name,
        red_line=line,
        items=[
            BelowOut(
                subject_id=b.subject_id, name=board.members[b.subject_id].name, total=points(b.milli), rank=b.rank,
                note_number=b.note_number, owed_by=b.owed_by, received_at=b.received_at, late=b.late,
            )
            for b in found
        ],
    )  # fmt: skip
