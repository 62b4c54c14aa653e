"""R9 combine: several nodes become one figure, with a stated way for those that have none."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import optional_name
from rules.plan.operands import Operand, operand, operands
from rules.plan.outcomes import STATE_WORDS, Outcome, scored, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import EVERYBODY, View, group_of
from rules.reading import Reader
from rules.rounding import plain, points_text, total
from rules.sentences import Sentence

METHODS = ("sum", "weighted_sum", "weighted_mean", "mean", "min", "max")
#: What stands for a part that is not applicable: nothing, its full marks (A13, D3), the group's mean (B12), zero.
DROP, FULL, GROUP_MEAN, ZERO, REFUSE = POLICIES = (
    "drop_rescale",
    "full_marks",
    "group_mean",
    "zero",
    "refuse",
)
_METHOD = {
    "zh": {
        "sum": "之和",
        "weighted_sum": "加权之和",
        "weighted_mean": "加权平均",
        "mean": "平均",
        "min": "最低",
        "max": "最高",
    },
    "en": {
        "sum": "sum",
        "weighted_sum": "weighted sum",
        "weighted_mean": "weighted mean",
        "mean": "mean",
        "min": "lowest",
        "max": "highest",
    },
}


@dataclass(frozen=True, slots=True)
class Part:
    """`full`: the marks that stand for the part under the policy of full marks."""

    of: Operand
    weight: Fraction
    full: Operand | None


@dataclass(frozen=True, slots=True)
class Combining:
    """Weights of a weighted sum add up to exactly 1; those of a weighted mean are any shares (B1: 3:6:3:3). Missing (not submitted, not assessed) is not the same as not
    applicable: it is `missing` that says what stands for it, and without a word there is no sum at all.
    """

    method: str
    parts: tuple[Part, ...]
    not_applicable: str
    missing: str
    scope: str
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Combining":
        method = reader.choice("method", METHODS, "sum")
        policy = reader.choice("not_applicable", POLICIES, REFUSE)
        parts = _parts(reader, nodes, weighted=method.startswith("weighted"))
        if method == "weighted_sum" and sum((part.weight for part in parts), Fraction(0)) != 1:
            whole = plain(sum((part.weight for part in parts), Fraction(0)))
            reader.refuse(
                "parts",
                "weights-not-one",
                f"权重之和为 {whole},应为 1",
                f"the weights add up to {whole}, not 1",
            )
        if policy == FULL and any(part.full is None for part in parts):
            zh, en = "按满分计时每一部分应写明 full", "under full_marks every part needs its full marks"
            reader.refuse("parts", "full-missing", zh, en)
        return cls(
            method, parts, policy, reader.choice("missing", (REFUSE, ZERO), REFUSE),
            optional_name(reader, "scope") or EVERYBODY, reader.decimals(),
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(*(p.of for p in self.parts), *(p.full for p in self.parts))

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(*(p.of for p in self.parts), *(p.full for p in self.parts))

    def evaluate(self, view: View) -> Outcome:
        counted: list[tuple[Fraction, Fraction]] = []
        notes: list[Sentence] = []
        left_out: State | None = None
        for part in self.parts:
            found = part.of.amount(view)
            if isinstance(found, State):
                stands = self._instead(found, part, view)
                if isinstance(stands, State):
                    return without(stands)
                notes.append(_stands(part, found, stands))
                if stands is None:
                    left_out = found
                    continue
                found = stands
            counted.append((part.weight, found))
        if not counted:
            return without(left_out or State.NOT_APPLICABLE)
        value = self._combined(counted)

        def say() -> Sentence:
            zh, en = self._shown(counted)
            more_zh, more_en = "".join(f",{n.zh}" for n in notes), "".join(f"; {n.en}" for n in notes)
            return Sentence(f"{points_text(value)} = {zh}{more_zh}", f"{points_text(value)} = {en}{more_en}")

        return scored(value, say, self.decimals)

    def _shown(self, counted: list[tuple[Fraction, Fraction]]) -> tuple[str, str]:
        """The arithmetic with its numbers, in both languages."""
        if self.method == "sum":
            text = added([plain(value) for _, value in counted])
            return text, text
        if self.method.startswith("weighted"):
            whole = total(weight for weight, _ in counted)
            text = added([f"{plain(weight)} × {plain(value)}" for weight, value in counted])
            text = text if whole == 1 else f"({text}) ÷ {plain(whole)}"
            return text, text
        listed = [plain(value) for _, value in counted]
        zh, en = _METHOD["zh"][self.method], _METHOD["en"][self.method]
        return f"{'、'.join(listed)} {zh}", f"{en} of {', '.join(listed)}"

    def _instead(self, state: State, part: Part, view: View) -> Fraction | State | None:
        """What stands for a part without a value; None: it is left out; a state: there is no sum."""
        policy = self.not_applicable if state is State.NOT_APPLICABLE else self.missing
        match policy:
            case "zero":
                return Fraction(0)
            case "full_marks":
                return part.full.amount(view) if part.full else state
            case "drop_rescale":
                return None
            case "group_mean":
                return self._mean_of_group(part, view)
            case _:
                return state

    def _mean_of_group(self, part: Part, view: View) -> Fraction | State:
        if not part.of.node:
            return State.NOT_APPLICABLE
        amounts = (part.of.amount(peer) for peer in view.peers(self.scope))
        values = [amount for amount in amounts if isinstance(amount, Fraction)]
        return total(values) / len(values) if values else State.NOT_APPLICABLE

    def _combined(self, counted: list[tuple[Fraction, Fraction]]) -> Fraction:
        values = [value for _, value in counted]
        match self.method:
            case "sum":
                return total(values)
            case "weighted_sum" | "weighted_mean":
                whole = total(weight for weight, _ in counted)
                return total(weight * value for weight, value in counted) / whole
            case "mean":
                return total(values) / len(values)
            case "min":
                return min(values)
            case _:
                return max(values)

    def touched(self, view: View) -> Iterable[View]:
        return group_of(view, self.scope) if self.not_applicable == GROUP_MEAN else (view,)

    def _weight(self, part: Part) -> str:
        if self.method == "weighted_sum":
            return f"{plain(part.weight * 100)}% "
        return f"{plain(part.weight)} × " if self.method == "weighted_mean" else ""

    def describe(self, language: str) -> str:
        shown = [f"{self._weight(part)}{part.of.words()}" for part in self.parts]
        if language == "zh":
            return "、".join(shown) + _METHOD["zh"][self.method]
        return f"the {_METHOD['en'][self.method]} of {', '.join(shown)}"


def added(terms: list[str]) -> str:
    """A + b - c, for terms of which some begin with a minus."""
    first, *rest = terms
    return first + "".join(f" - {term[1:]}" if term.startswith("-") else f" + {term}" for term in rest)


def _stands(part: Part, state: State, stands: Fraction | None) -> Sentence:
    """What is counted in the place of a part that has no value, and why."""
    why, what = STATE_WORDS[state], part.of.words()
    if stands is None:
        return Sentence(f"{what}{why.zh},不计", f"{what} {why.en}, left out")
    return Sentence(f"{what}{why.zh},计 {plain(stands)}", f"{what} {why.en}, counted as {plain(stands)}")


def _parts(reader: Reader, nodes: frozenset[str], *, weighted: bool) -> tuple[Part, ...]:
    """A list of names, or of objects with `of`, `weight`, `full`."""
    value = reader.raw("parts")
    if isinstance(value, list) and value and not isinstance(value[0], dict):
        if weighted:
            zh, en = "加权之和的每一部分应写明 weight", "every part of a weighted sum needs its weight"
            reader.refuse("parts", "weight-missing", zh, en)
        return tuple(Part(each.bound(nodes), Fraction(1), None) for each in operands(reader, "parts"))
    found = []
    for item in reader.objects("parts"):
        weight = Fraction(item.number("weight")) if weighted else Fraction(1)
        full = item.raw("full")
        of = operand(item, "of").bound(nodes)
        found.append(Part(of, weight, operand(item, "full").bound(nodes) if full is not None else None))
        if weighted and weight <= 0:
            item.refuse("weight", "weight-not-positive", "权重应大于零", "a weight must be above zero")
        item.close()
    return tuple(found)
