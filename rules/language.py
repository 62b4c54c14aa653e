"""The types of rules there are, and reading and writing them as data."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.facts import Facts, Result, State
from rules.findings import Finding, RuleError
from rules.nodes.all_or_nothing import AllOrNothing
from rules.nodes.band import BandTable
from rules.nodes.combine import DROP, METHODS, ZERO, Combine, Part, check_parts
from rules.nodes.events import Events
from rules.nodes.node import Node
from rules.nodes.ratio import Ratio
from rules.nodes.step import StepRule
from rules.reading import DEEPEST, Reader

Rule = Node

#: Rules over one figure; plans have them as nodes.
MEASURES: dict[str, Any] = {
    "ratio": Ratio.read,
    "step": StepRule.read,
    "band": BandTable.read,
    "all_or_nothing": AllOrNothing.read,
}
_TYPES: dict[str, Any] = MEASURES | {"events": Events.read}
TYPES = (*_TYPES, "combine")


def parse(data: Any) -> Rule:
    """The rule; raises RuleError with every error that is in the data."""
    findings: list[Finding] = []
    if not isinstance(data, Mapping):
        raise RuleError([Finding("", "not-an-object", "规则应为对象", "a rule is an object")])
    node = _read(Reader(data, "", findings))
    if findings or node is None:
        raise RuleError(findings)
    return node


def to_data(rule: Rule) -> dict[str, Any]:
    """The rule's canonical data: defaults written out, decimals as text. `parse(to_data(rule)) == rule`."""
    return rule.to_data()


def evaluate(rule: Rule, facts: Facts) -> Result:
    return rule.evaluate(facts)


def points(rule: Rule, facts: Facts) -> Fraction | State:
    """The value that `evaluate` gives, or the state in its place, without the sentences; many times faster."""
    return rule.points(facts)


def describe(rule: Rule, language: str) -> str:
    """The rule as a sentence, in "zh" or "en"."""
    return rule.describe(language)


def _read(reader: Reader) -> Node | None:
    kind = reader.data.get("type")
    if reader.depth > DEEPEST:
        reader.refuse("", "too-deep", "规则嵌套过深", "the rule is nested too deeply")
        return None
    if kind == "combine":
        node: Node | None = _read_combine(reader)
    elif isinstance(kind, str) and kind in _TYPES:
        node = _TYPES[kind](reader)
    else:
        reader.refuse(
            "type",
            "type-unknown",
            f"规则类型应为:{'、'.join(TYPES)}",
            f"the type must be one of {', '.join(TYPES)}",
        )
        return None
    reader.close()
    return node


def _read_combine(reader: Reader) -> Combine:
    method = reader.choice("method", METHODS)
    parts = []
    for item in reader.objects("parts"):
        weight = (
            item.number("weight") if method == "weighted_sum" else Decimal(1)
        )  # a weight elsewhere is unknown
        inner = item.raw("rule")
        if isinstance(inner, Mapping):
            node = _read(Reader(inner, item.at("rule"), reader.findings, item.depth + 1))
            if node is not None:
                parts.append(Part(weight, node))
        else:
            item.refuse("rule", "missing", "缺少规则", "the rule is missing")
        item.close()
    check_parts(reader, method, parts)
    return Combine(
        method, tuple(parts), reader.choice("not_applicable", (DROP, ZERO), DROP), reader.decimals()
    )
