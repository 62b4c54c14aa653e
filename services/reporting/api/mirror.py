"""Assessors beside their peers, and what became of appeals."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from kernel.web.app import App
from kernel.web.problems import problems
from kernel.web.text import Line
from services.reporting.api.access import Reader
from services.reporting.domain.mirror import SMALL_APPEALS, Figures, Rate
from services.reporting.queries import comparisons, mirror, periods
from services.reporting.queries.mirror import Appealed
from services.reporting.queries.periods import PeriodMissing

router = APIRouter(prefix="/api/reporting/v1", tags=["mirror"])
Periods = Annotated[list[UUID], Field(min_length=1, max_length=36)]


class RateOut(BaseModel):
    """Per cent with Wilson's bounds at 95 %. `small`: too few cases to compare; `apart`: the peers' rate lies outside."""

    of: int
    hits: int
    percent: Decimal | None
    low: Decimal | None
    high: Decimal | None
    small: bool
    apart: bool

    @classmethod
    def of_rate(cls, rate: Rate, peers: Rate | None = None) -> "RateOut":
        low, high = rate.bounds or (None, None)
        return cls(
            of=rate.of, hits=rate.hits, percent=rate.percent, low=low, high=high, small=rate.small,
            apart=peers is not None and rate.apart(peers),
        )  # fmt: skip


class FiguresOut(BaseModel):
    """`hours` and `shares` (accepted of claimed, per cent): lower quartile, median, upper quartile."""

    decided: int
    passed: RateOut
    overturned: RateOut
    hours: list[Decimal] | None
    shares: list[Decimal] | None

    @classmethod
    def of(cls, found: Figures, peers: Figures | None = None) -> "FiguresOut":
        return cls(
            decided=found.decided, passed=RateOut.of_rate(found.passed, peers.passed if peers else None),
            overturned=RateOut.of_rate(found.overturned, peers.overturned if peers else None),
            hours=list(found.hours) if found.hours else None, shares=list(found.shares) if found.shares else None,
        )  # fmt: skip


class AssessorOut(BaseModel):
    officer_id: UUID
    name: str
    own: FiguresOut
    peers: FiguresOut


class AssessorsOut(BaseModel):
    """The office and the chief of the scheme's scope see everybody, others themselves beside their peers."""

    items: list[AssessorOut]


class AppealedOut(BaseModel):
    """`rate`: overturned of those decided. `work`: all decisions for the indicator; 0 for a clause, where it is not known."""

    key: str
    name: str
    filed: int
    overturned: int
    upheld: int
    not_admitted: int
    withdrawn: int
    waiting: int
    clause_wrong: int
    work: int
    mean_days: float | None
    rate: RateOut

    @classmethod
    def of(cls, a: Appealed) -> "AppealedOut":
        decided = a.overturned + a.upheld
        rate = RateOut.of_rate(Rate(decided, a.overturned, decided < SMALL_APPEALS))
        return cls(
            key=a.key, name=a.name, filed=a.filed, overturned=a.overturned, upheld=a.upheld, not_admitted=a.not_admitted,
            withdrawn=a.withdrawn, waiting=a.waiting, clause_wrong=a.clause_wrong, work=a.work, mean_days=a.mean_days, rate=rate,
        )  # fmt: skip


class AppealsOut(BaseModel):
    indicators: list[AppealedOut]
    clauses: list[AppealedOut]


@router.get(
    "/assessors", responses=problems(PeriodMissing), summary="审核画像 / Assessors beside their peers"
)
async def assessors(
    me: Reader,
    app: App,
    scheme_id: UUID,
    period_id: Annotated[Periods, Query()],
    line: Annotated[Line | None, Query()] = None,
) -> AssessorsOut:
    """Of first decisions in these periods of one scheme: how many passed, how long they took, how many were overturned."""
    async with app.db.reading() as session:
        scheme = await periods.scheme_of(session, scheme_id)
        for period in period_id:
            await periods.period_of(session, scheme_id, period)
        scope = scheme.scope_unit_id
        path = (await comparisons.branches(session, scope))[0].path if scope else ""
        found = await mirror.assessors(session, period_id, line)
    everybody = any(me.covers(permission, path) for permission in ("reporting:bulletin", "reporting:sign"))
    return AssessorsOut(
        items=[
            AssessorOut(
                officer_id=a.officer_id,
                name=a.name,
                own=FiguresOut.of(a.own, a.peers),
                peers=FiguresOut.of(a.peers),
            )
            for a in found
            if everybody or a.officer_id == me.officer_id
        ]
    )


@router.get("/appeals/statistics", summary="复议统计 / What became of appeals")
async def appeal_statistics(me: Reader, app: App, period_id: Annotated[Periods, Query()]) -> AppealsOut:
    """By indicator, and by the clause that decisions were founded on; of the work that the reader sees."""
    async with app.db.reading() as session:
        indicators = await mirror.appeals_by_indicator(session, period_id, me)
        clauses = await mirror.appeals_by_clause(session, period_id, me)
    return AppealsOut(
        indicators=[AppealedOut.of(a) for a in indicators], clauses=[AppealedOut.of(a) for a in clauses]
    )
