"""What a node gives for one subject: an exact value or the reason why there is none, and sentences made when asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from rules.facts import State, Step
from rules.plan.naming import Names
from rules.rounding import half_up, plain
from rules.sentences import Sentence

Words = Callable[[], Sentence]
#: A number, or the state that stands in its place: what is kept of an outcome.
Amount = Fraction | State


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value` is None unless the state is SCORED. `say` puts the values into the node's sentence; nobody pays for a
    sentence that is not read.
    """

    value: Fraction | None
    state: State
    say: Words
    steps: Callable[[], tuple[Step, ...]] = tuple  # the node's own arithmetic, before its sentence

    @property
    def amount(self) -> Amount:
        return self.state if self.value is None else self.value


def scored(value: Fraction, say: Words, decimals: int | None = None) -> Outcome:
    """With the node's stated rounding, half up, which then is part of the sentence."""
    if decimals is None:
        return Outcome(value, State.SCORED, say)
    kept = Fraction(half_up(value, decimals))
    if kept == value:
        return Outcome(value, State.SCORED, say)

    def rounded() -> Sentence:
        said, shown = say(), format(half_up(value, decimals), "f")
        return Sentence(
            f"{said.zh};四舍五入到 {decimals} 位小数:{shown}",
            f"{said.en}; rounded half up to {decimals} decimals: {shown}",
        )

    return Outcome(kept, State.SCORED, rounded)


def told_by(outcome: Outcome, names: Names) -> Outcome:
    """The same, with its sentences in the plan's own words."""

    def steps() -> tuple[Step, ...]:
        return tuple(
            replace(step, zh=names.text(step.zh, "zh"), en=names.text(step.en, "en"))
            for step in outcome.steps()
        )

    return replace(outcome, say=lambda: names.sentence(outcome.say()), steps=steps)


def corrected(outcome: Outcome, more: Fraction) -> Outcome:
    """With what an appeal that succeeded adds; where there was no value, that is the value."""
    value = (outcome.value or Fraction(0)) + more

    def said() -> Sentence:
        before, sign = outcome.say(), "+" if more > 0 else "-"
        return Sentence(
            f"{before.zh};复议更正 {sign}{plain(abs(more))}:{plain(value)}",
            f"{before.en}; corrected on appeal by {sign}{plain(abs(more))}: {plain(value)}",
        )

    return Outcome(value, State.SCORED, said, outcome.steps)


STATE_WORDS = {
    State.NOT_APPLICABLE: Sentence("不适用", "not applicable"),
    State.NOT_SUBMITTED: Sentence("未提交", "not submitted"),
    State.NOT_ASSESSED: Sentence("未考核", "not assessed"),
    State.ABSTAINED: Sentence("弃权", "abstained"),
    State.SCORED: Sentence("已计分", "scored"),
}


def without(state: State) -> Outcome:
    """No value, and never zero instead of one."""
    return Outcome(None, state, lambda: STATE_WORDS[state])
