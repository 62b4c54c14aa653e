"""Where a node takes a number from: a constant, a figure of the subject, or another node."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rules.facts import State
from rules.fields import is_name
from rules.plan.naming import named
from rules.plan.view import View
from rules.reading import Reader, as_decimal
from rules.rounding import plain


@dataclass(frozen=True, slots=True)
class Operand:
    """`node` is decided once the whole plan is read: a name that is a node's id is that node, any other a figure."""

    name: str = ""
    number: Fraction | None = None
    node: bool = False

    def bound(self, nodes: frozenset[str]) -> "Operand":
        return Operand(self.name, self.number, self.name in nodes)

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.name,) if self.node else ()

    @property
    def figures(self) -> tuple[str, ...]:
        return (self.name,) if self.name and not self.node else ()

    def amount(self, view: View) -> Fraction | State:
        """The number, or the state that stands in its place."""
        if self.number is not None:
            return self.number
        if self.node:
            return view.board.columns[self.name][view.index]
        figure = view.figures.get(self.name)
        if isinstance(figure, Fraction):
            return figure
        if isinstance(figure, bool):
            return Fraction(int(figure))
        return figure if isinstance(figure, State) else State.NOT_SUBMITTED

    def words(self) -> str:
        return f"“{named(self.name)}”" if self.number is None else plain(self.number)


def operand(reader: Reader, key: str, default: str | None = None) -> Operand:
    """A number, or the name of a figure or a node; raises nothing, remembers what is wrong."""
    found = optional_operand(reader, key)
    if found is not None:
        return found
    if default is not None:
        return read_operand(default) or Operand()
    if reader.data.get(key) is None:
        reader.refuse(key, "missing", "缺少该参数", "this parameter is missing")
    return Operand()


def optional_operand(reader: Reader, key: str) -> Operand | None:
    value = reader.raw(key)
    if value is None:
        return None
    found = read_operand(value)
    if found is None:
        zh, en = "应为数字、数据项或节点的名称", "must be a number, or the name of a figure or a node"
        reader.refuse(key, "not-an-operand", zh, en)
    return found


def operands(reader: Reader, key: str) -> tuple[Operand, ...]:
    value = reader.raw(key)
    if not isinstance(value, list) or not value:
        reader.refuse(key, "not-a-list", "应为非空列表", "must be a list that is not empty")
        return ()
    found = []
    for index, entry in enumerate(value):
        each = read_operand(entry)
        if each is None:
            zh, en = "应为数字、数据项或节点的名称", "must be a number, or the name of a figure or a node"
            reader.refuse(f"{key}.{index}", "not-an-operand", zh, en)
        else:
            found.append(each)
    return tuple(found)


def read_operand(value: Any) -> Operand | None:
    number = as_decimal(value)
    if number is not None:
        return Operand(number=Fraction(number))
    return Operand(value) if is_name(value) else None
