"""R11 coefficient: difficulty or role, the highest of several, with exemptions (A2, B8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import inner, name, names, optional_name
from rules.plan.naming import named
from rules.plan.operands import Operand, optional_operand
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Coefficient(Own):
    """`of` times the coefficient of the names that the subject has; without `of`, the coefficient itself.

    `exempt` lists, for a name, the tags with which it does not apply. Without any name that applies: `standard`.
    """

    of: Operand | None
    held: str
    table: Mapping[str, Fraction]
    tags: str | None
    exempt: Mapping[str, tuple[str, ...]]
    pick: str
    standard: Fraction
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Coefficient":
        of, exempt = optional_operand(reader, "of"), inner(reader, "exempt")
        table = {label: Fraction(value) for label, value in reader.table("table").items()}
        if not table:
            reader.refuse("table", "missing", "应写明系数表", "the table of coefficients is needed")
        return cls(
            of.bound(nodes) if of else None,
            name(reader, "held"),
            table,
            optional_name(reader, "tags"),
            {} if exempt is None else {str(key): names(exempt, str(key)) for key in exempt.data},
            reader.choice("pick", ("highest", "lowest", "product"), "highest"),
            Fraction(reader.number("standard", "1")),
            reader.decimals(),
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.of)

    @property
    def figures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*figures_of(self.of), self.held, *((self.tags,) if self.tags else ()))))

    def evaluate(self, view: View) -> Outcome:
        applied = self._applied(view)
        coefficient = self._picked([self.table[label] for label in applied])
        zh = "、".join(named(each) for each in applied) or "没有另定系数的"
        en = ", ".join(named(each) for each in applied) or "nothing with a coefficient of its own"
        if self.of is None:
            return scored(
                coefficient,
                lambda: Sentence(
                    f"系数 {plain(coefficient)}({zh})", f"coefficient {plain(coefficient)} ({en})"
                ),
                self.decimals,
            )
        own = self.of.amount(view)
        if isinstance(own, State):
            return without(own)
        value = own * coefficient
        text = f"{points_text(value)} = {plain(own)} × {plain(coefficient)}"
        return scored(value, lambda: Sentence(f"{text}({zh})", f"{text} ({en})"), self.decimals)

    def _applied(self, view: View) -> list[str]:
        held = _labels(view, self.held)
        tags = _labels(view, self.tags) if self.tags else frozenset()
        return [
            label
            for label in self.table
            if label in held and not tags.intersection(self.exempt.get(label, ()))
        ]

    def _picked(self, found: list[Fraction]) -> Fraction:
        if not found:
            return self.standard
        if self.pick == "product":
            product = Fraction(1)
            for each in found:
                product *= each
            return product
        return max(found) if self.pick == "highest" else min(found)

    def describe(self, language: str) -> str:
        shown = "、".join(f"{label}{plain(value)}" for label, value in self.table.items())
        pick = {
            "highest": ("就高", "the highest"),
            "lowest": ("就低", "the lowest"),
            "product": ("连乘", "their product"),
        }[self.pick]
        if language == "zh":
            return f"系数:{shown},其余{plain(self.standard)},{pick[0]}"
        return f"coefficients: {shown}, else {plain(self.standard)}; {pick[1]}"


def _labels(view: View, figure: str) -> frozenset[str]:
    found = view.figure(figure)
    if isinstance(found, frozenset):
        return found
    return frozenset({found}) if isinstance(found, str) and not isinstance(found, State) else frozenset()
