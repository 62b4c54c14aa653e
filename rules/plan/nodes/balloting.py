"""R8 ballot: what the votes for each option come to (C7, C8, B11, B3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import inner, name
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Excess:
    """At most `share` of the valid votes may say `option`; what is beyond counts as `instead` (C9)."""

    option: str
    share: Fraction
    instead: str


@dataclass(frozen=True, slots=True)
class Ballot(Own):
    """The mean of the options' values over the valid votes. Options without a value are not counted ("don't know").

    A vote for an option that the plan does not list is not valid. Fewer than `least` valid votes: not assessed.
    """

    votes: str
    options: Mapping[str, Fraction]
    uncounted: frozenset[str]
    least: int
    excess: Excess | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Ballot":
        del nodes
        raw = reader.data.get("options")
        table = dict(raw) if isinstance(raw, dict) else {}
        blank = frozenset(str(option) for option, value in table.items() if value is None)
        kept = Reader(
            {**reader.data, "options": {k: v for k, v in table.items() if v is not None}},
            reader.place,
            reader.findings,
        )
        options = {option: Fraction(value) for option, value in kept.table("options").items()}
        reader.raw("options")
        if not options:
            reader.refuse("options", "missing", "应写明各选项的分值", "the value of each option is needed")
        least = reader.raw("least")
        if least is None:
            least = 1
        if isinstance(least, bool) or not isinstance(least, int) or least < 1:
            reader.refuse("least", "not-an-integer", "应为不小于 1 的整数", "must be an integer from 1")
            least = 1
        return cls(name(reader, "votes"), options, blank, least, _excess(reader, options), reader.decimals())

    @property
    def inputs(self) -> tuple[str, ...]:
        return ()

    @property
    def figures(self) -> tuple[str, ...]:
        return (self.votes,)

    def evaluate(self, view: View) -> Outcome:
        figure = view.figure(self.votes)
        if isinstance(figure, State):
            return without(figure)
        if not isinstance(figure, Mapping):
            return without(State.NOT_SUBMITTED)
        counted = {option: figure.get(option, Fraction(0)) for option in self.options}
        valid = sum(counted.values(), Fraction(0))
        if valid < self.least:
            return without(State.NOT_ASSESSED)
        if self.excess is not None:
            most = self.excess.share * valid
            over = max(counted[self.excess.option] - most, Fraction(0))
            counted[self.excess.option] -= over
            counted[self.excess.instead] += over
        value = sum((self.options[option] * votes for option, votes in counted.items()), Fraction(0)) / valid

        def say() -> Sentence:
            shown = " + ".join(f"{plain(v)} × {plain(self.options[o])}({o})" for o, v in counted.items() if v)
            text = f"{points_text(value)} = ({shown}) ÷ {plain(valid)}"
            return Sentence(f"{text} 张有效票", f"{text} valid votes")

        return scored(value, say, self.decimals)

    def describe(self, language: str) -> str:
        shown = "、".join(f"{option}{plain(value)}" for option, value in self.options.items())
        return (
            f"“{self.votes}”有效票平均:{shown}"
            if language == "zh"
            else f"the mean of valid votes in {self.votes}: {shown}"
        )


def _excess(reader: Reader, options: Mapping[str, Fraction]) -> Excess | None:
    item = inner(reader, "at_most")
    if item is None:
        return None
    found = Excess(name(item, "option"), Fraction(item.number("share", least=0)), name(item, "instead"))
    for key, option in (("option", found.option), ("instead", found.instead)):
        if option not in options:
            item.refuse(key, "option-unknown", f"没有选项 {option}", f"there is no option {option}")
    item.close()
    return found if found.option in options and found.instead in options else None
