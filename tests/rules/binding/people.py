"""Postings, people and a small binding for the tests of people and time."""

from datetime import date
from fractions import Fraction
from typing import Any

from rules.binding import Binding, Circumstance, Person, Record, Stint, assemble, parse_binding
from rules.calendars.spans import Span
from rules.plan import Evaluation, evaluate

NOVEMBER = Span("2026-11", date(2026, 11, 1), date(2026, 11, 30))
YEAR = Span("2026", date(2026, 1, 1), date(2026, 12, 31))


def stint(unit: str, since: str, until: str | None = None, **more: Any) -> Stint:
    known = {"kind": "regular", "post": "民警", "coefficient": Fraction(1), "primary": True} | more
    return Stint(
        unit, since=date.fromisoformat(since), until=date.fromisoformat(until) if until else None, **known
    )


def officer(name: str, *stints: Stint, **more: Any) -> Person:
    return Person(name, name, "officer", None, more.pop("groups", {}), stints, **more)


def unit(name: str, parent: str | None = None, **more: Any) -> Person:
    return Person(name, name, "unit", parent, more.pop("groups", {}), **more)


def held(name: str, since: str, until: str | None = None, **more: Any) -> Circumstance:
    end = date.fromisoformat(until) if until else None
    return Circumstance(name, more.pop("document", "文号"), date.fromisoformat(since), end, **more)


def binding(nodes: dict[str, Any] | None = None, **more: Any) -> Binding:
    """The total is a reading called score, graded 优秀, 称职, 不称职."""
    grades = {
        "grades": [{"name": "优秀", "op": ">=", "bound": "90"}, {"name": "称职", "op": ">=", "bound": "60"}],
        "otherwise": "不称职",
    }
    plan = {
        "format": "kaohe/plan/1",
        "name": "办法",
        "nodes": {"score": {"type": "take", "of": "points"}} | (nodes or {}),
        "total": more.pop("total", "score"),
        "standing": {"grades": grades} | more.pop("standing", {}),
    } | more.pop("plan", {})
    sources = {"points": {"reading": "score"}} | more.pop("sources", {})
    return parse_binding({"plan": plan, "sources": sources, "rest": "mod_business"} | more)


def run(found: Binding, *people: Person, period: Span = NOVEMBER, **scores: str) -> Evaluation:
    records = {name: Record(readings={"score": Fraction(score)}) for name, score in scores.items()}
    return evaluate(found.plan, assemble(found, period, people, records))
