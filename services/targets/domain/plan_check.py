"""Plans of schemes: whether they can be read, whether they may be published, and how they sound."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from kernel.errors import Finding, Findings
from rules import Finding as RuleFinding
from rules import RuleError
from rules.binding import check_binding, parse_binding
from services.targets.domain.rule_check import exact


class PlanInvalid(Findings):
    code = "plan-invalid"
    zh = "办法有 {count} 处错误"
    en = "The plan has {count} errors"


@dataclass(frozen=True, slots=True)
class SpokenPlan:
    """A sentence for each node in the order of application, then the standing's."""

    zh: list[str]
    en: list[str]


def checked_plan(data: dict[str, Any]) -> dict[str, Any]:
    """The plan as it is kept, numbers exact; raises PlanInvalid with every error and its place."""
    found: dict[str, Any] = exact(data)
    try:
        parse_binding(found)
    except RuleError as error:
        raise PlanInvalid([_told(finding) for finding in error.findings]) from error
    return found


def plan_findings(
    data: dict[str, Any], indicators: Collection[str], modules: Collection[str]
) -> tuple[list[Finding], list[Finding]]:
    """What keeps it from being published, and what is to be read by who publishes it."""
    try:
        checked = check_binding(parse_binding(data), indicators, modules)
    except RuleError as error:
        return [_told(finding) for finding in error.findings], []
    return [_told(finding) for finding in checked.errors], [_told(finding) for finding in checked.notes]


def plan_text(data: dict[str, Any]) -> SpokenPlan:
    plan = parse_binding(data).plan
    return SpokenPlan(plan.describe("zh"), plan.describe("en"))


def _told(finding: RuleFinding) -> Finding:
    return Finding(f"plan.{finding.place}".rstrip("."), finding.code, finding.zh, finding.en)
