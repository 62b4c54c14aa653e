"""Nodes that take a figure as it is, or put two numbers together: what other nodes start from."""

from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import optional_name
from rules.nodes.node import clamp
from rules.plan.operands import Operand, operand, optional_operand
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence

SIGNS = {"add": "+", "subtract": "-", "multiply": "×", "divide": "÷"}


@dataclass(frozen=True, slots=True)
class Take(Own):
    """A figure or a number as points. `missing` says what stands for a figure that was not given: only a plan may do so."""

    of: Operand
    missing: Fraction | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Take":
        missing = reader.optional_number("missing")
        return cls(
            operand(reader, "of").bound(nodes),
            None if missing is None else Fraction(missing),
            reader.decimals(),
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.of.inputs

    @property
    def figures(self) -> tuple[str, ...]:
        return self.of.figures

    def evaluate(self, view: View) -> Outcome:
        found = self.of.amount(view)
        if isinstance(found, State):
            if found is not State.NOT_SUBMITTED or self.missing is None:
                return without(found)
            given = self.missing
            return scored(
                given,
                lambda: Sentence(
                    f"{points_text(given)}:未提交,按规定计", f"{points_text(given)}: not submitted, as set"
                ),
                self.decimals,
            )
        return scored(
            found,
            lambda: self._as_it_is(found),
            self.decimals,
        )

    def _as_it_is(self, value: Fraction) -> Sentence:
        shown, what = points_text(value), self.of.words()
        if self.of.number is not None:
            return Sentence(f"{shown}:固定分值", f"{shown}: a fixed number")
        return Sentence(f"{shown}:取{what}的数", f"{shown}: the figure of {what}")

    def describe(self, language: str) -> str:
        return f"取{self.of.words()}" if language == "zh" else f"{self.of.words()} as it is"


@dataclass(frozen=True, slots=True)
class Arithmetic(Own):
    """left op right; division by zero is what `by_zero` says, and otherwise not applicable."""

    op: str
    left: Operand
    right: Operand
    by_zero: Operand | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Arithmetic":
        by_zero = optional_operand(reader, "by_zero")
        return cls(
            reader.choice("op", tuple(SIGNS)),
            operand(reader, "left").bound(nodes),
            operand(reader, "right").bound(nodes),
            by_zero.bound(nodes) if by_zero else None,
            reader.decimals(),
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.left, self.right, self.by_zero)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.left, self.right, self.by_zero)

    def evaluate(self, view: View) -> Outcome:
        left, right = self.left.amount(view), self.right.amount(view)
        if isinstance(left, State):
            return without(left)
        if isinstance(right, State):
            return without(right)
        if self.op == "divide" and right == 0:
            instead = self.by_zero.amount(view) if self.by_zero else State.NOT_APPLICABLE
            if isinstance(instead, State):
                return without(instead)
            given = instead
            return scored(
                given,
                lambda: Sentence(
                    f"{points_text(given)}:除数为零,按规定计",
                    f"{points_text(given)}: divided by zero, as set",
                ),
                self.decimals,
            )
        match self.op:
            case "add":
                value = left + right
            case "subtract":
                value = left - right
            case "multiply":
                value = left * right
            case _:
                value = left / right

        def say() -> Sentence:
            text = f"{points_text(value)} = {plain(left)} {SIGNS[self.op]} {plain(right)}"
            return Sentence(text, text)

        return scored(value, say, self.decimals)

    def describe(self, language: str) -> str:
        del language
        return f"{self.left.words()} {SIGNS[self.op]} {self.right.words()}"


@dataclass(frozen=True, slots=True)
class Limit(Own):
    """What is within `floor` and `cap` (both may be computed, such as from target and baseline), or what is beyond them.

    `beyond` gives the rest that a cap cut off, so that a plan can carry it over (B5: counts next year).
    """

    of: Operand
    floor: Operand | None
    cap: Operand | None
    beyond: bool
    note: str

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Limit":
        floor, cap = optional_operand(reader, "floor"), optional_operand(reader, "cap")
        if floor is None and cap is None:
            zh, en = "没有写明上限或下限", "neither a cap nor a floor is given"
            reader.refuse("cap", "no-limit", zh, en)
        return cls(
            operand(reader, "of").bound(nodes),
            floor.bound(nodes) if floor else None,
            cap.bound(nodes) if cap else None,
            reader.choice("take", ("within", "beyond"), "within") == "beyond",
            optional_name(reader, "note") or "",
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.of, self.floor, self.cap)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.of, self.floor, self.cap)

    def evaluate(self, view: View) -> Outcome:
        found = self.of.amount(view)
        if isinstance(found, State):
            return without(found)
        low = self.floor.amount(view) if self.floor else None
        high = self.cap.amount(view) if self.cap else None
        for limit in (low, high):
            if isinstance(limit, State):
                return without(limit)
        kept = clamp(
            found, low if isinstance(low, Fraction) else None, high if isinstance(high, Fraction) else None
        )
        value = found - kept if self.beyond else kept

        def say() -> Sentence:
            if kept == found:
                same = Sentence("未超出限额", "within the limits")
                return Sentence(f"{points_text(value)}:{same.zh}", f"{points_text(value)}: {same.en}")
            if self.beyond:
                return Sentence(
                    f"{points_text(value)} = {plain(found)} - {plain(kept)},限额以外",
                    f"{points_text(value)} = {plain(found)} - {plain(kept)}, beyond the limit",
                )
            return Sentence(
                f"{points_text(value)}:{plain(found)} 超出限额,按 {plain(kept)} 计",
                f"{points_text(value)}: {plain(found)} is beyond the limit, counted as {plain(kept)}",
            )

        return scored(value, say)

    def describe(self, language: str) -> str:
        zh = language == "zh"
        parts = [f"{'上限' if zh else 'at most '}{self.cap.words()}"] if self.cap else []
        parts += [f"{'下限' if zh else 'not below '}{self.floor.words()}"] if self.floor else []
        inside = (",".join if zh else ", ".join)(parts)
        if self.beyond:
            return (
                f"{self.of.words()}超出{inside}的部分"
                if zh
                else f"what {self.of.words()} has beyond: {inside}"
            )
        return f"{self.of.words()},{inside}" if zh else f"{self.of.words()}, {inside}"
