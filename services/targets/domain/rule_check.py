"""Rules of indicators: whether they are complete, and whether their worked example comes out as said."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kernel.errors import Finding, Findings, Invalid
from services.targets.domain.quantity import trimmed

_EXAMPLE_DAY: Final = date(2000, 1, 1)
_LONGEST_NUMBER: Final = 24


class RuleInvalid(Findings):
    code = "rule-invalid"
    zh = "评分规则有 {count} 处错误"
    en = "The rule has {count} errors"


class ExampleInvalid(Findings):
    code = "example-invalid"
    zh = "示例有 {count} 处错误"
    en = "The worked example has {count} errors"


class FactsUnreadable(Invalid):
    code = "facts-unreadable"
    zh = "试算的数字无法识别"
    en = "The numbers to try the rule with cannot be read"


@dataclass(frozen=True, slots=True)
class RuleText:
    """The rule as a sentence in both languages."""

    zh: str
    en: str


def _engine() -> Any:
    """The rule language; looked up when a rule is first read."""
    return importlib.import_module("rules")


def checked_rule(data: Mapping[str, Any], *, place: str = "rule") -> dict[str, Any]:
    """The rule in its canonical form, decimals as text; raises RuleInvalid with every error."""
    rules = _engine()
    try:
        return dict(rules.to_data(rules.parse(exact(data))))
    except rules.RuleError as error:
        raise RuleInvalid(_placed(error, place)) from error


def rule_findings(data: Mapping[str, Any], *, place: str) -> list[Finding]:
    rules = _engine()
    try:
        rules.parse(exact(data))
    except rules.RuleError as error:
        return _placed(error, place)
    return []


def rule_text(data: Mapping[str, Any]) -> RuleText:
    rules = _engine()
    rule = rules.parse(exact(data))
    return RuleText(rules.describe(rule, "zh"), rules.describe(rule, "en"))


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule makes of facts: the points or None, the state, and each step of the arithmetic in words."""

    points: Decimal | None
    state: str
    steps: list[RuleText]


def tried(rule: Mapping[str, Any], given: Mapping[str, Any]) -> Trial:
    """A complete rule applied to the facts of an example; raises FactsUnreadable."""
    rules = _engine()
    try:
        found = rules.evaluate(rules.parse(exact(rule)), _facts(given))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise FactsUnreadable from error
    points = None if found.points is None else trimmed(Decimal(found.points))
    return Trial(points, found.state.value, [RuleText(step.zh, step.en) for step in found.lines])


def ensure_example(rule: Mapping[str, Any], example: Mapping[str, Any]) -> None:
    """Raises ExampleInvalid unless the example's facts give its points."""
    found = example_findings(rule, example, place="example")
    if found:
        raise ExampleInvalid(found)


def example_findings(
    rule: Mapping[str, Any], example: Mapping[str, Any] | None, *, place: str
) -> list[Finding]:
    """`example` is {"facts": {target?, baseline?, actual? | events?}, "points"}."""
    rules = _engine()
    if not example:
        return [Finding(place, "example-missing", "缺少示例", "the worked example is missing")]
    try:
        facts = _facts(example.get("facts") or {})
        wanted = _number(example["points"])
    except (ValueError, KeyError, TypeError):
        return [
            Finding(
                place,
                "example-unreadable",
                "示例中的数字无法识别",
                "the numbers of the example cannot be read",
            )
        ]
    try:
        result = rules.evaluate(rules.parse(exact(rule)), facts)
    except (rules.RuleError, ValueError, ArithmeticError) as error:
        return [
            Finding(
                place, "example-fails", f"示例无法计算:{error}", f"the example cannot be evaluated: {error}"
            )
        ]
    if result.points is None:
        return [
            Finding(
                place,
                "example-not-scored",
                f"按规则该示例不计分({result.state})",
                f"the rule gives no points: {result.state}",
            )
        ]
    if result.points != wanted:
        got = trimmed(Decimal(result.points))
        return [
            Finding(
                place,
                "example-mismatch",
                f"按规则应得 {got} 分,示例写的是 {trimmed(wanted)} 分",
                f"the rule gives {got} points, the example says {trimmed(wanted)}",
            )
        ]
    return []


def exact(value: Any) -> Any:
    """JSON as it came in, with numbers that have a fraction as text: nothing is scored with binary fractions."""
    match value:
        case float():
            return exact(Decimal(repr(value)))
        case Decimal():
            return (
                format(value, "f")
                if value.is_finite() and abs(value.adjusted()) < _LONGEST_NUMBER
                else str(value)
            )
        case dict():
            return {key: exact(item) for key, item in value.items()}
        case list() | tuple():
            return [exact(item) for item in value]
        case _:
            return value


def _facts(given: Mapping[str, Any]) -> Any:
    rules = _engine()
    events = given.get("events")
    if events is None:
        events = [{"quantity": given["actual"]}] if given.get("actual") is not None else []
    return rules.Facts(
        target=_optional(given.get("target")),
        baseline=_optional(given.get("baseline")),
        events=tuple(
            rules.Event(
                id=str(n),
                quantity=_number(event.get("quantity", 1)),
                occurred_on=_EXAMPLE_DAY,
                kind=event.get("kind"),
                level=event.get("level"),
            )
            for n, event in enumerate(events)
        ),
    )


def _optional(value: Any) -> Decimal | None:
    return None if value is None else _number(value)


def _number(value: Any) -> Decimal:
    text = str(value)
    if isinstance(value, bool) or len(text) > _LONGEST_NUMBER:
        raise ValueError(text[:_LONGEST_NUMBER])
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST_NUMBER:
        raise ValueError(text)
    return number


def _placed(error: Any, place: str) -> list[Finding]:
    return [Finding(f"{place}.{f.place}" if f.place else place, f.code, f.zh, f.en) for f in error.findings]
