"""R13 veto that excludes from the ranking or from the grades: who is listed without one, and why (D1, A1, C4, C10)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rules.fields import name, some
from rules.plan.conditions import Condition, condition
from rules.plan.view import View
from rules.reading import Reader
from rules.standing.subjects import NoGrade, Outside, Subject, Ungraded


@dataclass(frozen=True, slots=True)
class Exclusion:
    when: Condition
    state: Outside | NoGrade
    reason: str


def read_exclusions(reader: Reader, nodes: frozenset[str]) -> tuple[Exclusion, ...]:
    """Under `outside`: [{when, state, reason}]."""
    found = []
    for item in some(reader, "outside"):
        state = Outside(item.choice("state", tuple(Outside), Outside.EXEMPT))
        found.append(Exclusion(condition(item, "when").bound(nodes), state, name(item, "reason")))
        item.close()
    return tuple(found)


def read_ungraded(reader: Reader, nodes: frozenset[str]) -> tuple[Exclusion, ...]:
    """Under `ungraded`: [{when, state, reason}]: comment only in probation (C4), under six months (C10)."""
    found = []
    for item in some(reader, "ungraded"):
        state = NoGrade(item.choice("state", tuple(NoGrade), NoGrade.COMMENT_ONLY))
        found.append(Exclusion(condition(item, "when").bound(nodes), state, name(item, "reason")))
        item.close()
    return tuple(found)


def excluded(about: Subject, exclusions: Iterable[Exclusion], view: View) -> Subject:
    """What the facts say already stands; else the first condition of its sort that holds."""
    for each in exclusions:
        if isinstance(each.state, Outside) and about.outside is None and each.when.holds(view):
            about = replace(about, outside=each.state, outside_reason=each.reason)
        elif isinstance(each.state, NoGrade) and about.ungraded is None and each.when.holds(view):
            about = replace(about, ungraded=Ungraded(each.state, each.reason))
    return about
