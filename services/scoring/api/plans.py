"""Plans tried out: a regulation as data is checked, said in words and applied to facts. Nothing is kept."""

import asyncio
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from kernel.errors import Finding, Findings
from kernel.web.idempotency import Once
from rules import RuleError
from rules.plan import evaluate, parse_facts, parse_plan
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


class PlanWords(BaseModel):
    """A sentence for each node in the order of application, then the standing's."""

    order: list[str]
    zh: list[str]
    en: list[str]


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


def _described(body: PlanIn) -> PlanWords:
    try:
        plan = parse_plan(body.plan, body.settings)
    except RuleError as error:
        raise _refused("plan", error) from error
    return PlanWords(order=list(plan.order), zh=plan.describe("zh"), en=plan.describe("en"))


def _evaluated(body: PlanTrial) -> dict[str, Any]:
    try:
        plan = parse_plan(body.plan, body.settings)
    except RuleError as error:
        raise _refused("plan", error) from error
    try:
        facts = parse_facts(body.facts)
    except RuleError as error:
        raise _refused("facts", error) from error
    evaluation = evaluate(plan, facts)
    return told(evaluation, evaluation.settle(), explained=body.explain)


def _refused(root: str, error: RuleError) -> Findings:
    return Findings([Finding(f"{root}.{f.place}".rstrip("."), f.code, f.zh, f.en) for f in error.findings])
