"""The cockpit: five figures of a branch with the months before, and what is out of the ordinary."""

from datetime import UTC, datetime, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.org import SubjectKind
from kernel.errors import NotFound
from kernel.web.app import App
from kernel.web.problems import problems
from services.reporting.api.access import Reader
from services.reporting.api.board_schemas import points
from services.reporting.api.supervision import NotYourUnit, covered
from services.reporting.queries import boards, cockpit, comparisons, periods, summaries, supervision, zero
from services.reporting.queries.periods import PeriodMissing
from services.reporting.queries.standings import red_line_of

router = APIRouter(prefix="/api/reporting/v1", tags=["cockpit"])
#: So many months are drawn; so many sentences are read in the morning, and of each kind first no more than so many.
MONTHS = 12
MOST = 6
MOST_OF_A_KIND = 2
#: A fall of so many places in one month is worth a sentence.
DEEP_FALL = 3


class ExceptionKind(StrEnum):
    """In the order in which they are told."""

    BELOW_RED_LINE = "below_red_line"
    SILENT = "silent"
    LATE_REVIEWS = "late_reviews"
    NO_ANSWER = "no_answer"
    FALLEN = "fallen"


class ExceptionOut(BaseModel):
    """`n` and `of`, by kind: places below and the line's total; days and targets; reviews; notes; places fallen and the
    place now.
    """

    kind: ExceptionKind
    unit_id: UUID
    unit_name: str
    n: int
    of: Decimal | None = None


class AverageOut(BaseModel):
    """`mean`: of the officers' totals; null: nobody has a figure in that month."""

    period_id: UUID
    period_code: str
    mean: Decimal | None
    subjects: int


class CockpitOut(BaseModel):
    """`targets`: those that nobody has handed further down. `reviews_late`: of `reviews_waiting`, for longer than
    `late_days`. `zero_officers`: nothing of theirs was accepted in the period, and they were not away.
    """

    at: datetime
    unit_name: str
    targets: int
    fulfilled: int
    late_days: int
    reviews_waiting: int
    reviews_late: int
    officers: int
    zero_officers: int
    appeals: int
    appeals_changed: int
    months: list[AverageOut]
    exceptions: list[ExceptionOut]


@router.get(
    "/cockpit", responses=problems(NotFound, PeriodMissing, NotYourUnit), summary="驾驶舱 / A chief's morning"
)
async def get_cockpit(me: Reader, app: App, scheme_id: UUID, period_id: UUID, unit_id: UUID) -> CockpitOut:
    """Live figures of the unit and all below it. The months end with the period."""
    now = app.clock.now()
    async with app.db.reading() as session:
        period, _ = await periods.period_of(session, scheme_id, period_id)
        top, _ = await comparisons.branches(session, unit_id)
        covered(me, top.path)
        reach = await cockpit.reach(session, period_id, top.path)
        decided = await cockpit.decided(session, period_id, top.path)
        waiting = [
            one
            for one in await supervision.by_age(session, top.path, period_id, now)
            if one.action == "review"
        ]
        months = [
            one for one in await periods.months_of(session, scheme_id) if one.starts_on <= period.starts_on
        ]
        averages = await cockpit.averages(session, months[-MONTHS:], top.path)
        start = datetime.combine(period.starts_on, time(), app.zone).astimezone(UTC)
        nothing, people = await zero.nothing(session, period, top.path, since=start, until=now)
        found = [
            *await _of_boards(session, scheme_id, period_id, top.path),
            *(
                ExceptionOut(
                    kind=ExceptionKind.SILENT,
                    unit_id=s.unit_id,
                    unit_name=s.name,
                    n=s.days,
                    of=Decimal(s.targets),
                )
                for s in await cockpit.silent(session, period_id, top.path, now, most=MOST)
            ),
            *(
                ExceptionOut(kind=ExceptionKind.NO_ANSWER, unit_id=u.unit_id, unit_name=u.name, n=u.notes)
                for u in await cockpit.unanswered(session, top.path, now, most=MOST)
            ),
            *_late(waiting),
        ]
    return CockpitOut(
        at=now, unit_name=top.name, targets=reach.targets, fulfilled=reach.fulfilled, late_days=cockpit.LATE_DAYS,
        reviews_waiting=sum(sum(one.ages) for one in waiting), reviews_late=sum(_past(one) for one in waiting),
        officers=people, zero_officers=sum(one.reason.zero for one in nothing), appeals=decided.appeals,
        appeals_changed=decided.changed,
        months=[
            AverageOut(
                period_id=a.month.id, period_code=a.month.code, subjects=a.subjects,
                mean=None if a.mean_milli is None else points(a.mean_milli),
            )
            for a in averages
        ],
        exceptions=_told(found),
    )  # fmt: skip


def _past(one: supervision.Waiting) -> int:
    """How many of what waits have waited for longer than `LATE_DAYS`."""
    return sum(one.ages[supervision.AGES.index(cockpit.LATE_DAYS) + 1 :])


def _late(waiting: list[supervision.Waiting]) -> list[ExceptionOut]:
    worst = sorted((one for one in waiting if _past(one) and one.unit_id), key=_past, reverse=True)
    return [
        ExceptionOut(kind=ExceptionKind.LATE_REVIEWS, unit_id=one.unit_id, unit_name=one.unit_name or "", n=_past(one))
        for one in worst
        if one.unit_id is not None
    ]  # fmt: skip


async def _of_boards(
    session: AsyncSession, scheme_id: UUID, period_id: UUID, path: str
) -> list[ExceptionOut]:
    """Units below the red line of their series, and units that fell deep; lowest and deepest first."""
    below: list[ExceptionOut] = []
    fallen: list[ExceptionOut] = []
    for series_id, _name in await summaries.series_of(session, period_id, SubjectKind.UNIT):
        board = await boards.board(
            session, boards.Choice(scheme_id, period_id, SubjectKind.UNIT.value, series_id)
        )
        line = await red_line_of(session, scheme_id, series_id)
        low = [] if line is None else await zero.below(session, board, line)
        below += [
            ExceptionOut(
                kind=ExceptionKind.BELOW_RED_LINE, unit_id=b.subject_id, unit_name=board.members[b.subject_id].name,
                n=b.rank, of=points(b.milli),
            )
            for b in low
            if board.path(b.subject_id).startswith(path)
        ]  # fmt: skip
        for rank in board.under(path):
            change = board.change(rank.subject)
            if change is not None and change <= -DEEP_FALL:
                name = board.members[rank.subject].name
                fallen.append(
                    ExceptionOut(kind=ExceptionKind.FALLEN, unit_id=rank.subject, unit_name=name, n=-change, of=Decimal(rank.rank))
                )  # fmt: skip
    return [*below, *sorted(fallen, key=lambda one: -one.n)]


def _told(found: list[ExceptionOut]) -> list[ExceptionOut]:
    """A few of each kind, then what there is room for; the gravest kinds first."""
    by_kind = [[one for one in found if one.kind is kind] for kind in ExceptionKind]
    few = [one for group in by_kind for one in group[:MOST_OF_A_KIND]]
    more = [one for group in by_kind for one in group[MOST_OF_A_KIND:]]
    order = list(ExceptionKind)
    return sorted([*few, *more][:MOST], key=lambda one: order.index(one.kind))
