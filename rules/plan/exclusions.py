"""R13 veto that excludes from the ranking: who is listed without a rank, and why (D1, A1 of the published schemes)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rules.fields import name, some
from rules.plan.conditions import Condition, condition
from rules.plan.view import View
from rules.reading import Reader
from rules.standing.subjects import Outside, Subject


@dataclass(frozen=True, slots=True)
class Exclusion:
    when: Condition
    state: Outside
    reason: str


def read_exclusions(reader: Reader, nodes: frozenset[str]) -> tuple[Exclusion, ...]:
    """Under `outside`: [{when, state, reason}]."""
    found = []
    for item in some(reader, "outside"):
        state = Outside(item.choice("state", tuple(Outside), Outside.EXEMPT))
        found.append(Exclusion(condition(item, "when").bound(nodes), state, name(item, "reason")))
        item.close()
    return tuple(found)


def excluded(about: Subject, exclusions: Iterable[Exclusion], view: View) -> Subject:
    """What the facts say already stands; else the first condition that holds."""
    if about.outside is None:
        for each in exclusions:
            if each.when.holds(view):
                return replace(about, outside=each.state, outside_reason=each.reason)
    return about
