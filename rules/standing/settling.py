"""From totals to standing: rank, grade, bounds, quota, consequences; in this order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.fields import inner, some
from rules.findings import Finding
from rules.reading import Reader
from rules.standing.allotting import Allotment, Allotter, apply_order
from rules.standing.checking import check
from rules.standing.consequences import Consequence, Given, Spared
from rules.standing.grades import Grades
from rules.standing.grading import Graded, grade
from rules.standing.listing import RankList
from rules.standing.quotas import Quota
from rules.standing.ranking import Ranking
from rules.standing.records import Position
from rules.standing.settlement import Outcome, Settlement
from rules.standing.subjects import Context, Total
from rules.standing.triggers.trigger import Case


@dataclass(frozen=True, slots=True)
class Standing:
    """The R16 setting of a plan."""

    ranking: Ranking
    grades: Grades | None
    quotas: tuple[Quota, ...]
    consequences: tuple[Consequence, ...]

    @classmethod
    def read(cls, reader: Reader) -> "Standing":
        ranking, grades = inner(reader, "ranking"), inner(reader, "grades")
        read = [Consequence.read(item) for item in some(reader, "consequences")]
        found = cls(
            Ranking() if ranking is None else Ranking.read(ranking),
            None if grades is None else Grades.read(grades),
            tuple(Quota.read(item) for item in some(reader, "quotas")),
            tuple(consequence for consequence in read if consequence is not None),
        )
        reader.close()
        check(reader, found.ranking, found.grades, found.quotas, read)
        return found

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"ranking": self.ranking.to_data()}
        data |= {"grades": self.grades.to_data()} if self.grades is not None else {}
        data |= {"quotas": [quota.to_data() for quota in self.quotas]} if self.quotas else {}
        found = [consequence.to_data() for consequence in self.consequences]
        return data | ({"consequences": found} if found else {})

    def describe(self, language: str) -> list[str]:
        """A sentence for each setting, in the order in which they are applied."""
        found = [self.ranking.describe(language)]
        found += [self.grades.describe(language)] if self.grades is not None else []
        found += [quota.describe(language) for quota in self.quotas]
        return found + [consequence.describe(language) for consequence in self.consequences]

    def settle(self, totals: Mapping[str, Total], context: Context) -> Settlement:
        lists = self.ranking.rank(totals, context)
        graded, allotments, ungrouped = self._grade(totals, context)
        positions = _positions(lists)
        outcomes = {
            name: Outcome(name, totals[name], positions.get(name, {}), graded.get(name))
            for name in sorted(totals)
        }
        settled = Settlement(tuple(lists), outcomes, allotments, (), (), ())
        given, spared = self._follow(settled, context)
        findings = [*_without_total(totals, context)]
        findings += [finding for found in lists for finding in found.findings]
        findings += [finding for name in sorted(graded) for finding in graded[name].findings]
        findings += [finding for found in allotments for finding in found.findings]
        findings += [*ungrouped, *self._doubts(settled)]
        return Settlement(tuple(lists), outcomes, allotments, given, spared, tuple(findings))

    def _grade(
        self, totals: Mapping[str, Total], context: Context
    ) -> tuple[dict[str, Graded], tuple[Allotment, ...], list[Finding]]:
        if self.grades is None:
            return {}, (), []
        graded = {name: grade(self.grades, name, totals[name], context) for name in totals}
        allotter = Allotter(self.ranking, self.grades, totals, context)
        found: list[Allotment] = []
        ungrouped: list[Finding] = []
        for quota in apply_order(self.quotas, self.grades):
            ungrouped += allotter.without_group(quota, graded)
            found += allotter.allot(quota, graded)
        return graded, tuple(found), ungrouped

    def _follow(self, settled: Settlement, context: Context) -> tuple[tuple[Given, ...], tuple[Spared, ...]]:
        given: list[Given] = []
        spared: list[Spared] = []
        records = settled.records(context)
        for rule, consequence in enumerate(self.consequences):
            for name in settled.outcomes:
                case = Case((*context.history.get(name, ()), records[name]), context.about(name))
                gives, spares = consequence.follow(rule, name, case)
                given += gives
                spared += spares
        return tuple(self._replaced(given)), tuple(spared)

    def _replaced(self, given: list[Given]) -> list[Given]:
        """Without the lighter consequences in whose stead a heavier one is given to the same for the same subject."""
        gone = {
            (each.to, each.subject, name) for each in given for name in self.consequences[each.rule].replaces
        }
        found = []
        for each in given:
            left = tuple(name for name in each.gives if (each.to, each.subject, name) not in gone)
            if left or each.amount is not None:
                found.append(Given(each.rule, each.to, each.subject, left, each.amount, each.why))
        return found

    def _doubts(self, settled: Settlement) -> list[Finding]:
        """Where a tie lies across the border of the last n, and where nobody can be said to be among them."""
        found = []
        for rule, consequence in enumerate(self.consequences):
            for when in consequence.trigger.whens:
                cut = [
                    name
                    for name, outcome in settled.outcomes.items()
                    if when.scope in outcome.positions and when.cut(outcome.positions[when.scope])
                ]
                if cut:
                    who, said = "、".join(cut), when.words()
                    zh = f"{who} 在“{said.zh}”的边界并列,按设置处理({when.tie})"
                    en = f"{who} are tied at the border of “{said.en}”: dealt with as set ({when.tie})"
                    found.append(Finding(f"consequences.{rule}", "tie-at-border", zh, en))
                if when.kind == "last" and _unknown(settled, when.scope):
                    zh, en = "名单不完整,不能认定末位", "the list is not whole: nobody can be said to be last"
                    found.append(Finding(f"consequences.{rule}", "last-unknown", zh, en))
        return found


def read_standing(reader: Reader) -> Standing:
    return Standing.read(reader)


def _positions(lists: list[RankList]) -> dict[str, dict[str, Position]]:
    found: dict[str, dict[str, Position]] = {}
    for ranked in lists:
        for place in ranked.places:
            if place.position is not None:
                found.setdefault(place.subject, {})[ranked.scope] = place.position
    return found


def _unknown(settled: Settlement, scope: str) -> bool:
    positions = [outcome.positions.get(scope) for outcome in settled.outcomes.values()]
    return any(position is not None and position.behind is None for position in positions)


def _without_total(totals: Mapping[str, Total], context: Context) -> list[Finding]:
    return [
        Finding(
            name, "without-total", f"{name} 没有总分记录,未列入", f"{name} has no total and is not listed"
        )
        for name in sorted(context.subjects)
        if name not in totals
    ]
