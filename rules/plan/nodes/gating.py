"""R13 gate: what happens to a figure, or to a group of them, when a condition on other nodes holds (B2, B7, B8, A16)."""

from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import optional_name
from rules.plan.conditions import Condition, condition
from rules.plan.naming import named
from rules.plan.operands import Operand, operand, optional_operand
from rules.plan.outcomes import Outcome, Words, scored, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence

#: zero: nothing is left. add: a fixed deduction (a veto may cost 30 points and not zero the sheet). replace: another
#: figure stands in its place (limit other items to base). cap: not above. cancel: there is no figure this period.
EFFECTS = ("zero", "add", "replace", "cap", "cancel")


@dataclass(frozen=True, slots=True)
class Gate(Own):
    """Grade ceilings, bars and exclusions from the ranking are marks of the plan: R16 looks at them."""

    of: Operand
    when: Condition
    effect: str
    amount: Operand | None
    label: str

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Gate":
        effect = reader.choice("effect", EFFECTS)
        amount = optional_operand(reader, "amount")
        if (effect in {"add", "replace", "cap"}) != (amount is not None):
            reader.refuse(
                "amount",
                "amount-unclear",
                "add、replace、cap 应写明 amount",
                "add, replace and cap need an amount",
            )
        return cls(
            operand(reader, "of").bound(nodes), condition(reader, "when").bound(nodes), effect,
            amount.bound(nodes) if amount else None, optional_name(reader, "label") or "",
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.of, self.when, self.amount)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.of, self.when, self.amount)

    def evaluate(self, view: View) -> Outcome:
        own = self.of.amount(view)
        if isinstance(own, State):
            return self._instead(own, view)
        if not self.when.holds(view):
            return scored(own, self._open(own))
        amount = self.amount.amount(view) if self.amount else Fraction(0)
        if self.effect == "cancel":
            return without(State.NOT_ASSESSED)
        if isinstance(amount, State):
            return without(amount)
        value = {
            "zero": Fraction(0),
            "add": own + amount,
            "replace": amount,
            "cap": min(own, amount),
        }[self.effect]
        return scored(value, self._said(own, value))

    def _instead(self, state: State, view: View) -> Outcome:
        """Only a replacement stands for a figure that is not there: holders of a title have full marks unasked (B6)."""
        amount = self.amount.amount(view) if self.effect == "replace" and self.amount else state
        if isinstance(amount, State) or not self.when.holds(view):
            return without(state)

        def say() -> Sentence:
            when, label = self.when.words(), self._labelled()
            shown = points_text(amount)
            return Sentence(
                f"{shown}:{label.zh}因{when.zh},计 {plain(amount)}",
                f"{shown}: {label.en}because {when.en}, counted as {plain(amount)}",
            )

        return scored(amount, say)

    def _labelled(self) -> Sentence:
        return Sentence(f"{named(self.label)}:", f"{named(self.label)}: ") if self.label else Sentence("", "")

    def _open(self, own: Fraction) -> Words:
        """The condition does not hold: the figure stays as it is."""

        def say() -> Sentence:
            when, shown = self.when.words(), points_text(own)
            return Sentence(
                f"{shown}:未出现{when.zh},不变", f"{shown}: {when.en} does not hold, so unchanged"
            )

        return say

    def _said(self, own: Fraction, value: Fraction) -> Words:
        def say() -> Sentence:
            when, label = self.when.words(), self._labelled()
            return Sentence(
                f"{points_text(value)}:{label.zh}因{when.zh},由 {plain(own)} 改为 {plain(value)}",
                f"{points_text(value)}: {label.en}because {when.en}, {plain(own)} becomes {plain(value)}",
            )

        return say

    def describe(self, language: str) -> str:
        when = self.when.words().say(language)
        amount = self.amount.words() if self.amount else ""
        if language == "zh":
            what = {
                "zero": "记零",
                "add": f"加 {amount}",
                "replace": f"改为 {amount}",
                "cap": f"不超过 {amount}",
                "cancel": "本期不计",
            }
            return f"{named(self.label) if self.label else self.of.words()}:如{when},{what[self.effect]}"
        what = {
            "zero": "zero",
            "add": f"{amount} is added",
            "replace": f"{amount} instead",
            "cap": f"at most {amount}",
            "cancel": "no figure this period",
        }
        return f"{named(self.label) if self.label else self.of.words()}: if {when}, {what[self.effect]}"
