"""What a piece of work would be worth by the published rule, before anybody has judged it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import rules


class Silence(StrEnum):
    """Why there is no estimate."""

    NO_RULE = "no_rule"
    RULE_UNREADABLE = "rule_unreadable"
    NEEDS_OTHER_FACTS = "needs_other_facts"


@dataclass(frozen=True, slots=True)
class Counted:
    """Work of the same subject for the same indicator in the same period. `quantity`: accepted, else claimed."""

    id: str
    event_date: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """`points` is what this work would add; `with_it` and `without_it` the indicator's points; None: cannot be told."""

    points: Decimal | None
    with_it: Decimal | None
    without_it: Decimal | None
    zh: str
    en: str
    silence: Silence | None


_SILENT = {
    Silence.NO_RULE: ("该指标没有计分规则,无法预估", "The indicator has no rule to estimate by"),
    Silence.RULE_UNREADABLE: (
        "该指标的计分规则本版本无法读取,无法预估",
        "The rule of the indicator cannot be read here, so there is no estimate",
    ),
    Silence.NEEDS_OTHER_FACTS: (
        "得分还取决于其他数据(如基数、同组情况),暂无法预估",
        "The points depend on other facts (a baseline, the group), so there is no estimate yet",
    ),
}


def estimate(
    rule: Mapping[str, Any], *, target: Decimal | None, before: Sequence[Counted], work: Counted
) -> Estimate:
    """Never raises: what cannot be estimated is told with its reason."""
    if not rule:
        return _silent(Silence.NO_RULE)
    try:
        parsed = rules.parse(dict(rule))
    except rules.RuleError:
        return _silent(Silence.RULE_UNREADABLE)
    after = rules.evaluate(parsed, _facts(target, [*before, work]))
    if after.points is None:
        return _silent(Silence.NEEDS_OTHER_FACTS)
    earlier = rules.evaluate(parsed, _facts(target, before)).points if before else Decimal(0)
    if earlier is None:
        return _silent(Silence.NEEDS_OTHER_FACTS)
    last = after.lines[-1] if after.lines else None
    return Estimate(
        after.points - earlier, after.points, earlier, last.zh if last else "", last.en if last else "", None
    )


def _facts(target: Decimal | None, work: Sequence[Counted]) -> rules.Facts:
    events = tuple(rules.Event(item.id, item.quantity, item.event_date) for item in work)
    return rules.Facts(target=target, baseline=None, events=events)


def _silent(why: Silence) -> Estimate:
    return Estimate(None, None, None, *_SILENT[why], why)
