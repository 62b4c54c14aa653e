"""R10 normalise: figures from different panels, or out of different totals, made comparable."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from rules.facts import State
from rules.fields import optional_name, optional_whole
from rules.plan.nodes.grouping import group_values
from rules.plan.operands import Operand, operand
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import EVERYBODY, Own, View, group_of
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence

#: Digits of a square root before the node's rounding; far beyond the six decimals that a node can keep.
ROOT_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Normalise(Own):
    """of × to ÷ possible: 追加分项折回百分制 (B7), 100/130 (B8)."""

    of: Operand
    possible: Operand
    to: Operand
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Normalise":
        return cls(
            operand(reader, "of").bound(nodes),
            operand(reader, "possible").bound(nodes),
            operand(reader, "to", "100").bound(nodes),
            reader.decimals(),
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.of, self.possible, self.to)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.of, self.possible, self.to)

    def evaluate(self, view: View) -> Outcome:
        amounts = [each.amount(view) for each in (self.of, self.possible, self.to)]
        for amount in amounts:
            if isinstance(amount, State):
                return without(amount)
        own, possible, to = (amount for amount in amounts if isinstance(amount, Fraction))
        if possible == 0:
            return without(State.NOT_APPLICABLE)
        value = own * to / possible

        def say() -> Sentence:
            text = f"{points_text(value)} = {plain(own)} ÷ {plain(possible)} × {plain(to)}"
            return Sentence(text, text)

        return scored(value, say, self.decimals)

    def describe(self, language: str) -> str:
        if language == "zh":
            return f"{self.of.words()}按满分{self.possible.words()}折算为{self.to.words()}分制"
        return f"{self.of.words()} out of {self.possible.words()}, brought to {self.to.words()}"


@dataclass(frozen=True, slots=True)
class Balance:
    """own × mean of all ÷ mean of the own panel (B13). `across`: the pooled mean of everybody, or the mean of the panels'
    means. `trim` highest and lowest values are left out of each mean.
    """

    of: Operand
    panel: str
    across: str
    trim: int
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Balance":
        panel = optional_name(reader, "panel")
        if panel is None:
            reader.refuse("panel", "missing", "缺少该参数", "this parameter is missing")
        return cls(
            operand(reader, "of").bound(nodes), panel or EVERYBODY,
            reader.choice("across", ("pooled", "mean_of_means"), "pooled"),
            optional_whole(reader, "trim") or 0, reader.decimals(),
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.of.inputs

    @property
    def figures(self) -> tuple[str, ...]:
        return self.of.figures

    def evaluate(self, view: View) -> Outcome:
        own, group = self.of.amount(view), view.group(self.panel)
        if isinstance(own, State):
            return without(own)
        if group is None:
            return without(State.NOT_APPLICABLE)
        once = view.board.once
        named = (self.of.words(), self.across, str(self.trim))
        mine = once(("panel", *named, *group), lambda: self._mean(group_values(view, self.of, group)))
        whole = once(("whole", *named, self.panel), lambda: self._whole(view))
        if mine == 0:
            return without(State.NOT_APPLICABLE)
        value = own * whole / mine

        def say() -> Sentence:
            text = f"{points_text(value)} = {plain(own)} × {plain(whole)} ÷ {plain(mine)}"
            return Sentence(text, text)

        return scored(value, say, self.decimals)

    def _whole(self, view: View) -> Fraction:
        panels = [group for group in view.board.by_group if group[0] == self.panel]
        values = [group_values(view, self.of, group) for group in panels]
        if self.across == "pooled":
            return self._mean([each for panel in values for each in panel])
        return self._mean([self._mean(panel) for panel in values if panel], trim=0)

    def _mean(self, values: list[Fraction], trim: int | None = None) -> Fraction:
        cut = self.trim if trim is None else trim
        kept = sorted(values)[cut : len(values) - cut] if len(values) > 2 * cut else values
        return sum(kept, Fraction(0)) / len(kept) if kept else Fraction(0)

    def touched(self, view: View) -> Iterable[View]:
        """Everybody in a panel: the mean of all is in everybody's."""
        if view.group(self.panel) is None:
            return (view,)
        return (peer for peer in view.board.views if peer.group(self.panel) is not None)

    def describe(self, language: str) -> str:
        if language == "zh":
            return f"{self.of.words()}按“{self.panel}”各组平均分平衡"
        return f"{self.of.words()} balanced between the groups of {self.panel}"


@dataclass(frozen=True, slots=True)
class TScore:
    """mean + spread × (own - mean of the group) ÷ standard deviation (of the whole group). Everybody equal: the mean.

    A root is not exact: the node must say how many decimals it keeps.
    """

    of: Operand
    scope: str
    mean: Fraction
    spread: Fraction
    decimals: int

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "TScore":
        decimals = reader.decimals()
        if decimals is None:
            zh, en = "应写明保留几位小数", "the decimals kept are needed"
            reader.refuse("decimals", "missing", zh, en)
        return cls(
            operand(reader, "of").bound(nodes), optional_name(reader, "scope") or EVERYBODY,
            Fraction(reader.number("mean", "50")), Fraction(reader.number("spread", "10")), decimals or 0,
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.of.inputs

    @property
    def figures(self) -> tuple[str, ...]:
        return self.of.figures

    def evaluate(self, view: View) -> Outcome:
        own, group = self.of.amount(view), view.group(self.scope)
        if isinstance(own, State):
            return without(own)
        if group is None:
            return without(State.NOT_APPLICABLE)
        key = ("deviation", self.of.words(), *group)
        centre, deviation = view.board.once(key, lambda: _spread(group_values(view, self.of, group)))
        value = self.mean + (self.spread * (own - centre) / deviation if deviation else Fraction(0))

        def say() -> Sentence:
            text = f"{points_text(value)} = {plain(self.mean)} + {plain(self.spread)} × ({plain(own)} - {plain(centre)}) ÷ {plain(deviation)}"
            return Sentence(text, text)

        return scored(value, say, self.decimals)

    def touched(self, view: View) -> Iterable[View]:
        return group_of(view, self.scope)

    def describe(self, language: str) -> str:
        return (
            f"{self.of.words()}在“{self.scope}”中的 T 分"
            if language == "zh"
            else f"the T-score of {self.of.words()} in {self.scope}"
        )


def _spread(values: list[Fraction]) -> tuple[Fraction, Fraction]:
    """Mean and standard deviation of the whole group."""
    centre = sum(values, Fraction(0)) / len(values)
    variance = sum(((each - centre) ** 2 for each in values), Fraction(0)) / len(values)
    return centre, square_root(variance)


def square_root(value: Fraction) -> Fraction:
    """To thirty decimals, downwards."""
    scale = 10**ROOT_DIGITS
    return Fraction(isqrt(value.numerator * scale * scale // value.denominator), scale)
