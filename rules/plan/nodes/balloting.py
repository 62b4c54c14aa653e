"""R8 ballot: what the votes for each option come to (C7, C8, B11, B3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import inner, name, switch
from rules.plan.facts import Figure
from rules.plan.naming import named
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence

REFUSE, DROP = "refuse", "drop_rescale"
MOST_MARKS = 200


@dataclass(frozen=True, slots=True)
class Excess:
    """At most `share` of the valid votes may say `option`; what is beyond counts as `instead` (C9)."""

    option: str
    share: Fraction
    instead: str


@dataclass(frozen=True, slots=True)
class Rater:
    """`upward`: those below rate their superiors; the plan check looks at the weight that they have."""

    votes: str
    weight: Fraction
    upward: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """The valid votes by option after the limit, how many they are, their mean."""

    votes: Mapping[str, Fraction]
    valid: Fraction
    mean: Fraction


@dataclass(frozen=True, slots=True)
class Ballot(Own):
    """The mean of the options' values over the valid votes. Options without a value are not counted ("don't know").

    A vote for an option that the plan does not list is not valid. Fewer than `least` valid votes: not assessed. With `raters`
    each group of raters has votes and a weight of its own (B1: 3:6:3:3); `absent` says what becomes of a group that has no
    result: none for the whole, or the weights of the others alone. `scale` lists the marks that may be given.
    """

    raters: tuple[Rater, ...]
    absent: str
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
        options = {option: Fraction(value) for option, value in kept.table("options").items()} | _scale(
            reader
        )
        reader.raw("options")
        if not options:
            reader.refuse("options", "missing", "应写明各选项的分值", "the value of each option is needed")
        least = reader.raw("least")
        if least is None:
            least = 1
        if isinstance(least, bool) or not isinstance(least, int) or least < 1:
            reader.refuse("least", "not-an-integer", "应为不小于 1 的整数", "must be an integer from 1")
            least = 1
        return cls(
            _raters(reader), reader.choice("absent", (REFUSE, DROP), REFUSE), options, blank, least,
            _excess(reader, options), reader.decimals(),
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return ()

    @property
    def figures(self) -> tuple[str, ...]:
        return tuple(rater.votes for rater in self.raters)

    def evaluate(self, view: View) -> Outcome:
        found: list[tuple[Rater, Counted]] = []
        absent: State | None = None
        for rater in self.raters:
            counted = self._counted(view.figure(rater.votes))
            if isinstance(counted, Counted):
                found.append((rater, counted))
            elif self.absent == REFUSE:
                return without(counted)
            else:
                absent = absent or counted
        if not found:
            return without(absent or State.NOT_SUBMITTED)
        whole = sum((rater.weight for rater, _ in found), Fraction(0))
        value = sum((rater.weight * counted.mean for rater, counted in found), Fraction(0)) / whole

        def say() -> Sentence:
            if len(self.raters) == 1:
                text = f"{points_text(value)} = {self._shown(found[0][1])}"
                return Sentence(f"{text} 张有效票", f"{text} valid votes")
            parts = " + ".join(f"{plain(r.weight)} × {self._shown(c)}({named(r.votes)})" for r, c in found)
            text = f"{points_text(value)} = " + (parts if whole == 1 else f"({parts}) ÷ {plain(whole)}")
            return Sentence(text, text)

        return scored(value, say, self.decimals)

    def _shown(self, counted: Counted) -> str:
        shown = " + ".join(
            f"{plain(v)} × {plain(self.options[o])}({named(o)})" for o, v in counted.votes.items() if v
        )
        return f"({shown}) ÷ {plain(counted.valid)}"

    def _counted(self, figure: Figure | None) -> Counted | State:
        if isinstance(figure, State):
            return figure
        if not isinstance(figure, Mapping):
            return State.NOT_SUBMITTED
        counted = {option: figure.get(option, Fraction(0)) for option in self.options}
        valid = sum(counted.values(), Fraction(0))
        if valid < self.least:
            return State.NOT_ASSESSED
        if self.excess is not None:
            most = self.excess.share * valid
            over = max(counted[self.excess.option] - most, Fraction(0))
            counted[self.excess.option] -= over
            counted[self.excess.instead] += over
        mean = sum((self.options[option] * votes for option, votes in counted.items()), Fraction(0)) / valid
        return Counted(counted, valid, mean)

    def describe(self, language: str) -> str:
        shown = "、".join(f"{option}{plain(value)}" for option, value in self.options.items())
        who = "、".join(
            f"“{named(rater.votes)}”" + (f"{plain(rater.weight * 100)}%" if len(self.raters) > 1 else "")
            for rater in self.raters
        )
        return (
            f"{who}有效票平均:{shown}" if language == "zh" else f"the mean of valid votes in {who}: {shown}"
        )


def _raters(reader: Reader) -> tuple[Rater, ...]:
    if reader.data.get("raters") is None:
        return (Rater(name(reader, "votes"), Fraction(1), switch(reader, "upward", default=False)),)
    found = []
    for item in reader.objects("raters"):
        weight, upward = Fraction(item.number("weight")), switch(item, "upward", default=False)
        found.append(Rater(name(item, "votes"), weight, upward))
        if found[-1].weight <= 0:
            item.refuse("weight", "weight-not-positive", "权重应大于零", "a weight must be above zero")
        item.close()
    whole = sum((rater.weight for rater in found), Fraction(0))
    if whole != 1 and any(rater.weight.denominator != 1 for rater in found):
        zh = f"权重之和为 {plain(whole)},应为 1,或写成整数比"
        en = f"the weights add up to {plain(whole)}: they must be 1, or whole numbers as in 3:6:3:3"
        reader.refuse("raters", "weights-not-one", zh, en)
    return tuple(found)


def _scale(reader: Reader) -> dict[str, Fraction]:
    """Discrete marks: every step from the lowest to the highest is an option of its own name."""
    item = inner(reader, "scale")
    if item is None:
        return {}
    low, high, step = (Fraction(item.number(key)) for key in ("from", "to", "step"))
    item.close()
    if not _check_scale(item, low, high, step):
        return {}
    return {plain(low + step * n): low + step * n for n in range(int((high - low) / step) + 1)}


def _check_scale(reader: Reader, low: Fraction, high: Fraction, step: Fraction) -> bool:
    if step <= 0 or high < low or (high - low) / step > MOST_MARKS or (high - low) % step:
        zh, en = "应能由 from 逐档到 to", "steps must lead from the lowest to the highest mark"
        reader.refuse("step", "scale-invalid", zh, en)
        return False
    return True


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
