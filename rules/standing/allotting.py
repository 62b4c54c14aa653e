"""Applying a quota: who keeps the grade, who moves down and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from rules.findings import Finding
from rules.sentences import Sentence
from rules.standing.grades import Grades
from rules.standing.grading import Graded
from rules.standing.order import Block
from rules.standing.quotas import (
    ALL,
    AT_LEAST,
    DECIDE,
    INCLUDE,
    PLACED_COUNT,
    Quota,
)
from rules.standing.ranking import OVERALL, Ranking
from rules.standing.subjects import Context, Total


@dataclass(frozen=True, slots=True)
class Allotment:
    """One quota in one group, or in several that are pooled. `moved` and `open` are by name."""

    grade: str
    groups: tuple[str, ...]
    base: int
    exact: Fraction
    places: int
    kept: tuple[str, ...]
    moved: Mapping[str, str]
    undecided: tuple[str, ...]
    why: Sentence
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Allotter:
    """The people of a list with their grades so far."""

    ranking: Ranking
    grades: Grades
    totals: Mapping[str, Total]
    context: Context

    def allot(self, quota: Quota, graded: dict[str, Graded]) -> list[Allotment]:
        """Changes `graded` where the quota moves somebody down."""
        return [self._one(quota, groups, members, graded) for groups, members in self._groups(quota, graded)]

    def without_group(self, quota: Quota, graded: Mapping[str, Graded]) -> list[Finding]:
        """Who has the grade but no group in the quota's scope, so that no quota limits it."""
        return [
            Finding(
                name,
                "quota-without-group",
                f"{name} 没有“{quota.scope}”分组,{quota.grade}不受名额限制",
                f"{name} has no group in “{quota.scope}”: no quota limits {quota.grade}",
            )
            for name in sorted(self.totals)
            if quota.scope != OVERALL
            and graded[name].grade == quota.grade
            and quota.scope not in self.context.about(name).groups
        ]

    def _groups(self, quota: Quota, graded: Mapping[str, Graded]) -> list[tuple[tuple[str, ...], list[str]]]:
        by_group: dict[str, list[str]] = {}
        for subject in sorted(self.totals):
            group = "" if quota.scope == OVERALL else self.context.about(subject).groups.get(quota.scope)
            if group is not None:
                by_group.setdefault(group, []).append(subject)
        small = [g for g in sorted(by_group) if self._base(quota, by_group[g], graded) < quota.pool_below]
        found: list[tuple[tuple[str, ...], list[str]]] = [
            ((group,), by_group[group]) for group in sorted(by_group) if group not in small
        ]
        if small:
            found.append((tuple(small), sorted(s for group in small for s in by_group[group])))
        return found

    def _base(self, quota: Quota, members: list[str], graded: Mapping[str, Graded]) -> int:
        if quota.base == ALL:
            return len(members)
        having = [graded[member].grade for member in members if not self._outside(member)]
        if quota.base == AT_LEAST and quota.least is not None:
            least = quota.least
            return sum(grade is not None and not self.grades.worse(grade, least) for grade in having)
        return sum(grade is not None for grade in having)

    def _one(
        self, quota: Quota, groups: tuple[str, ...], members: list[str], graded: dict[str, Graded]
    ) -> Allotment:
        lower = quota.falls_to or self.grades.below(quota.grade)
        holders = [m for m in members if graded[m].grade == quota.grade and not self._outside(m)]
        safe = [member for member in holders if self._safe(graded[member], lower)]
        base = self._base(quota, members, graded)
        places, why = quota.places(base), quota.arithmetic(base)
        left = places - len(safe) if quota.placed == PLACED_COUNT else places
        kept, out, tied = self._border(quota, [h for h in holders if h not in safe], max(left, 0))
        where = ", ".join(groups) or OVERALL
        findings = [_over(where, quota.grade, places, len(safe))] if left < 0 else []
        if quota.at_tie == INCLUDE and tied:
            findings.append(_exceeded(where, quota.grade, places, len(kept) + len(safe)))
        for member in out:
            graded[member] = graded[member].to(
                lower, f"{why.zh},超出名额:{lower}", f"{why.en}; beyond them: {lower}"
            )
        undecided = tied if quota.at_tie == DECIDE else ()
        for member in undecided:
            graded[member] = graded[member].undecided(_open(where, quota.grade, why, tied))
        findings += [_open(where, quota.grade, why, tied)] if undecided else []
        moved = dict.fromkeys(out, lower)
        exact = quota.exact(base)
        everybody = tuple(sorted({*kept, *safe}))
        return Allotment(
            quota.grade, groups, base, exact, places, everybody, moved, undecided, why, tuple(findings)
        )

    def _outside(self, member: str) -> bool:
        """Who is not ranked keeps his grade and takes nobody's place."""
        return self.context.about(member).outside is not None

    def _safe(self, graded: Graded, lower: str) -> bool:
        return graded.floor is not None and self.grades.worse(lower, graded.floor)

    def _border(
        self, quota: Quota, holders: list[str], left: int
    ) -> tuple[list[str], list[str], tuple[str, ...]]:
        """Who stays, who moves down, and who is tied across the border (of these, by setting, also one of the two)."""
        kept: list[str] = []
        for number, block in enumerate(ordered := self._ordered(quota, holders)):
            room = left - len(kept)
            if len(block) <= room:
                kept += block
                continue
            later = [member for each in ordered[number + 1 :] for member in each]
            if room == 0:
                return kept, [*block, *later], ()
            if quota.at_tie == INCLUDE:
                return [*kept, *block], later, block
            return kept, later if quota.at_tie == DECIDE else [*block, *later], block
        return kept, [], ()

    def _ordered(self, quota: Quota, holders: list[str]) -> list[tuple[str, ...]]:
        """Best first; those without a total stand equal at the end."""
        ranking = replace(self.ranking, ties=(*self.ranking.ties, *quota.ties))
        blocks: list[Block] = ranking.order({h: self.totals[h] for h in holders}, self.context)
        unknown = tuple(sorted(h for h in holders if self.totals[h].value is None))
        return [block.subjects for block in blocks] + ([unknown] if unknown else [])


def _over(where: str, grade: str, places: int, safe: int) -> Finding:
    zh = f"{grade}名额 {places} 个,直接定为或不得低于{grade}的已有 {safe} 个"
    en = f"{places} places for {grade}, but {safe} are directly placed or not to fall below it"
    return Finding(where, "quota-over-by-placement", zh, en)


def _exceeded(where: str, grade: str, places: int, have: int) -> Finding:
    zh, en = (
        f"{grade}名额 {places} 个,因同分列入 {have} 个",
        f"{places} places for {grade}, {have} taken in by a tie",
    )
    return Finding(where, "quota-exceeded-by-tie", zh, en)


def _open(where: str, grade: str, why: Sentence, tied: tuple[str, ...]) -> Finding:
    who = "、".join(tied)
    zh = f"{why.zh};{who} 在名额边界同分,需要决定谁为{grade}"
    en = f"{why.en}; {who} are tied at the border: who is {grade} needs a decision"
    return Finding(where, "quota-tie", zh, en)


def apply_order(quotas: tuple[Quota, ...], grades: Grades) -> list[Quota]:
    """From the best grade down: who moves down competes for the next grade."""
    return sorted(quotas, key=lambda quota: grades.names.index(quota.grade))
