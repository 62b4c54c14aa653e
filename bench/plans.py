"""A plan of 200 indicators for many subjects, against the same arithmetic written out by hand."""

from datetime import date
from fractions import Fraction
from typing import Any

from rules.calendars.spans import Span
from rules.plan import Plan, PlanFacts, PlanSubject, parse_plan
from rules.standing.subjects import Context

INDICATORS, MODULES, SUBJECTS = 200, 10, 10_000
_KINDS = 5
_TENTH = Fraction(1, MODULES)


def plan() -> Plan:
    """Ten modules of twenty indicators: ratio, step, band, all-or-nothing, figure as it is; ten equal weights."""
    shapes: list[dict[str, Any]] = [
        {"type": "ratio", "full": "10", "cap": "1.2", "target": "87.5"},
        {"type": "step", "base": "10", "threshold": "90", "step": "1", "unit": "points", "below": "-0.25", "mode": "proportional", "cap_minus": "5"},
        {"type": "band", "otherwise": "0", "bands": [
            {"op": ">=", "bound": "90", "points": "10"}, {"op": ">=", "bound": "80", "points": "8"}, {"op": ">=", "bound": "60", "points": "6"}]},
        {"type": "all_or_nothing", "full": "5", "threshold": "95"},
    ]  # fmt: skip
    nodes: dict[str, Any] = {}
    for number in range(INDICATORS):
        kind = number % _KINDS
        figure = f"f{number}"
        nodes[f"n{number}"] = (
            shapes[kind] | {"actual": figure} if kind < len(shapes) else {"type": "take", "of": figure}
        )
    each = INDICATORS // MODULES
    for module in range(MODULES):
        parts = [f"n{number}" for number in range(module * each, (module + 1) * each)]
        nodes[f"m{module}"] = {"type": "combine", "method": "sum", "parts": parts}
    weighted = [{"of": f"m{module}", "weight": "0.1"} for module in range(MODULES)]
    nodes["total"] = {"type": "combine", "method": "weighted_sum", "parts": weighted, "decimals": 2}
    return parse_plan({"format": "kaohe/plan/1", "name": "bench", "nodes": nodes, "total": "total"})


def facts() -> PlanFacts:
    names = [f"f{number}" for number in range(INDICATORS)]
    values = [Fraction(hundredths, 100) for hundredths in range(10_000)]
    subjects = tuple(
        PlanSubject(
            f"s{subject}",
            f"s{subject}",
            {name: values[(subject * 37 + number * 11) % len(values)] for number, name in enumerate(names)},
        )
        for subject in range(SUBJECTS)
    )
    return PlanFacts(Context(Span("", date(2026, 1, 1), date(2026, 12, 31))), subjects)


def by_hand(found: PlanFacts) -> dict[str, Fraction]:
    """What a programmer would write for this one plan."""
    totals = {}
    each = INDICATORS // MODULES
    for subject in found.subjects:
        figures = subject.figures
        total = Fraction(0)
        for module in range(MODULES):
            marks = Fraction(0)
            for number in range(module * each, (module + 1) * each):
                actual = figures[f"f{number}"]
                assert isinstance(actual, Fraction)
                marks += _indicator(number % _KINDS, actual)
            total += _TENTH * marks
        totals[subject.id] = Fraction((total * 200 + 1) // 2, 100)
    return totals


def _indicator(kind: int, actual: Fraction) -> Fraction:
    match kind:
        case 0:
            return Fraction(10) * min(actual / Fraction(175, 2), Fraction(6, 5))
        case 1:
            gap = actual - 90
            return Fraction(10) + (max(gap * Fraction(1, 4), Fraction(-5)) if gap < 0 else 0)
        case 2:
            for bound, points in ((90, 10), (80, 8), (60, 6)):
                if actual >= bound:
                    return Fraction(points)
            return Fraction(0)
        case 3:
            return Fraction(5) if actual >= 95 else Fraction(0)
        case _:
            return actual
