"""What standing comes to in a period: lists, grades, quotas, consequences, and everything to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.findings import Finding
from rules.sentences import Sentence
from rules.standing.allotting import Allotment
from rules.standing.consequences import Given, Spared
from rules.standing.grading import Graded
from rules.standing.listing import RankList
from rules.standing.records import Position, Record
from rules.standing.subjects import Context, Total

#: The order in which standing is worked out; printed with every result (rules.md 2.2.6).
ORDER = (
    Sentence("名次", "rank"),
    Sentence("等次", "grade"),
    Sentence("上下限", "bounds"),
    Sentence("比例名额", "quota"),
    Sentence("奖惩", "consequences"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One subject. `graded` is None where the scheme has no grades."""

    subject: str
    total: Total
    positions: Mapping[str, Position]
    graded: Graded | None

    @property
    def grade(self) -> str | None:
        return None if self.graded is None else self.graded.grade

    @property
    def shown(self) -> str | None:
        return None if self.graded is None else self.graded.shown

    def rank(self, scope: str) -> int | None:
        position = self.positions.get(scope)
        return None if position is None else position.rank


@dataclass(frozen=True, slots=True)
class Settlement:
    lists: tuple[RankList, ...]
    outcomes: Mapping[str, Outcome]
    allotments: tuple[Allotment, ...]
    given: tuple[Given, ...]
    spared: tuple[Spared, ...]
    findings: tuple[Finding, ...]
    order: tuple[Sentence, ...] = ORDER

    def to(self, who: str) -> tuple[str, ...]:
        """Everything that follows for a subject or a person, in the order of the rules."""
        return tuple(name for given in self.given if given.to == who for name in given.gives)

    def amount(self, rule: int | None = None) -> Fraction:
        """The money of one rule, or of all."""
        rules = {given.rule for given in self.given} if rule is None else {rule}
        return sum((given.amount or Fraction(0) for given in self.given if given.rule in rules), Fraction(0))

    def records(self, context: Context) -> dict[str, Record]:
        """What the next periods need to know of this one."""
        return {
            name: Record(context.period, context.year, found.positions, found.grade, found.total.value)
            for name, found in self.outcomes.items()
        }

    def described_order(self, language: str) -> str:
        return " → ".join(step.say(language) for step in self.order)
