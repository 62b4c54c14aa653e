"""Units that were merged into another within a period (rules.md 2.4; D7): assessed alone, weighted by months, or left out.

A choice of the plan, told with the standing. The points in the ledger are what each unit has earned; it is the totals that are
ranked and graded which are put together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from rules.binding.people import Person
from rules.calendars.months import completed
from rules.calendars.spans import Span
from rules.facts import State
from rules.findings import Finding
from rules.plan.plan import Plan
from rules.rounding import half_up, plain
from rules.standing.subjects import Outside, Subject, Total


def mergers(people: Iterable[Person], period: Span) -> dict[str, str]:
    """Unit that ended in the period → the one that its work went to at last, if that is assessed; else itself."""
    units = {person.id: person for person in people if person.kind == "unit"}
    ended = {
        key: each for key, each in units.items() if each.merged_into and each.until and each.until in period
    }
    return {key: _last(key, ended, units) for key in ended}


def without_rank(about: Subject, successor: str) -> Subject:
    """Listed, not ranked; what was decided about the unit otherwise goes before."""
    if about.outside is not None:
        return about
    return replace(about, outside=Outside.NOT_ASSESSED, outside_reason=f"已并入{successor}")


def put_together(
    plan: Plan, totals: Mapping[str, Total], people: Iterable[Person], period: Span
) -> tuple[dict[str, Total], list[Finding]]:
    """The totals with those of successors by months, and how each was worked out. A total that is missing leaves the others."""
    known = {person.id: person for person in people}
    parts: dict[str, list[str]] = {}
    for ended, successor in sorted(mergers(known.values(), period).items()):
        if ended != successor:
            parts.setdefault(successor, [successor]).append(ended)
    found, findings = dict(totals), []
    for successor, units in parts.items():
        counted = [
            (known[unit].name, value, months)
            for unit in units
            if (value := totals[unit].value) is not None and (months := months_of(known[unit], period)) > 0
        ]
        whole = sum(months for _, _, months in counted)
        if not whole:
            continue
        mean = sum((value * months for _, value, months in counted), Fraction(0)) / whole
        value = _rounded(plan, mean)
        found[successor] = replace(totals[successor], value=value, state=State.SCORED)
        sum_ = " + ".join(f"{plain(value)} × {months}" for _, value, months in counted)
        names = [name for name, _, _ in counted]
        text = f"{plain(value)} = ({sum_}) ÷ {whole}"
        zh = f"{known[successor].name} 按月合并({'、'.join(names)}):{text}"
        en = f"{known[successor].name} put together by months ({', '.join(names)}): {text}"
        findings.append(Finding(successor, "unit-merged", zh, en))
    return found, findings


def months_of(unit: Person, period: Span) -> int:
    """Whole months of the period in which there was the unit."""
    start = period.start if unit.since is None else max(unit.since, period.start)
    end = period.end if unit.until is None else min(unit.until, period.end)
    return max(completed(start, end), 0)


def _last(unit: str, ended: Mapping[str, Person], units: Mapping[str, Person]) -> str:
    """Where the chain of mergers ends; itself if it leaves those assessed, or runs in a circle."""
    seen, at = {unit}, unit
    while at in ended:
        at = str(ended[at].merged_into)
        if at in seen or at not in units:
            return unit
        seen.add(at)
    return at


def _rounded(plan: Plan, value: Fraction) -> Fraction:
    """As the node of the total is."""
    decimals = getattr(plan.nodes[plan.total].node, "decimals", None)
    return value if decimals is None else Fraction(half_up(value, decimals))
