"""Scores, opened down to the entries and the rules behind them."""

from collections import defaultdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

import rules
from contracts.org import SubjectKind
from contracts.scoring import EntryKind
from kernel.errors import Finding, Findings
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.text import Quantity, Search
from services.scoring.api.access import Reader
from services.scoring.api.schemas import EntryOut, IndicatorPart, ModulePart, StatementDetail, StatementOut
from services.scoring.models import EntryRow
from services.scoring.queries import lists
from services.scoring.replicas import IndicatorReplica

router = APIRouter(prefix="/api/scoring/v1", tags=["statements"])


class RuleFacts(BaseModel):
    """Test values: the quantities of the accepted pieces of work, the target, the baseline."""

    quantities: Annotated[list[Quantity], Field(max_length=1000)] = []
    target: Quantity | None = None
    baseline: Quantity | None = None


class RuleTrial(BaseModel):
    rule: dict[str, Any]
    facts: RuleFacts


class RuleOutcome(BaseModel):
    """The rule as a sentence, its points (None: not scored), and the steps that led there."""

    rule_zh: str
    rule_en: str
    state: str
    points: str | None
    steps_zh: list[str]
    steps_en: list[str]


@router.get("/statements", summary="得分 / Statements")
async def statements(
    me: Reader,
    app: App,
    page: PageQuery,
    scheme_id: UUID | None = None,
    period_id: UUID | None = None,
    subject_kind: SubjectKind | None = None,
    under: Search | None = None,
) -> Page[StatementOut]:
    async with app.db.reading() as session:
        rows, following = await lists.statements(
            session,
            page,
            me,
            scheme_id=scheme_id,
            period_id=period_id,
            subject_kind=subject_kind,
            under=under,
        )
    return Page[StatementOut](items=[StatementOut.of(row) for row in rows], next=following)


@router.get("/statements/{subject_id}/{period_id}", summary="得分明细与解释 / A statement, explained")
async def statement(subject_id: UUID, period_id: UUID, me: Reader, app: App) -> StatementDetail:
    """Module → indicator → entries, each with its sentence."""
    async with app.db.reading() as session:
        row = await lists.statement(session, subject_id, period_id, me)
        entries = await lists.entries_of(session, subject_id, period_id)
        indicators = await lists.indicators(session, {e.indicator_id for e in entries if e.indicator_id})
    return StatementDetail(
        **StatementOut.of(row).model_dump(exclude={"total"}), parts=_parts(entries, indicators)
    )


def _parts(entries: list[EntryRow], indicators: dict[UUID, IndicatorReplica]) -> list[ModulePart]:
    grouped: dict[str, dict[UUID | None, list[EntryRow]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        grouped[entry.module][entry.indicator_id].append(entry)
    return [
        ModulePart(
            module=module,
            points_milli=sum(e.points_milli for found in by_indicator.values() for e in found),
            indicators=[
                _part(indicators.get(key) if key else None, found) for key, found in by_indicator.items()
            ],
        )
        for module, by_indicator in sorted(grouped.items())
    ]


def _part(indicator: IndicatorReplica | None, entries: list[EntryRow]) -> IndicatorPart:
    rule = rules.parse(indicator.rule) if indicator else None
    return IndicatorPart(
        indicator_id=indicator.id if indicator else None,
        code=indicator.code if indicator else None,
        name=indicator.name if indicator else _without_indicator(entries),
        rule_zh=rules.describe(rule, "zh") if rule else None,
        rule_en=rules.describe(rule, "en") if rule else None,
        points_milli=sum(e.points_milli for e in entries),
        entries=[EntryOut.of(e) for e in entries],
    )


def _without_indicator(entries: list[EntryRow]) -> str:
    if all(entry.node is not None for entry in entries):
        return "办法的其余部分 / the rest of the plan"
    if all(entry.kind == EntryKind.APPEAL for entry in entries):
        return "复议结果 / outcomes of appeals"
    return "加减分 / bonuses and penalties"


@router.post("/rules/evaluate", summary="试算规则 / Try a rule")
async def evaluate(body: RuleTrial, _: Reader, once: Once) -> RuleOutcome:
    """Changes nothing."""
    del once
    try:
        rule = rules.parse(body.rule)
    except rules.RuleError as error:
        found = [Finding(f"rule.{f.place}".rstrip("."), f.code, f.zh, f.en) for f in error.findings]
        raise Findings(found) from error
    events = tuple(rules.Event(str(n), q, "") for n, q in enumerate(body.facts.quantities))
    result = rules.evaluate(rule, rules.Facts(body.facts.target, body.facts.baseline, events))
    return RuleOutcome(
        rule_zh=rules.describe(rule, "zh"),
        rule_en=rules.describe(rule, "en"),
        state=result.state,
        points=None if result.points is None else str(result.points),
        steps_zh=[line.zh for line in result.lines],
        steps_en=[line.en for line in result.lines],
    )
