"""R1 ratio, R2 step, R3 band table, R4 all-or-nothing, as indicators have them, over figures and nodes of a plan.

The parameters are those of `rules.parse`; beside them `actual`, and where the rule needs them `target` and `baseline`.
"""

from dataclasses import dataclass

from rules.facts import State
from rules.nodes.measured import Measure, Measured
from rules.plan.operands import Operand, operand, optional_operand
from rules.plan.outcomes import Outcome, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.sentences import Sentence

OWN = ("actual", "target", "baseline")


@dataclass(frozen=True, slots=True)
class Measuring(Own):
    rule: Measure
    actual: Operand
    target: Operand | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str], rule: Measure) -> "Measuring":
        target = optional_operand(reader, "target")
        return cls(rule, operand(reader, "actual").bound(nodes), target.bound(nodes) if target else None)

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.actual, self.target)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.actual, self.target)

    def evaluate(self, view: View) -> Outcome:
        actual = self.actual.amount(view)
        if isinstance(actual, State):
            return without(actual)
        target = self.target.amount(view) if self.target else None
        if isinstance(target, State):
            return without(target)
        measured = Measured(actual, target)
        value = self.rule.points(measured)
        if isinstance(value, State):
            return without(value)

        def say() -> Sentence:
            last = self.rule.evaluate(measured).lines[-1]
            return Sentence(last.zh, last.en)

        return Outcome(value, State.SCORED, say, lambda: self.rule.evaluate(measured).lines[:-1])

    def describe(self, language: str) -> str:
        said = self.rule.describe(language)
        return f"{self.actual.words()}:{said}" if language == "zh" else f"{self.actual.words()}: {said}"
