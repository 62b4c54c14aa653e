"""A rule that is being written: as a sentence, and tried with figures. Nothing is kept."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from kernel.web.problems import problems
from services.targets.api.access import Drafter
from services.targets.api.indicator_schemas import RuleData, SentenceOut
from services.targets.api.schemas import FindingOut
from services.targets.domain.checks import Checked, Severity
from services.targets.domain.rule_check import FactsUnreadable, checked_rule, rule_findings, rule_text, tried

router = APIRouter(prefix="/api/targets/v1", tags=["indicators"])

_LONGEST = 16_000
_written: TypeAdapter[dict[str, Any]] = TypeAdapter(RuleData)


def _readable(value: str) -> str:
    try:
        _written.validate_json(value)
    except ValidationError as error:
        raise PydanticCustomError("json_unreadable", "not a JSON object within bounds") from error
    return value


#: An address carries text only; what is in it is bounded as a body would be.
Written = Annotated[str, AfterValidator(_readable), Query(max_length=_LONGEST, description="JSON")]


class TrialOut(BaseModel):
    """`points` is null where the rule gives none; `state` says why: scored, not_submitted, not_applicable …"""

    points: Decimal | None
    state: str
    steps: list[SentenceOut]


class RulePreviewOut(BaseModel):
    """`rule` is the canonical form, null with `findings` where the rule is not complete."""

    rule: dict[str, Any] | None
    text: SentenceOut | None
    findings: list[FindingOut]
    trial: TrialOut | None


@router.get(
    "/rules/preview", summary="规则预览 / A rule in words, and tried", responses=problems(FactsUnreadable)
)
async def preview_rule(_: Drafter, rule: Written, facts: Written | None = None) -> RulePreviewOut:
    """`facts`: {target?, baseline?, actual} or {target?, events: [{quantity, kind?, level?}]}, as in a worked example."""
    data = _written.validate_json(rule)
    findings = rule_findings(data, place="rule")
    if findings:
        told = [FindingOut.of(Checked(Severity.ERROR, finding)) for finding in findings]
        return RulePreviewOut(rule=None, text=None, findings=told, trial=None)
    said = rule_text(data)
    trial = tried(data, _written.validate_json(facts)) if facts is not None else None
    return RulePreviewOut(
        rule=checked_rule(data),
        text=SentenceOut.of(said),
        findings=[],
        trial=TrialOut(
            points=trial.points,
            state=trial.state,
            steps=[SentenceOut.of(step) for step in trial.steps],
        )
        if trial
        else None,
    )
