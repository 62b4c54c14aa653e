"""R6 rank points and R7 relative to the group: what one gets depends on what the others have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import optional_name
from rules.plan.operands import Operand, operand, optional_operand
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import EVERYBODY, View, group_of
from rules.reading import Reader, as_decimal
from rules.rounding import plain, points_text
from rules.sentences import Sentence

HIGHER, LOWER = "higher_is_better", "lower_is_better"


def group_values(view: View, of: Operand, group: tuple[str, str]) -> list[Fraction]:
    """The numbers of those in the group that have one."""

    def collect() -> list[Fraction]:
        amounts = (of.amount(peer) for peer in view.board.by_group[group])
        return [amount for amount in amounts if isinstance(amount, Fraction)]

    return view.board.once(("values", of.words(), *group), collect)


@dataclass(frozen=True, slots=True)
class RankPoints:
    """Points by place in the group: `first` less `step` a place (A4: 50, -2 a place), or a `list` (B3, B12).

    Equal values share the better place (1-2-2-4), or with `tie: mean` the mean of the places' points.
    """

    of: Operand
    scope: str
    direction: str
    first: Fraction
    step: Fraction
    places: tuple[Fraction, ...]
    otherwise: Fraction | None
    tie: str
    floor: Fraction | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "RankPoints":
        places = _numbers(reader, "places")
        first = Fraction(reader.number("first", None if reader.raw("places") is None else "0"))
        otherwise, floor = reader.optional_number("otherwise"), reader.optional_number("floor")
        return cls(
            operand(reader, "of").bound(nodes),
            optional_name(reader, "scope") or EVERYBODY,
            reader.choice("direction", (HIGHER, LOWER), HIGHER),
            first,
            Fraction(reader.number("step", "0")),
            places,
            None if otherwise is None else Fraction(otherwise),
            reader.choice("tie", ("better", "mean"), "better"),
            None if floor is None else Fraction(floor),
            reader.decimals(),
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.of.inputs

    @property
    def figures(self) -> tuple[str, ...]:
        return self.of.figures

    def evaluate(self, view: View) -> Outcome:
        own = self.of.amount(view)
        if isinstance(own, State):
            return without(own)
        group = view.group(self.scope)
        if group is None:
            return without(State.NOT_APPLICABLE)
        values = group_values(view, self.of, group)
        better, equal = self._standing(view, group, own)
        taken = [
            self._points(place)
            for place in range(better + 1, better + (equal if self.tie == "mean" else 1) + 1)
        ]
        value = sum(taken, Fraction(0)) / len(taken)
        if self.floor is not None and value < self.floor:
            value = self.floor

        def say() -> Sentence:
            zh = f"{points_text(value)}:{plain(own)} 在 {len(values)} 个中列第 {better + 1}"
            en = f"{points_text(value)}: {plain(own)} is number {better + 1} of {len(values)}"
            return Sentence(zh, en)

        return scored(value, say, self.decimals)

    def _standing(self, view: View, group: tuple[str, str], own: Fraction) -> tuple[int, int]:
        """How many are better, and how many are equal, this one included. A group is sorted once."""

        def places() -> dict[Fraction, tuple[int, int]]:
            ordered = sorted(group_values(view, self.of, group), reverse=self.direction == HIGHER)
            found: dict[Fraction, tuple[int, int]] = {}
            for ahead, each in enumerate(ordered):
                first, equal = found.get(each, (ahead, 0))
                found[each] = first, equal + 1
            return found

        return view.board.once(("places", self.of.words(), self.direction, *group), places)[own]

    def _points(self, place: int) -> Fraction:
        if self.places:
            if place <= len(self.places):
                return self.places[place - 1]
            return self.otherwise if self.otherwise is not None else self.places[-1]
        return self.first + self.step * (place - 1)

    def touched(self, view: View) -> Iterable[View]:
        return group_of(view, self.scope)

    def describe(self, language: str) -> str:
        zh = language == "zh"
        how = (
            "、".join(plain(p) for p in self.places)
            if self.places
            else f"{plain(self.first)}, {plain(self.step)}"
        )
        return (
            f"按{self.of.words()}在“{self.scope}”中的名次得分:{how}"
            if zh
            else f"points by the place of {self.of.words()} in {self.scope}: {how}"
        )


@dataclass(frozen=True, slots=True)
class Relative:
    """full × own ÷ (best | mean of the group), or ÷ an operand such as the own figure of last year (growth).

    Division by zero is what `by_zero` says, otherwise not applicable.
    """

    of: Operand
    to: str
    other: Operand | None
    scope: str
    direction: str
    full: Fraction
    cap: Fraction | None
    floor: Fraction
    by_zero: Fraction | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Relative":
        other = optional_operand(reader, "other")
        to = reader.choice("to", ("best", "mean", "other"))
        if (to == "other") != (other is not None):
            reader.refuse(
                "other", "other-unclear", "to 为 other 时应写明 other", "`other` goes with to: other"
            )
        cap, by_zero = reader.optional_number("cap"), reader.optional_number("by_zero")
        return cls(
            operand(reader, "of").bound(nodes), to, other.bound(nodes) if other else None,
            optional_name(reader, "scope") or EVERYBODY, reader.choice("direction", (HIGHER, LOWER), HIGHER),
            Fraction(reader.number("full", "1")), None if cap is None else Fraction(cap),
            Fraction(reader.number("floor", "0")), None if by_zero is None else Fraction(by_zero), reader.decimals(),
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.of, self.other)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.of, self.other)

    def evaluate(self, view: View) -> Outcome:
        own, against = self.of.amount(view), self._against(view)
        if isinstance(own, State):
            return without(own)
        if isinstance(against, State):
            return without(against)
        above, below = (own, against) if self.direction == HIGHER else (against, own)
        if below == 0:
            if self.by_zero is None:
                return without(State.NOT_APPLICABLE)
            rate = self.by_zero
        else:
            rate = above / below
        share = max(rate, self.floor) if self.cap is None else min(max(rate, self.floor), self.cap)
        value = self.full * share

        def say() -> Sentence:
            text = f"{points_text(value)} = {plain(self.full)} × {plain(above)}/{plain(below)}"
            if share == rate:
                return Sentence(text, text)
            return Sentence(f"{text},按 {plain(share)} 计", f"{text}, counted as {plain(share)}")

        return scored(value, say, self.decimals)

    def _against(self, view: View) -> Fraction | State:
        if self.other is not None:
            return self.other.amount(view)
        group = view.group(self.scope)
        if group is None:
            return State.NOT_APPLICABLE
        if not group_values(view, self.of, group):
            return State.NOT_APPLICABLE
        key = ("relative", self.to, self.direction, self.of.words(), *group)
        return view.board.once(key, lambda: self._of_group(group_values(view, self.of, group)))

    def _of_group(self, values: list[Fraction]) -> Fraction:
        if self.to == "mean":
            return sum(values, Fraction(0)) / len(values)
        return max(values) if self.direction == HIGHER else min(values)

    def touched(self, view: View) -> Iterable[View]:
        return group_of(view, self.scope) if self.other is None else (view,)

    def describe(self, language: str) -> str:
        words = {"best": ("最好值", "the best"), "mean": ("平均值", "the mean")}
        other = words.get(self.to, (self.other.words() if self.other else "",) * 2)
        if language == "zh":
            return f"{plain(self.full)} × {self.of.words()} 与{other[0]}之比"
        return f"{plain(self.full)} × {self.of.words()} against {other[1]}"


def _numbers(reader: Reader, key: str) -> tuple[Fraction, ...]:
    value = reader.raw(key)
    if value is None:
        return ()
    numbers: Sequence[object] = value if isinstance(value, list) else ()
    found = [as_decimal(each) for each in numbers]
    if not found or any(each is None for each in found):
        reader.refuse(key, "not-numbers", "应为数字列表", "must be a list of numbers")
        return ()
    return tuple(Fraction(each) for each in found if each is not None)
