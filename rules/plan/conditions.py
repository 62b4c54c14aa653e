"""When a gate closes, a mark holds or a special rate applies: comparisons, facts, states, and what is made of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import name, some
from rules.nodes.band import OPERATORS, compared
from rules.plan.naming import named
from rules.plan.operands import Operand, operand
from rules.plan.outcomes import STATE_WORDS
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import View
from rules.reading import Reader
from rules.sentences import Sentence

COMPARE = OPERATORS | {"==": lambda value, bound: value == bound, "!=": lambda value, bound: value != bound}


@dataclass(frozen=True, slots=True)
class Condition:
    """One of: `left op right`; the fact `mark` is recorded as true; `left` is in `state`; all, any or none of `parts`.

    What is not known does not hold: a gate closes on what is recorded, not on what is missing; a plan that wants it the
    other way asks for the state.
    """

    kind: str
    left: Operand | None = None
    op: str = ">="
    right: Operand | None = None
    label: str = ""
    state: State | None = None
    parts: tuple["Condition", ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.left, self.right, *self.parts)

    @property
    def figures(self) -> tuple[str, ...]:
        return figures_of(self.left, self.right, *self.parts)

    def bound(self, nodes: frozenset[str]) -> "Condition":
        return Condition(
            self.kind,
            self.left.bound(nodes) if self.left else None,
            self.op,
            self.right.bound(nodes) if self.right else None,
            self.label,
            self.state,
            tuple(part.bound(nodes) for part in self.parts),
        )

    def holds(self, view: View) -> bool:
        if self.kind in _TOGETHER:
            return _TOGETHER[self.kind](part.holds(view) for part in self.parts)
        if self.kind == "mark":
            return view.subject.about.marks.get(self.label) is True
        if self.kind == "has":
            figure = view.figure(self.left.name) if self.left else None
            return self.label in figure if isinstance(figure, frozenset) else figure == self.label
        left = self.left.amount(view) if self.left else State.NOT_SUBMITTED
        if self.kind == "state":
            return (left if isinstance(left, State) else State.SCORED) == self.state
        right = self.right.amount(view) if self.right else State.NOT_SUBMITTED
        if not isinstance(left, Fraction) or not isinstance(right, Fraction):
            return False
        return bool(COMPARE[self.op](left, right))

    def words(self) -> Sentence:
        if self.kind in _TOGETHER:
            zh = {"all": "且", "any": "或", "none": "均非"}[self.kind]
            en = {"all": " and ", "any": " or ", "none": " nor "}[self.kind]
            said = [part.words() for part in self.parts]
            return Sentence(
                f"({zh.join(each.zh for each in said)})", f"({en.join(each.en for each in said)})"
            )
        left, right = (each.words() if each else "" for each in (self.left, self.right))
        if self.kind == "mark":
            return Sentence(f"“{named(self.label)}”", f"“{named(self.label)}”")
        if self.kind == "has":
            return Sentence(f"{left}含“{named(self.label)}”", f"{left} has “{named(self.label)}”")
        if self.kind == "state":
            state = STATE_WORDS[self.state or State.SCORED]
            return Sentence(f"{left}{state.zh}", f"{left} is {state.en}")
        than = compared(self.op, right)
        return Sentence(f"{left} {than.zh}", f"{left} is {than.en}")


def _none(holding: Iterable[bool]) -> bool:
    return not any(holding)


_TOGETHER: dict[str, Callable[[Iterable[bool]], bool]] = {"all": all, "any": any, "none": _none}


def read_condition(reader: Reader) -> Condition:
    """From an object with `all`, `any` or `none`, `mark`, `has`, `is`, or `of`, `op` and `than`."""
    found: Condition
    groups = [key for key in ("all", "any", "none") if key in reader.data]
    if groups:
        found = Condition(groups[0], parts=tuple(read_condition(item) for item in reader.objects(groups[0])))
    elif "mark" in reader.data:
        found = Condition("mark", label=name(reader, "mark"))
    elif "has" in reader.data:
        found = Condition("has", left=operand(reader, "of"), label=name(reader, "has"))
    elif "is" in reader.data:
        found = Condition("state", left=operand(reader, "of"), state=State(reader.choice("is", tuple(State))))
    else:
        found = Condition(
            "compare", operand(reader, "of"), reader.choice("op", tuple(COMPARE)), operand(reader, "than")
        )
    reader.close()
    return found


def conditions(reader: Reader, key: str) -> tuple[Condition, ...]:
    return tuple(read_condition(item) for item in some(reader, key))


def condition(reader: Reader, key: str) -> Condition:
    """The condition under that key; needed."""
    value = reader.raw(key)
    if isinstance(value, dict):
        return read_condition(Reader(value, reader.at(key), reader.findings, reader.depth + 1))
    reader.refuse(key, "missing", "缺少该条件", "the condition is missing")
    return Condition("none")
