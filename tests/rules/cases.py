"""Short ways to write rules and facts in tests."""

from datetime import date
from decimal import Decimal
from typing import Any

import rules


def facts(*quantities: str | int, target: str | int | None = None, level: str | None = None) -> rules.Facts:
    events = tuple(
        rules.Event(id=str(n), quantity=Decimal(q), occurred_on=date(2026, 11, 1), level=level)
        for n, q in enumerate(quantities)
    )
    return rules.Facts(target=None if target is None else Decimal(target), baseline=None, events=events)


def result(found: rules.Facts, **rule: Any) -> rules.Result:
    return rules.evaluate(rules.parse(rule), found)


def points(found: rules.Facts, **rule: Any) -> Decimal | None:
    return result(found, **rule).points


def codes(data: Any) -> dict[str, str]:
    """Place → code of what is wrong with the data; empty when it is a rule."""
    try:
        rules.parse(data)
    except rules.RuleError as error:
        return {finding.place: finding.code for finding in error.findings}
    return {}
