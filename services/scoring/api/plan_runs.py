"""Plans at work: what was scored by them and why, whom it moved, figures from outside, another plan over real facts."""

import asyncio
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.org import SubjectKind
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Code, Line
from rules import RuleError, State
from rules.binding import Binding, parse_binding
from rules.plan import Evaluation, evaluate
from rules.plan.dry_run import compared
from rules.plan.exact import exact_text
from services.scoring.actions import reading
from services.scoring.actions.reading import NoPlan, Reading, ReadingsRefused
from services.scoring.api.access import Awarder, Closer, Reader, today
from services.scoring.api.plans import Mover, movers, refused
from services.scoring.domain.ledger import PeriodClosed
from services.scoring.models import PlanRunRow
from services.scoring.queries import closing, gathering, lists, planned, runs

router = APIRouter(prefix="/api/scoring/v1", tags=["plans"])
MOST_MOVED = 1000
Value = Annotated[Decimal, Field(max_digits=16, decimal_places=4, allow_inf_nan=False)]


class RunOut(BaseModel):
    """`causes`: events and things whose change led to it; `moved`: subjects whose points are different now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    period_id: UUID
    at: datetime
    scheme_revision: int
    causes: list[dict[str, Any]]
    evaluated: int
    moved: int


class MovedOut(BaseModel):
    """In thousandths. `submission_id`: the subject's own work that led to it; null: somebody else's did."""

    subject_kind: SubjectKind
    subject_id: UUID
    name: str
    before_milli: int
    moved_milli: int
    submission_id: UUID | None


class RunDetail(RunOut):
    """The thousand largest moves."""

    movers: list[MovedOut]


class NodeOut(BaseModel):
    """`value` is exact; null with the `state` that stands in its place."""

    node: str
    title: str
    value: str | None
    state: str
    zh: str
    en: str


class Explanation(BaseModel):
    """Every node in the order of application, with the values put in."""

    subject_id: UUID
    period_id: UUID
    nodes: list[NodeOut]


class ReadingIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    subject_kind: SubjectKind
    subject_id: UUID
    name: Code
    value: Value | None = None
    state: Literal["not_applicable", "not_assessed", "abstained"] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.value is None) == (self.state is None):
            raise ValueError("either a value or a state")
        return self


class ReadingsIn(BaseModel):
    """`source`: document and number that the figures come from."""

    model_config = ConfigDict(extra="forbid")

    period_id: UUID
    source: Line
    items: Annotated[list[ReadingIn], Field(min_length=1, max_length=5000)]


class Entered(BaseModel):
    entered: int


class ReadingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    name: str
    value: Decimal | None
    state: str | None
    source: str
    actor: str
    at: datetime


class DryRunIn(BaseModel):
    """`plan` in the form in which schemes have it: {plan, settings, sources, lines, rest}."""

    model_config = ConfigDict(extra="forbid")

    period_id: UUID
    plan: dict[str, Any]


@router.get("/plan-runs", summary="按办法计分的记录 / Scorings by the plan")
async def plan_runs(
    me: Reader, app: App, page: PageQuery, period_id: UUID, cause_id: UUID | None = None
) -> Page[RunOut]:
    """`cause_id`: what an event, an award, a decision or an appeal led to."""
    async with app.db.reading() as session:
        rows, following = await runs.runs(session, page, me, period_id, cause_id)
    return Page[RunOut](items=[RunOut.model_validate(row) for row in rows], next=following)


@router.get("/plan-runs/{run_id}", summary="一次计分变动了谁 / Whom one of them moved")
async def plan_run(run_id: UUID, me: Reader, app: App) -> RunDetail:
    async with app.db.reading() as session:
        row: PlanRunRow = await runs.run(session, run_id, me)
        found = await runs.moved(session, row, MOST_MOVED)
    shown = [
        MovedOut(
            subject_kind=one.subject_kind, subject_id=one.subject_id, name=one.name, before_milli=one.before,
            moved_milli=one.moved, submission_id=one.submission_id,
        )
        for one in found
    ]  # fmt: skip
    return RunDetail(**RunOut.model_validate(row).model_dump(), movers=shown)


@router.get(
    "/statements/{subject_id}/{period_id}/explanation",
    responses=problems(NoPlan),
    summary="按办法逐条说明得分 / A statement, clause by clause of the plan",
)
async def explanation(subject_id: UUID, period_id: UUID, me: Reader, app: App) -> Explanation:
    """Worked out now, from the same facts as the score; seen by whoever sees the statement."""
    async with app.db.snapshot() as session:
        row = await lists.statement(session, subject_id, period_id, me)
        binding = await planned.binding_of(session, row.scheme_id)
        if binding is None:
            raise NoPlan
        period = await closing.period(session, period_id)
        only = None if binding.looks_at_others else {subject_id}
        gathered = await gathering.gather(session, binding, period, only)
    nodes = await asyncio.to_thread(_explained, binding, gathered, str(subject_id))
    return Explanation(subject_id=subject_id, period_id=period_id, nodes=nodes)


@router.post(
    "/readings",
    status_code=201,
    responses=problems(NoPlan, ReadingsRefused, PeriodClosed),
    summary="录入外部数据 / Enter figures from outside",
)
async def enter_readings(body: ReadingsIn, me: Awarder, app: App, once: Once) -> Entered:
    items = [Reading(**item.model_dump()) for item in body.items]
    async with app.db.transaction(once=once) as tx:
        count = await reading.enter(tx, body.period_id, body.source, items, today=await today(tx, app), by=me)
        return await tx.answer(Entered(entered=count), status=201)


@router.get("/readings", summary="外部数据 / Figures from outside")
async def readings(
    me: Reader, app: App, page: PageQuery, period_id: UUID, subject_id: UUID | None = None
) -> Page[ReadingOut]:
    async with app.db.reading() as session:
        rows, following = await runs.readings(session, page, me, period_id, subject_id)
    return Page[ReadingOut](items=[ReadingOut.model_validate(row) for row in rows], next=following)


@router.post(
    "/plans/dry-run",
    responses=problems(NoPlan),
    summary="换一种办法,谁会变动 / Who would move under another plan",
)
async def dry_run(body: DryRunIn, me: Closer, app: App, once: Once) -> list[Mover]:
    """Over the facts of a real period, sealed or not. Nothing is kept."""
    del once
    other = _binding(body.plan)
    async with app.db.snapshot() as session:
        period = await closing.covered(session, body.period_id, me, "scoring:close")
        current = await planned.binding_of(session, period.scheme_id)
        if current is None:
            raise NoPlan
        facts = [(await gathering.gather(session, binding, period)).facts for binding in (current, other)]

    def work() -> list[Mover]:
        before, after = evaluate(current.plan, facts[0]), evaluate(other.plan, facts[1])
        return movers(before, after, compared(before, after))

    return await asyncio.to_thread(work)


def _binding(data: dict[str, Any]) -> Binding:
    try:
        return parse_binding(data)
    except RuleError as error:
        raise refused("plan", error) from error


def _explained(binding: Binding, gathered: gathering.Gathered, subject: str) -> list[NodeOut]:
    evaluation = evaluate(binding.plan, gathered.facts)
    return [_node(evaluation, subject, node) for node in evaluation.order]


def _node(evaluation: Evaluation, subject: str, node: str) -> NodeOut:
    outcome, title = evaluation.outcome(subject, node), evaluation.plan.title_of(node, "zh")
    said = outcome.say()
    amount: Fraction | State = outcome.amount
    return NodeOut(
        node=node, title=title, value=exact_text(amount) if isinstance(amount, Fraction) else None,
        state=outcome.state.value, zh=said.zh, en=said.en,
    )  # fmt: skip
