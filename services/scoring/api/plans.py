"""Plans tried out: a regulation as data is checked, said in words and applied to facts. Nothing is kept."""

import asyncio
from fractions import Fraction
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

import rules
from kernel.errors import Finding, Findings
from kernel.web.idempotency import Once
from rules import RuleError
from rules.plan import DryRun, Evaluation, Plan, PlanFacts, evaluate, parse_facts, parse_plan
from rules.plan.checks import check_plan
from rules.plan.dry_run import compared
from rules.plan.exact import exact_text
from rules.plan.telling import told
from services.scoring.api.access import Reader

router = APIRouter(prefix="/api/scoring/v1/plans", tags=["plans"])


class PlanIn(BaseModel):
    """`plan` in the form of docs/guides/plans.md; `settings` choose among the readings that it offers."""

    model_config = ConfigDict(extra="forbid")

    plan: dict[str, Any]
    settings: dict[str, Any] = {}


class PlanTrial(PlanIn):
    facts: dict[str, Any]
    explain: bool = False


class FindingOut(BaseModel):
    place: str
    code: str
    zh: str
    en: str


class PlanWords(BaseModel):
    """A sentence for each node in the order of application, then the standing's; and the check before publication.

    `ready`: no `errors`. `notes` are to be read by who publishes it.
    """

    order: list[str]
    zh: list[str]
    en: list[str]
    ready: bool
    errors: list[FindingOut]
    notes: list[FindingOut]


class CauseOut(BaseModel):
    """A node that gives something else though nothing that it reads does; its sentences under both versions."""

    node: str
    before: str | None
    after: str | None
    zh: tuple[str, str]
    en: tuple[str, str]


class Mover(BaseModel):
    subject: str
    total: tuple[str | None, str | None]
    causes: list[CauseOut]


class Comparison(BaseModel):
    """Two versions of a plan, or two readings of one, over the same facts."""

    model_config = ConfigDict(extra="forbid")

    before: PlanIn
    after: PlanIn
    facts: dict[str, Any]


@router.post("/describe", summary="检查方案并用文字说明 / Check a plan and say it in words")
async def describe(body: PlanIn, _: Reader, once: Once) -> PlanWords:
    """422 with every error and its place when it is no plan."""
    del once
    return await asyncio.to_thread(_described, body)


@router.post("/evaluate", summary="试算方案 / Apply a plan to facts")
async def try_plan(body: PlanTrial, _: Reader, once: Once) -> dict[str, Any]:
    """Everybody's total, rank, grade and what follows; with `explain` every node's sentence."""
    del once
    return await asyncio.to_thread(_evaluated, body)


@router.post("/compare", summary="换一种方案会怎样 / Who would move under another version")
async def compare(body: Comparison, _: Reader, once: Once) -> list[Mover]:
    """Those whose total or rank differs, with the nodes at which it begins."""
    del once
    return await asyncio.to_thread(_compared, body)


def _described(body: PlanIn) -> PlanWords:
    plan = _plan(body, "plan")
    checked = check_plan(plan)
    return PlanWords(
        order=list(plan.order), zh=plan.describe("zh"), en=plan.describe("en"), ready=checked.ready,
        errors=[_told(f) for f in checked.errors], notes=[_told(f) for f in checked.notes],
    )  # fmt: skip


def _evaluated(body: PlanTrial) -> dict[str, Any]:
    evaluation = evaluate(_plan(body, "plan"), _facts(body.facts))
    return told(evaluation, evaluation.settle(), explained=body.explain)


def _compared(body: Comparison) -> list[Mover]:
    before, after = _plan(body.before, "before.plan"), _plan(body.after, "after.plan")
    facts = _facts(body.facts)
    one, other = evaluate(before, facts), evaluate(after, facts)
    return movers(one, other, compared(one, other))


def movers(one: Evaluation, other: Evaluation, found: DryRun) -> list[Mover]:
    """Who has another total or rank in the second than in the first, and where it begins."""
    return [
        Mover(
            subject=row.subject,
            total=(_text(one.value(row.subject)), _text(other.value(row.subject))),
            causes=[
                CauseOut(
                    node=cause.node, before=_text(cause.before), after=_text(cause.after),
                    zh=(cause.said[0].zh, cause.said[1].zh), en=(cause.said[0].en, cause.said[1].en),
                )
                for cause in row.causes
            ],
        )
        for row in found.rows
    ]  # fmt: skip


def _text(amount: Fraction | rules.State | None) -> str | None:
    """A state in its own word."""
    if amount is None or isinstance(amount, rules.State):
        return amount
    return exact_text(amount)


def _plan(body: PlanIn, root: str) -> Plan:
    try:
        return parse_plan(body.plan, body.settings)
    except RuleError as error:
        raise refused(root, error) from error


def _facts(data: dict[str, Any]) -> PlanFacts:
    try:
        return parse_facts(data)
    except RuleError as error:
        raise refused("facts", error) from error


def _told(finding: rules.Finding) -> FindingOut:
    return FindingOut(place=finding.place, code=finding.code, zh=finding.zh, en=finding.en)


def refused(root: str, error: RuleError) -> Findings:
    return Findings([Finding(f"{root}.{f.place}".rstrip("."), f.code, f.zh, f.en) for f in error.findings])
