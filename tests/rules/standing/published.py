"""The published and constructed cases in examples/cases, and short ways to write totals and periods."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from rules.calendars.months import add_months
from rules.calendars.spans import Span
from rules.facts import State
from rules.fields import parsed
from rules.findings import RuleError
from rules.standing.settling import read_standing
from rules.standing.subjects import Context, Subject, Total

_CASES = Path(__file__).parents[3] / "examples" / "cases"

YEAR = Span("2026", date(2026, 1, 1), date(2026, 12, 31))


@cache
def case(number: str) -> Any:
    (path,) = _CASES.glob(f"{number}_*.json")
    return json.loads(path.read_text(encoding="utf-8"))


def totals(values: Mapping[str, Any], **figures: Mapping[str, Any]) -> dict[str, Total]:
    """Totals by subject; None is one that was not submitted. `figures` by subject."""
    return {
        subject: Total(None, State.NOT_SUBMITTED)
        if value is None
        else Total(Fraction(value), figures={k: Fraction(v) for k, v in figures.get(subject, {}).items()})
        for subject, value in values.items()
    }


def context(subjects: Mapping[str, Subject] | None = None, **rest: Any) -> Context:
    return Context(rest.pop("period", YEAR), rest.pop("year", "2026"), subjects or {}, **rest)


def read(kind: Any, data: Any) -> Any:
    """What the data says, or RuleError with everything that is wrong with it."""
    return parsed(kind.read, data)


def codes(kind: Any, data: Any) -> dict[str, str]:
    try:
        read(kind, data)
    except RuleError as error:
        return {finding.place: finding.code for finding in error.findings}
    return {}


class Settings:
    """The whole setting, read with `read_standing`."""

    read = staticmethod(read_standing)


def year(number: int) -> Span:
    return Span(str(number), date(number, 1, 1), date(number, 12, 31))


def month(number: int, of: int) -> Span:
    return Span(
        f"{number}-{of:02}", date(number, of, 1), add_months(date(number, of, 1), 1) - timedelta(days=1)
    )
