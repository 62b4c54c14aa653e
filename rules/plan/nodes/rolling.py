"""R14 time roll-up and R15 organisation roll-up: over periods, over members, from the unit to its head."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import name, optional_name, optional_whole
from rules.nodes.band import OPERATORS
from rules.plan.naming import named
from rules.plan.operands import Operand, operand, optional_operand
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Periods(Own):
    """Over a table of periods (A9: the mean of four quarters; C7: 95 % + 5; A8: how many months failed).

    `weights` by period's key; a period without a weight is an error of the facts, so it is not assessed. Fewer than
    `least` periods: not assessed.
    """

    of: str
    method: str
    weights: Mapping[str, Fraction]
    least: int
    op: str
    bound: Fraction
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Periods":
        del nodes
        method = reader.choice("method", ("mean", "sum", "last", "weighted", "count"))
        weights = {key: Fraction(value) for key, value in reader.table("weights").items()}
        if (method == "weighted") != bool(weights) or (weights and sum(weights.values(), Fraction(0)) != 1):
            zh, en = "加权时各期权重之和应为 1", "the weights of a weighted roll-up add up to 1"
            reader.refuse("weights", "weights-not-one", zh, en)
        counting = method == "count"
        return cls(
            name(reader, "of"), method, weights, optional_whole(reader, "least") or 1,
            reader.choice("op", tuple(OPERATORS), "<") if counting else "<",
            Fraction(reader.number("bound")) if counting else Fraction(0), reader.decimals(),
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return ()

    @property
    def figures(self) -> tuple[str, ...]:
        return (self.of,)

    def evaluate(self, view: View) -> Outcome:
        table = view.figure(self.of)
        if isinstance(table, State):
            return without(table)
        if not isinstance(table, Mapping):
            return without(State.NOT_SUBMITTED)
        if len(table) < self.least or (self.weights and table.keys() != self.weights.keys()):
            return without(State.NOT_ASSESSED)
        value = self._rolled(dict(sorted(table.items())))

        def say() -> Sentence:
            shown = [f"{named(key)} {plain(each)}" for key, each in sorted(table.items())]
            return Sentence(
                f"{points_text(value)}:{'、'.join(shown)}", f"{points_text(value)}: {', '.join(shown)}"
            )

        return scored(value, say, self.decimals)

    def _rolled(self, table: Mapping[str, Fraction]) -> Fraction:
        values = list(table.values())
        match self.method:
            case "mean":
                return sum(values, Fraction(0)) / len(values)
            case "sum":
                return sum(values, Fraction(0))
            case "last":
                return values[-1]
            case "weighted":
                return sum((self.weights[key] * each for key, each in table.items()), Fraction(0))
            case _:
                return Fraction(sum(bool(OPERATORS[self.op](each, self.bound)) for each in values))

    def describe(self, language: str) -> str:
        words = {
            "mean": ("平均", "mean"),
            "sum": ("合计", "sum"),
            "last": ("末期", "last"),
            "weighted": ("加权", "weighted sum"),
            "count": (
                f"{self.op}{plain(self.bound)} 的期数",
                f"number of those {self.op} {plain(self.bound)}",
            ),
        }[self.method]
        return (
            f"“{self.of}”各期{words[0]}"
            if language == "zh"
            else f"the {words[1]} of the periods in {self.of}"
        )


@dataclass(frozen=True, slots=True)
class Members:
    """Over those that belong to the unit (D1, B9); members without a value are left out: missing is not zero. Who belongs to
    several units counts in each by his share (days of a loan, months before a merger): in means as weight, in sums and numbers
    as that part of him.

    Fewer than `least` members with a value: not applicable.
    """

    of: Operand
    method: str
    kind: str | None
    weight: Operand | None
    least: int
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Members":
        method = reader.choice("method", ("mean", "weighted", "sum", "min", "max", "count"), "mean")
        weight, of = optional_operand(reader, "weight"), operand(reader, "of").bound(nodes)
        if (method == "weighted") != (weight is not None):
            reader.refuse(
                "weight", "weight-unclear", "weighted 应写明 weight", "`weight` goes with method: weighted"
            )
        if not of.node:
            reader.refuse("of", "not-a-node", "应为节点", "must be a node")
        return cls(
            of, method, optional_name(reader, "kind"), weight.bound(nodes) if weight else None,
            optional_whole(reader, "least") or 1, reader.decimals(),
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.of, self.weight)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.weight)

    def evaluate(self, view: View) -> Outcome:
        counted: list[tuple[Fraction, Fraction]] = []
        parts: list[Fraction] = []
        for member in view.members():
            if self.kind is not None and member.subject.kind != self.kind:
                continue
            found, weight = self.of.amount(member), self.weight.amount(member) if self.weight else Fraction(1)
            if isinstance(found, Fraction) and isinstance(weight, Fraction):
                parts.append(view.share_of(member))
                counted.append((weight * parts[-1], found))
        whole = sum((weight for weight, _ in counted), Fraction(0))
        if len(counted) < self.least or whole == 0:
            return without(State.NOT_APPLICABLE)
        values = [value for _, value in counted]
        match self.method:
            case "mean" | "weighted":
                value = sum((weight * each for weight, each in counted), Fraction(0)) / whole
            case "sum":
                value = sum((part * each for part, each in zip(parts, values, strict=True)), Fraction(0))
            case "count":
                value = sum(parts, Fraction(0))
            case _:
                value = min(values) if self.method == "min" else max(values)

        def say() -> Sentence:
            return Sentence(
                f"{points_text(value)}:{len(counted)} 名成员的{_MEMBERS[self.method][0]}",
                f"{points_text(value)}: the {_MEMBERS[self.method][1]} of {len(counted)} members",
            )

        return scored(value, say, self.decimals)

    def touched(self, view: View) -> Iterable[View]:
        return view.units()

    def describe(self, language: str) -> str:
        words = _MEMBERS[self.method]
        return (
            f"成员{self.of.words()}的{words[0]}"
            if language == "zh"
            else f"the {words[1]} of the members' {self.of.words()}"
        )


_MEMBERS = {
    "mean": ("平均", "mean"),
    "weighted": ("加权平均", "weighted mean"),
    "sum": ("合计", "sum"),
    "min": ("最低", "lowest"),
    "max": ("最高", "highest"),
    "count": ("人数", "number"),
}


@dataclass(frozen=True, slots=True)
class Inherit:
    """What the unit above got, times a factor: the head's score from the unit's (B3, B8)."""

    of: Operand
    factor: Operand
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Inherit":
        of = operand(reader, "of").bound(nodes)
        if not of.node:
            reader.refuse("of", "not-a-node", "应为节点", "must be a node")
        return cls(of, operand(reader, "factor", "1").bound(nodes), reader.decimals())

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.of, self.factor)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.factor)

    def evaluate(self, view: View) -> Outcome:
        unit, factor = view.above(), self.factor.amount(view)
        above = State.NOT_APPLICABLE if unit is None else self.of.amount(unit)
        if isinstance(above, State):
            return without(above)
        if isinstance(factor, State):
            return without(factor)
        own, value = above, above * factor

        def say() -> Sentence:
            text = f"{points_text(value)} = {plain(own)} × {plain(factor)}"
            return Sentence(f"{text}(单位)", f"{text} (of the unit)")

        return scored(value, say, self.decimals)

    def touched(self, view: View) -> Iterable[View]:
        return (view, *view.members())

    def describe(self, language: str) -> str:
        return (
            f"所在单位的{self.of.words()} × {self.factor.words()}"
            if language == "zh"
            else f"the unit's {self.of.words()} × {self.factor.words()}"
        )
